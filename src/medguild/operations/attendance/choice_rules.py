"""What staff did with the times that were proposed. Pure."""

from __future__ import annotations

import enum

MOST_PROPOSED = 10_000
LONGEST_REASON = 500
NOT_TOLD = "none"  # in addresses: whoever booked it had no role


class Choice(enum.StrEnum):
    """`FIRST` took the first proposal, `LATER` another of them, `OTHER` chose a time that was not proposed."""

    FIRST = "first"
    LATER = "later"
    OTHER = "other"


def choice_of(place: int | None) -> Choice:
    """From the place among the proposals, 1 the first; None is a time of one's own."""
    if place is None:
        return Choice.OTHER
    return Choice.FIRST if place == 1 else Choice.LATER
