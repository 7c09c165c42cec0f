"""A port: what a lower room lets upper rooms plug in, by key, at start-up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """Entries by key. Registering a key again with another value is an error; look-ups fail loudly."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._entries: dict[str, T] = {}

    def register(self, key: str, value: T) -> T:
        held = self._entries.get(key)
        if held is not None and held != value:
            raise ValueError(f"{self._what} {key!r} is registered twice")
        self._entries[key] = value
        return value

    def get(self, key: str) -> T:
        try:
            return self._entries[key]
        except KeyError:
            known = ", ".join(sorted(self._entries)) or "none"
            raise LookupError(f"no {self._what} {key!r} is registered; known: {known}") from None

    def find(self, key: str) -> T | None:
        return self._entries.get(key)

    def items(self) -> list[tuple[str, T]]:
        return list(self._entries.items())

    def all(self) -> list[T]:
        return list(self._entries.values())

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def __iter__(self) -> Iterator[T]:
        return iter(self._entries.values())
