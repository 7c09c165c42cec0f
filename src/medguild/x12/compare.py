"""What differs between two files, in plain words; wrapping, delimiters and control numbers count for nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import ndiff
from typing import BinaryIO

from medguild.x12.explain import pieces


@dataclass(frozen=True, slots=True)
class Difference:
    """One piece (a claim, or the header of a transaction). lines begin with ``- `` (first file) or ``+ `` (second)."""

    piece: str
    lines: tuple[str, ...]

    @property
    def only_in_first(self) -> bool:
        return all(line.startswith("- ") for line in self.lines)

    @property
    def only_in_second(self) -> bool:
        return all(line.startswith("+ ") for line in self.lines)


def compare(first: BinaryIO, second: BinaryIO) -> Iterator[Difference]:
    """Differences in the order of the first file, then what only the second has. Raises Unreadable."""
    left, right = _keyed(first), _keyed(second)
    for key, lines in left.items():
        other = right.pop(key, [])
        if lines != other:
            yield Difference(key, tuple(_changed(lines, other)))
    for key, lines in right.items():
        yield Difference(key, tuple(_changed([], lines)))


def _keyed(stream: BinaryIO) -> dict[str, list[str]]:
    """Pieces by name; a name that comes again is counted."""
    seen: Counter[str] = Counter()
    found: dict[str, list[str]] = {}
    for name, lines in pieces(stream):
        seen[name] += 1
        found[name if seen[name] == 1 else f"{name} ({seen[name]})"] = [line.strip() for line in lines]
    return found


def _changed(left: list[str], right: list[str]) -> Iterator[str]:
    return (line for line in ndiff(left, right) if line[0] in "-+")
