"""What a change of a template does: free times gained and lost by day, and which visits no longer fit. Pure."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from medguild.operations.scheduling.rules import Minute
from medguild.operations.scheduling.slot_rules import Blocks, Opening, Unfit, session_for, unavailable
from medguild.operations.scheduling.week_rules import SessionPattern, is_held, span
from medguild.operations.templates.rules import Trouble

WINDOWS = (14, 28, 90)  # days from the first day of the change


@dataclass(slots=True)
class Change:
    """Free starts gained and lost."""

    gained: int = 0
    lost: int = 0

    def add(self, other: Change) -> None:
        self.gained += other.gained
        self.lost += other.lost

    @property
    def none(self) -> bool:
        return not (self.gained or self.lost)


@dataclass(slots=True)
class DayChange:
    """What changes on a day, by kind of visit."""

    day: dt.date
    kinds: dict[UUID, Change] = field(default_factory=dict)

    @property
    def whole(self) -> Change:
        total = Change()
        for change in self.kinds.values():
            total.add(change)
        return total


Openings = Mapping[UUID, Sequence[Opening]]  # by kind of visit


def compare(before: Openings, after: Openings) -> list[DayChange]:
    """Days on which free starts come or go, in order. A start is the same when kind, site and instant are."""
    had, has = _starts(before), _starts(after)
    days: dict[dt.date, DayChange] = {}
    for key in had.keys() | has.keys():
        old, new = had.get(key, set()), has.get(key, set())
        change = Change(gained=len(new - old), lost=len(old - new))
        if not change.none:
            day, kind = key
            days.setdefault(day, DayChange(day)).kinds[kind] = change
    return sorted(days.values(), key=lambda one: one.day)


def _starts(openings: Openings) -> dict[tuple[dt.date, UUID], set[tuple[UUID, Minute]]]:
    found: dict[tuple[dt.date, UUID], set[tuple[UUID, Minute]]] = defaultdict(set)
    for kind, offered in openings.items():
        for opening in offered:
            found[opening.day, kind].update((opening.session.unit_id, start) for start in opening.starts)
    return found


def within(days: Iterable[DayChange], start: dt.date, length: int) -> dict[UUID, Change]:
    """The changes of the first `length` days, by kind of visit."""
    end = start + dt.timedelta(days=length)
    total: dict[UUID, Change] = {}
    for one in days:
        if start <= one.day < end:
            for kind, change in one.kinds.items():
                total.setdefault(kind, Change()).add(change)
    return total


@dataclass(frozen=True, slots=True)
class Visit:
    """A booked visit as the preview needs it. `lane`: its place at its clinician's; `day`: local at its site."""

    id: UUID
    patient_id: UUID
    visit_type_id: UUID
    clinician_id: UUID
    unit_id: UUID
    day: dt.date
    start: Minute
    end: Minute
    lane: int = 0
    overbooked: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """Sessions by kind of visit, all of them, and what takes them off the calendar."""

    by_kind: Mapping[UUID, Sequence[SessionPattern]]
    sessions: Sequence[SessionPattern]
    blocks: Blocks

    @classmethod
    def of(cls, by_kind: Mapping[UUID, Sequence[SessionPattern]], blocks: Blocks) -> Template:
        every = {session.id: session for sessions in by_kind.values() for session in sessions}
        return cls(by_kind, list(every.values()), blocks)


def trouble_of(visit: Visit, template: Template) -> Trouble | None:
    """Why the visit does not stand in a fitting session of the template; None where it does."""
    gone = unavailable(
        template.blocks, clinician_id=visit.clinician_id, unit_id=visit.unit_id, day=visit.day, start=visit.start,
        end=visit.end,
    )  # fmt: skip
    if gone is not None:
        return Trouble.CLOSED if gone is Unfit.CLOSED else Trouble.AWAY
    found = home_of(visit, template)
    if found is Unfit.SESSION_CANCELLED:
        return Trouble.CANCELLED
    if isinstance(found, SessionPattern):
        return Trouble.TOO_MANY if not visit.overbooked and visit.lane >= found.capacity else None
    return Trouble.KIND_NOT_TAKEN if _covered(visit, template) else Trouble.NO_SESSION


def home_of(visit: Visit, template: Template) -> SessionPattern | Unfit:
    """The session that holds all of the visit, at its site and for its kind."""
    own = [
        session
        for session in template.by_kind.get(visit.visit_type_id, ())
        if session.clinician_id == visit.clinician_id and session.unit_id == visit.unit_id
    ]
    return session_for(own, template.blocks, day=visit.day, start=visit.start, minutes=visit.end - visit.start)


def _covered(visit: Visit, template: Template) -> bool:
    """Whether a session for other kinds stands there."""
    for session in template.sessions:
        if session.clinician_id != visit.clinician_id or session.unit_id != visit.unit_id:
            continue
        if is_held(session, visit.day):
            opens, closes = span(session, visit.day)
            if opens <= visit.start and visit.end <= closes:
                return True
    return False


def affected(visits: Iterable[Visit], before: Template, after: Template) -> list[tuple[Visit, Trouble]]:
    """Visits that stand well in one template and not in the other, by time. What stood outside before stays outside."""
    found = []
    for visit in visits:
        trouble = trouble_of(visit, after)
        if trouble is not None and trouble_of(visit, before) is None:
            found.append((visit, trouble))
    found.sort(key=lambda one: (one[0].start, one[0].id))
    return found
