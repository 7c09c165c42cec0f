"""How credentials are put before people."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from medguild.people.credentialing.models import Compact, Privilege
from medguild.people.credentialing.selectors import Expiring
from medguild.people.credentialing.words import CREDENTIALS, STANDING_TONES, STANDINGS

_SOON = 30


@dataclass(frozen=True, slots=True)
class Ending:
    """A row of the list of what runs out; `days` is negative when it has."""

    row: Expiring
    kind: Any
    days: int
    tone: str


def ending(row: Expiring, today: dt.date) -> Ending:
    days = (row.end - today).days
    tone = "bad" if days <= 0 else "warn" if days <= _SOON else "info"
    return Ending(row, CREDENTIALS[row.kind], days, tone)


def privilege(row: Privilege) -> dict[str, Any]:
    return {"row": row, "standing": dict(STANDINGS)[row.standing], "tone": STANDING_TONES[row.standing]}


def compact(row: Compact, on: dt.date) -> dict[str, Any]:
    """The compact with its members of a day; `loaded` says since when the newest of them counts."""
    here = [
        one
        for one in row.states.all()
        if one.period.lower <= on and (one.period.upper is None or on < one.period.upper)
    ]
    return {"row": row, "states": sorted(one.state for one in here)}
