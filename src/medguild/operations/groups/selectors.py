"""Group visits: sessions that take several people at a time, day by day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import at_local
from medguild.foundation.kernel.errors import NotVisible
from medguild.operations.groups.rules import places_free, starts_of
from medguild.operations.scheduling import selectors as schedule
from medguild.operations.scheduling.calendar_sql import load_blocks
from medguild.operations.scheduling.models import Appointment, Session
from medguild.operations.scheduling.rules import HOLDING
from medguild.operations.scheduling.week_rules import days_held, instant, is_held

AHEAD = dt.timedelta(days=28)


@dataclass(frozen=True, slots=True)
class GroupTime:
    """One start of a group: who comes, and how many places there are; `room` is what the room holds, None for any."""

    start: dt.datetime
    capacity: int
    room: int | None
    people: list[Appointment] = field(default_factory=list)

    @property
    def free(self) -> int:
        return places_free(len(self.people), self.capacity, self.room)


@dataclass(frozen=True, slots=True)
class GroupDay:
    """A session of a group on one day."""

    session: Session
    day: dt.date
    times: list[GroupTime]
    off: bool = False

    @property
    def booked(self) -> int:
        return sum(len(one.people) for one in self.times)

    @property
    def empty_times(self) -> list[GroupTime]:
        return [one for one in self.times if not one.people]

    @property
    def places(self) -> int:
        return sum(min(one.capacity, one.room or one.capacity) for one in self.times)


def group_sessions(actor: Actor, *, on: dt.date) -> list[Session]:
    """Sessions with more than one place from the day on, at sites that the actor may see."""
    return list(schedule.sessions(actor, on=on).filter(capacity__gt=1))


def coming_groups(actor: Actor, *, start: dt.date) -> list[GroupDay]:
    """Group sessions of the next four weeks, by day; one query for those who come."""
    sessions = group_sessions(actor, on=start)
    days = [(one, day) for one in sessions for day in days_held(one, start, start + AHEAD)]
    if not days:
        return []
    off = _off(sessions, start)
    people = _people(actor, [one.pk for one, _day in days], start, start + AHEAD)
    made = [_group(one, day, people, (one.pk, day) in off or (one.unit_id, day) in off) for one, day in days]
    return sorted(made, key=lambda one: (one.day, one.session.start_minute))


def group_day(actor: Actor, session_id: UUID, day: dt.date) -> GroupDay:
    """A group session on a day, or NotVisible when it has one place or is not held that day."""
    session = schedule.session(actor, session_id)
    if session.capacity < 2 or not is_held(session, day):
        raise NotVisible
    following = day + dt.timedelta(days=1)
    off = _off([session], day)
    people = _people(actor, [session.pk], day, following)
    return _group(session, day, people, (session.pk, day) in off or (session.unit_id, day) in off)


def _off(sessions: Sequence[Session], start: dt.date) -> set[tuple[UUID, dt.date]]:
    blocks = load_blocks(
        clinicians=[], units={one.unit_id for one in sessions}, sessions=[one.pk for one in sessions], start=start,
        end=start + AHEAD,
    )  # fmt: skip
    return set(blocks.cancelled) | set(blocks.closed)


def _people(
    actor: Actor, sessions: Sequence[UUID], start: dt.date, end: dt.date
) -> dict[tuple[UUID, dt.datetime], list[Appointment]]:
    margin = dt.timedelta(days=1)
    rows = schedule.appointments(actor).filter(
        session_id__in=set(sessions), status__in=HOLDING, start__gte=at_local(start - margin, dt.time(), "UTC"),
        start__lt=at_local(end + margin, dt.time(), "UTC"),
    )  # fmt: skip
    found: dict[tuple[UUID, dt.datetime], list[Appointment]] = defaultdict(list)
    for row in rows.order_by("patient__family_name", "patient__given_name"):
        if row.session_id is not None:
            found[row.session_id, row.start].append(row)
    return found


def _group(
    session: Session, day: dt.date, people: dict[tuple[UUID, dt.datetime], list[Appointment]], off: bool
) -> GroupDay:
    zone = session.unit.site.time_zone
    longest = max(
        (kind.minutes or session.step_minutes for kind in session.visit_types.all()), default=session.step_minutes
    )
    room = session.room.capacity if session.room is not None else None
    times = []
    for minute in starts_of(session.start_minute, session.end_minute, session.step_minutes, longest):
        start = dt.datetime.fromtimestamp(instant(zone, day, minute) * 60, dt.UTC)
        times.append(GroupTime(start, session.capacity, room, people.get((session.pk, start), [])))
    return GroupDay(session, day, times, off)
