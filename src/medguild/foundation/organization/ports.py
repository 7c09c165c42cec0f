"""Who wants to know at once that the tree has changed: what is computed from it and kept must be forgotten."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

_listeners: list[Callable[[], None]] = []


def when_tree_changes(forget: Callable[[], None]) -> Callable[[], None]:
    _listeners.append(forget)
    return forget


def tell_tree_changed() -> None:
    """Now, for the rest of this transaction, and again when others can see the change."""
    for forget in _listeners:
        forget()
        transaction.on_commit(forget)
