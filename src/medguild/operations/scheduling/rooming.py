"""A session has another room from a day on, or its first: its visits to come go there with it where the room is free.
Else they keep the room they have, or have none, and are named and somebody's work."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import DateField, DateTimeField, F, Func, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import translation
from django.utils.translation import gettext_lazy, ngettext

from medguild.foundation.events.events import Happening
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record_many
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import at_local, local_date, now
from medguild.foundation.organization.models import Resource
from medguild.foundation.ui.instants import instant_text
from medguild.operations.scheduling.calendar_sql import load_taken
from medguild.operations.scheduling.models import Allocation, Appointment, Session, SessionVisitType
from medguild.operations.scheduling.needs.models import VisitNeed
from medguild.operations.scheduling.needs.rules import Required
from medguild.operations.scheduling.needs.sql import load_required_by_kind
from medguild.operations.scheduling.protocol import drop_expired_holds, lock_resources
from medguild.operations.scheduling.room_work import ask_for_rooms, asked_for, end_work
from medguild.operations.scheduling.rules import AppointmentStatus, Busy, Mode, free_lane
from medguild.operations.scheduling.services import subject_of
from medguild.operations.scheduling.week_rules import is_held, local_time

ROOM_CHANGED = declare_event("appointment.room_changed", gettext_lazy("Visit in another room"), icon="door-enter")
_WHOLE = "a session's room is one for all of its visits"
_NAMED = 5


def usual_rooms(visits: Iterable[UUID]) -> dict[UUID, UUID]:
    """Of these, the booked visits that are in the room of their session because of it, with that room. A kind of visit
    that names a kind of room has found its own."""
    rows = Appointment.objects.unscoped(_WHOLE).filter(pk__in=list(visits), status=AppointmentStatus.BOOKED)
    rows = rows.filter(room_id=F("session__room_id")).exclude(visit_type__in=_finding_rooms())
    return dict(rows.values_list("pk", "room_id"))


def without_room(visits: Iterable[UUID]) -> set[UUID]:
    """Of these, the booked visits that take no room because their session has none, or had none free for them."""
    rows = Appointment.objects.unscoped(_WHOLE).filter(pk__in=list(visits), status=AppointmentStatus.BOOKED)
    rows = rows.filter(room__isnull=True, session__isnull=False, mode=Mode.IN_PERSON)
    rows = rows.filter(Q(session__room__isnull=True) | Q(overbooked=False))
    return set(rows.exclude(visit_type__in=_finding_rooms()).values_list("pk", flat=True))


def follow_session(
    before: Session, after: Session, *, since: dt.date, by: Actor, at: dt.datetime | None = None
) -> None:  # fmt: skip
    """Visits of a session that holds on as another, with another room, go over to it and to its room. Call it under the
    lock of the clinician, after both sessions were written."""
    if before.pk is None or after.room_id in (None, before.room_id):
        return
    zone, moment = after.unit.site.time_zone, at or now()
    first = max(at_local(since, dt.time(), zone), moment)
    booked = Appointment.objects.unscoped(_WHOLE).filter(
        session=before, status=AppointmentStatus.BOOKED, start__gte=first
    )
    types = SessionVisitType.objects.unscoped(_WHOLE).filter(session=after)
    kinds = set(types.values_list("visit_type_id", flat=True))
    theirs = [one.pk for one in booked if one.visit_type_id in kinds and _within(one, after, zone)]
    was, roomless = usual_rooms(theirs), without_room(theirs)
    Appointment.objects.unscoped(_WHOLE).filter(pk__in=theirs).update(session=after)
    rehouse(dict.fromkeys(was, after.room_id), was=was, by=by, at=moment)
    house(dict.fromkeys(roomless, after.room_id), by=by, at=moment)
    want_rooms([after], by=by, at=moment)
    look_again(by=by, at=moment, sessions=[before.pk])


def _within(visit: Appointment, session: Session, zone: str) -> bool:
    wall = local_time(zone, int(visit.start.timestamp()) // 60)
    start = wall.hour * 60 + wall.minute
    minutes = int((visit.end - visit.start).total_seconds()) // 60
    fits = session.start_minute <= start and start + minutes <= session.end_minute
    return fits and is_held(session, wall.date())


def rehouse(rooms: Mapping[UUID, UUID], *, was: Mapping[UUID, UUID], by: Actor, at: dt.datetime) -> None:
    """Visits go to the room given for each, from the one where they `was`, if it is free while they need it. Call it
    under the lock of the clinician; the rooms are locked here, things after people. The number of statements does not
    depend on the number of visits."""
    wanted = {visit: room for visit, room in rooms.items() if visit in was and was[visit] != room}
    if not wanted:
        return
    lock_resources({*wanted.values(), *(was[visit] for visit in wanted)})
    drop_expired_holds(wanted.values(), at=at)
    held = Allocation.objects.unscoped(_WHOLE).filter(appointment_id__in=wanted, active=True).order_by("during")
    own = {
        one.appointment_id: one
        for one in held
        if one.appointment_id is not None and one.resource_id == was[one.appointment_id]
    }
    moved = _placed(own, wanted, at)
    Allocation.objects.unscoped(_WHOLE).bulk_update(moved.values(), ["resource_id", "lane"])
    _tell(moved, was, by)


def house(rooms: Mapping[UUID, UUID], *, by: Actor, at: dt.datetime) -> None:
    """Visits that have no room take the one given for each, where it is free while they need it; as in `rehouse`."""
    if not rooms:
        return
    lock_resources(rooms.values())
    drop_expired_holds(rooms.values(), at=at)
    visits = list(Appointment.objects.unscoped(_WHOLE).filter(pk__in=rooms).select_related("unit__site"))
    days = [local_date(one.start, one.unit.site.time_zone) for one in visits]
    required = load_required_by_kind(
        visit_type_ids={one.visit_type_id for one in visits}, units={one.unit_id for one in visits}, start=min(days),
        end=max(days) + dt.timedelta(days=1), mode=Mode.IN_PERSON,
    )  # fmt: skip
    claims = {
        one.pk: Allocation(appointment=one, unit_id=one.unit_id, during=_while_used(one, required[one.visit_type_id]))
        for one in visits
        if not required[one.visit_type_id].alone
    }
    moved = _placed(claims, rooms, at)
    Allocation.objects.bulk_create(moved.values())
    _tell(moved, {}, by)


def _while_used(visit: Appointment, required: Required) -> DateTimeTZRange:
    """The room is prepared before the visit and cleaned after it."""
    minute = dt.timedelta(minutes=1)
    return DateTimeTZRange(visit.start - required.prep * minute, visit.end + required.clean_up * minute)


def _placed(
    own: Mapping[UUID, Allocation], wanted: Mapping[UUID, UUID], at: dt.datetime
) -> dict[UUID, Allocation]:  # fmt: skip
    """Of the allocations of visits those for which there is a lane in the new room, with it."""
    if not own:
        return {}
    first, last = min(one.during.lower for one in own.values()), max(one.during.upper for one in own.values())
    taken = load_taken(set(wanted.values()), start=first, end=last, at=at)
    rows = Resource.objects.unscoped(_WHOLE).filter(pk__in=set(wanted.values()))
    capacity = dict(rows.values_list("pk", "capacity"))
    come: dict[tuple[UUID, dt.date], list[Busy]] = defaultdict(list)  # who has gone there just now, by day
    moved = {}
    for visit, one in own.items():
        room = wanted[visit]
        start, end = (int(moment.timestamp()) // 60 for moment in (one.during.lower, one.during.upper))
        here = come[room, one.during.lower.date()]
        there = taken[room].between(start, end) if room in taken else []
        lane = free_lane([*there, *here], start, end, capacity.get(room, 0))
        if lane is None:
            continue
        one.resource_id, one.lane = room, lane
        here.append(Busy(start, end, lane))
        moved[visit] = one
    return moved


def _tell(moved: Mapping[UUID, Allocation], was: Mapping[UUID, UUID], by: Actor) -> None:
    by_room: dict[UUID, list[UUID]] = defaultdict(list)
    for visit, one in moved.items():
        by_room[one.resource_id].append(visit)
    rows = Appointment.objects.unscoped(_WHOLE)
    for room, visits in by_room.items():
        rows.filter(pk__in=visits).update(room_id=room)
    told = rows.filter(pk__in=list(moved)).select_related("visit_type").order_by("start")
    record_many(
        ROOM_CHANGED,
        [
            Happening(
                subject_of(one), unit_id=one.unit_id, patient_id=one.patient_id,
                data={"before": was.get(one.pk), "room_id": one.room_id},
            )
            for one in told
        ],
        by=by,
    )  # fmt: skip


def in_other_rooms(actor: Actor, sessions: Collection[Any]) -> QuerySet[Appointment]:
    """Visits to come of these sessions that are not in the room of the session, by time."""
    rows: QuerySet[Appointment] = Appointment.objects.visible_to(actor)
    return _elsewhere(rows, sessions, at=now())


def _elsewhere(rows: QuerySet[Appointment], sessions: Collection[Any], *, at: dt.datetime) -> QuerySet[Appointment]:
    """One that was squeezed in finds its room on the day; one that is no visit in person needs none; one that is left
    from a session that has ended by then needs another time first."""
    rows = rows.filter(session__in=sessions, status=AppointmentStatus.BOOKED, start__gt=at, session__room__isnull=False)
    rows = rows.annotate(wall=Func("unit__site__time_zone", "start", function="timezone", output_field=DateTimeField()))
    rows = rows.filter(session__period__contains=Cast("wall", DateField()))
    other = Q(room__isnull=False) & ~Q(room_id=F("session__room_id"))
    rows = rows.filter(other | Q(room__isnull=True, mode=Mode.IN_PERSON, overbooked=False))
    rows = rows.exclude(visit_type__in=_finding_rooms())
    return rows.select_related("room", "unit__site", "visit_type").order_by("start", "pk")


def want_rooms(sessions: Iterable[Session], *, by: Actor, at: dt.datetime) -> None:
    """Somebody looks after the visits that could not follow a session to its room."""
    found = {session.pk: session for session in sessions}
    words = _words_by_session(found, at)
    for pk, session in found.items():
        ask_for_rooms(session, words.get(pk, ""), by=by, at=at)


def look_again(*, by: Actor, at: dt.datetime | None = None, sessions: Collection[UUID] | None = None) -> None:
    """The work about rooms (of these sessions, or all) names the visits that it is about now; where none is left, or
    the session has ended, it is done. Costs one look where there is no such work."""
    asked, moment = asked_for(sessions), at or now()
    if not asked:
        return
    words = _words_by_session(asked, moment)
    end_work(asked.keys() - words.keys(), by=by, at=moment)
    stale = [pk for pk, told in words.items() if told != asked[pk]]
    for session in Session.objects.unscoped(_WHOLE).filter(pk__in=stale):
        ask_for_rooms(session, words[session.pk], by=by, at=moment)


def _words_by_session(sessions: Collection[UUID], at: dt.datetime) -> dict[UUID, str]:
    """In the language of the house, whoever has changed the rooms."""
    visits: dict[UUID, list[Appointment]] = defaultdict(list)
    for one in _elsewhere(Appointment.objects.unscoped(_WHOLE), sessions, at=at):
        if one.session_id is not None:
            visits[one.session_id].append(one)
    with translation.override("en"):
        return {pk: kept_words(own) for pk, own in visits.items()}


def _finding_rooms() -> QuerySet[Any]:
    """Kinds of visits that find their room among those of a kind."""
    return VisitNeed.objects.filter(capability__kind="room").values("visit_type_id")


def kept_words(visits: Sequence[Appointment]) -> str:
    """Which visits keep their room, as pages tell it; empty for none."""
    if not visits:
        return ""
    times = [instant_text(one.start, one.unit.site.time_zone, "datetime") for one in visits[:_NAMED]]
    more = "" if len(visits) <= _NAMED else " …"
    return ngettext(
        "%(count)d visit is not in the room of its session: %(times)s.",
        "%(count)d visits are not in the room of their session: %(times)s.",
        len(visits),
    ) % {"count": len(visits), "times": "; ".join(times) + more}
