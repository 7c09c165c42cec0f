"""Places in a group. Pure."""

from __future__ import annotations


def starts_of(first: int, end: int, step: int, length: int) -> list[int]:
    """Wall-clock minutes at which a group of `length` minutes can begin in a session."""
    return list(range(first, end - length + 1, step))


def places_free(taken: int, capacity: int, room: int | None) -> int:
    """Places left: no more than the session takes, and no more than the room holds where one is set."""
    most = capacity if room is None else min(capacity, room)
    return max(0, most - taken)
