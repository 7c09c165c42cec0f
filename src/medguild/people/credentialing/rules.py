"""May this clinician treat here on that day, and what runs out when. Pure.

Care happens where the patient is. A clinician may practise in a state by a licence of the state; by a compact, when
the compact counts both the clinician's home state and that state among its members and the clinician's kind is one it
is for; or, for a remote visit only, by a registration for telehealth in the state.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Collection, Sequence
from dataclasses import dataclass

# People are warned so many days before something runs out, and on the day.
WARNINGS = (120, 90, 60, 30, 14, 7, 0)


class CredentialKind(enum.StrEnum):
    LICENCE = "licence"
    COMPACT = "compact"
    TELEHEALTH = "telehealth"
    PRIVILEGE = "privilege"


class PrivilegeStanding(enum.StrEnum):
    """Provisional privileges count while they last; suspended ones do not."""

    FULL = "full"
    PROVISIONAL = "provisional"
    SUSPENDED = "suspended"


class Basis(enum.StrEnum):
    """By what a clinician may practise in a state."""

    LICENCE = "licence"
    COMPACT = "compact"
    TELEHEALTH = "telehealth"


class Lack(enum.StrEnum):
    """Why not."""

    EXPIRED = "licence_expired"
    NOT_YET = "licence_not_yet"
    NONE = "no_licence"
    REMOTE_ONLY = "telehealth_only"


@dataclass(frozen=True, slots=True)
class Held:
    """A credential of a clinician: its kind, the state it speaks of (a compact: the home state), a half-open period."""

    kind: CredentialKind
    state: str
    start: dt.date
    end: dt.date | None = None
    reaches: frozenset[str] = frozenset()

    def holds(self, on: dt.date) -> bool:
        return self.start <= on and (self.end is None or on < self.end)

    def covers(self, state: str) -> bool:
        return state in self.reaches if self.kind is CredentialKind.COMPACT else state == self.state


@dataclass(frozen=True, slots=True)
class Judgement:
    """The basis on which a clinician may practise, or what is lacking; `until` is its last day plus one."""

    basis: Basis | None
    lack: Lack | None = None
    until: dt.date | None = None

    @property
    def ok(self) -> bool:
        return self.basis is not None


_BASES = (
    (CredentialKind.LICENCE, Basis.LICENCE),
    (CredentialKind.COMPACT, Basis.COMPACT),
    (CredentialKind.TELEHEALTH, Basis.TELEHEALTH),
)


def judge_state(credentials: Sequence[Held], state: str, on: dt.date, *, remote: bool) -> Judgement:
    """Licence before compact before registration; of what lacks, the nearest to being enough."""
    covering = [one for one in credentials if one.covers(state)]
    holding = [one for one in covering if one.holds(on)]
    for kind, basis in _BASES:
        if kind is CredentialKind.TELEHEALTH and not remote:
            continue
        if found := [one for one in holding if one.kind is kind]:
            longest = max(found, key=lambda one: one.end or dt.date.max)
            return Judgement(basis, until=longest.end)
    if holding:
        return Judgement(None, Lack.REMOTE_ONLY)
    wanted = [one for one in covering if remote or one.kind is not CredentialKind.TELEHEALTH]
    if any(one.start > on for one in wanted):
        return Judgement(None, Lack.NOT_YET)
    return Judgement(None, Lack.EXPIRED if wanted else Lack.NONE)


def reaches(home: str, members: Collection[str], only: str = "") -> frozenset[str]:
    """States in which a compact's privilege counts: its members, or the one it names; none once home has left."""
    if home not in members:
        return frozenset()
    return frozenset(members) if not only else frozenset({only} & set(members))


def warning_due(end: dt.date, today: dt.date) -> int | None:
    """The warning that a day of expiry has reached (days before), None when it is far off; 0 from that day on."""
    left = (end - today).days
    reached = [days for days in WARNINGS if left <= days]
    return min(reached) if reached else None
