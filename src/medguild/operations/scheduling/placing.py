"""Finding the place of a wished visit: session, lanes, room. Runs under the locks of clinician and patient."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.organization.models import Resource
from medguild.foundation.organization.people import Clinician
from medguild.operations.scheduling import calendar_sql
from medguild.operations.scheduling.calendar_sql import Where, session_rooms
from medguild.operations.scheduling.errors import (
    ClinicianAway,
    OutsideTemplate,
    OverbookRefused,
    PatientBusy,
    SlotTaken,
)
from medguild.operations.scheduling.facts import Facts, load_facts
from medguild.operations.scheduling.held import refuse_held
from medguild.operations.scheduling.held_rules import held_spans, in_the_way
from medguild.operations.scheduling.kinds.selectors import is_done_at
from medguild.operations.scheduling.needs.rules import NOTHING, Required
from medguild.operations.scheduling.needs.sql import load_joined, load_required, usual_minutes
from medguild.operations.scheduling.needs.taking import Asked, take_needs
from medguild.operations.scheduling.overbooking import refuse_outside_hours
from medguild.operations.scheduling.protocol import Claim, lock_resources
from medguild.operations.scheduling.rules import Busy, Origin, free_lane, overbook_lane, overlapping
from medguild.operations.scheduling.slot_rules import Blocks, Unfit, session_for, unavailable
from medguild.operations.scheduling.week_rules import SessionPattern

# A time outside every session has no lanes of its own; one visit may be squeezed in there.
OUTSIDE_LIMIT = 1


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be booked, by whom. A hold is for nobody yet: then `for_patient` is false."""

    facts: Facts
    start: dt.datetime
    by: Actor
    at: dt.datetime
    minutes: int | None = None
    room: Resource | None = None
    overbook_reason: str = ""
    outside_hours: bool = False  # whoever overbooks knows that nobody has a session at the site then
    for_patient: bool = True
    origin: Origin = Origin.STAFF

    @property
    def minute(self) -> int:
        return int(self.start.timestamp()) // 60

    @property
    def required(self) -> Required:
        """What the visit takes besides clinician, patient and the session's room."""
        return self.facts.required or NOTHING

    @property
    def resources(self) -> list[UUID]:
        """What is locked first: the people. Clinician, patient, and everybody of the staff who may be taken."""
        ours = [one for one in (self.facts.resource_id, self.facts.patient_resource) if one is not None]
        return [*ours, *self.required.members([self.facts.unit_id], people=True)]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the visit goes."""

    end: dt.datetime
    entity_id: UUID
    claims: list[Claim]
    session_id: UUID | None = None
    room_id: UUID | None = None
    overbooked: bool = False
    held_for: str = ""


def know(
    *,
    clinician_id: UUID,
    visit_type_id: UUID,
    unit_id: UUID,
    start: dt.datetime,
    patient_id: UUID | None = None,
    mode: str | None = None,
    patient_state: str = "",
) -> Facts:
    """The facts, or NotVisible when something that is named does not exist."""
    facts = load_facts(
        clinician_id=clinician_id, visit_type_id=visit_type_id, unit_id=unit_id, start=start, patient_id=patient_id,
        mode=mode, patient_state=patient_state,
    )  # fmt: skip
    if facts is None:
        raise NotVisible
    return with_needs(facts) if facts.demanding else facts


def with_needs(facts: Facts) -> Facts:
    """With what such a visit takes at the site on the day, and all that can meet it: asked before anything is locked,
    because people are locked first and staff are people."""
    following = facts.day + dt.timedelta(days=1)
    required = load_required(
        visit_type_id=facts.visit_type_id, units=[facts.unit_id], start=facts.day, end=following, mode=facts.mode
    )
    return replace(facts, required=required)


def pools_of(asked: Iterable[tuple[UUID, UUID]], *, start: dt.date, end: dt.date) -> tuple[set[UUID], set[UUID]]:
    """People, and things, whom or which visits of these (kind, site) may need in the half-open period of days. Plain
    kinds need neither."""
    people: set[UUID] = set()
    things: set[UUID] = set()
    for kind_id, unit_id in sorted(set(asked)):
        required = load_required(visit_type_id=kind_id, units=[unit_id], start=start, end=end)
        people |= required.members([unit_id], people=True)
        things |= required.members([unit_id], people=False)
    return people, things


def lock_for_visits(
    asked: Iterable[tuple[UUID, UUID]],
    *,
    clinicians: Iterable[Clinician],
    people: Iterable[UUID],
    start: dt.date,
    end: dt.date,
    rooms: Iterable[UUID] = (),
) -> None:
    """For who books several visits, or one as a part of something larger, in one transaction: lock all that visits of
    these (kind, site) with these clinicians may take in the half-open period of days.

    First all people in one statement (the clinicians, the staff that may be needed, and `people`: patients, who is
    left), then all things: devices, rooms of a kind, `rooms` that are asked for, and those of the clinicians' sessions.
    Everybody locks so; then nobody waits in a circle.
    """
    wanted, seers = list(asked), list(clinicians)
    staff, things = pools_of(wanted, start=start, end=end)
    lock_resources({*people, *staff, *(one.resource_id for one in seers)})
    # The clinicians' locks are held: their templates, and so the rooms of their sessions, can no longer change.
    own = session_rooms({one.pk for one in seers}, {unit_id for _kind, unit_id in wanted}, start=start, end=end)
    things = {*things, *rooms, *own}
    if things:
        lock_resources(things)


def find_place(wish: Wish) -> Place:
    """The place of a wish, or a refusal that says what is in the way."""
    facts, required, (session, held_for) = wish.facts, wish.required, _session(wish)
    minutes = wish.minutes or (session.minutes if session else _usual_minutes(facts))
    end = wish.start + dt.timedelta(minutes=minutes)
    span = (wish.minute, wish.minute + minutes)
    room_id, room_capacity = _room(wish, session)
    things = [*required.members([facts.unit_id], people=False), *([room_id] if room_id else [])]
    if things:
        lock_resources(things)  # always after the people, so that the order is one for everybody
    busy = calendar_sql.look_and_tidy(
        [*wish.resources, *things], start=wish.start - dt.timedelta(minutes=required.prep),
        end=end + dt.timedelta(minutes=required.clean_up), at=wish.at,
    )  # fmt: skip
    claims, overbooked = _clinician_claim(wish, session, busy.get(facts.resource_id, ()), span)
    if facts.patient_resource is not None and not required.alone:
        claims.append(_patient_claim(facts.patient_resource, busy, span))
    room_claim = _room_claim(wish, (room_id, room_capacity), busy, span, squeezed=overbooked)
    if room_claim is not None:
        claims.append(room_claim)
    room_id = room_claim.resource_id if room_claim else None
    if required.needs:
        needed, room_of_kind = take_needs(_asked(wish, session, span), busy)
        claims, room_id = claims + needed, room_of_kind or room_id
    return Place(
        end=end,
        entity_id=_entity(wish, session),
        claims=claims,
        session_id=session.id if session else None,
        room_id=room_id,
        overbooked=overbooked,
        held_for=held_for,
    )


def _session(wish: Wish) -> tuple[SessionPattern | None, str]:
    """The session that holds the visit, None when it is squeezed in outside of all; and for what its time is held."""
    facts = wish.facts
    following = facts.day + dt.timedelta(days=1)
    sessions = calendar_sql.load_sessions(
        visit_type_id=facts.visit_type_id, start=facts.day, end=following,
        where=Where(clinicians=[facts.clinician_id], units=[facts.unit_id]),
    )  # fmt: skip
    blocks = calendar_sql.load_blocks(
        clinicians=[facts.clinician_id], units=[facts.unit_id], sessions=[session.id for session in sessions],
        start=facts.day, end=following, visit_type_id=facts.visit_type_id,
    )  # fmt: skip
    before, after = wish.required.clinician_padding()
    found = session_for(
        sessions, blocks, day=facts.day, start=wish.minute, minutes=wish.minutes, padding=(before, after)
    )
    session = found if isinstance(found, SessionPattern) else None
    end = wish.minute + (wish.minutes or (session or facts).minutes)
    gone = unavailable(
        blocks, clinician_id=facts.clinician_id, unit_id=facts.unit_id, day=facts.day, start=wish.minute - before,
        end=end + after,
    )  # fmt: skip
    if gone is Unfit.CLOSED:
        raise ClinicianAway(_("The site is closed on this day. Choose another day."), code="site_closed")
    if gone is not None:
        raise ClinicianAway(_("The clinician is away at this time. Choose another time or another clinician."))
    if session is None and not wish.overbook_reason:
        raise OutsideTemplate(
            _("The clinician has no session for this kind of visit at this time. Choose a free time, or overbook it.")
        )
    if session is None and not calendar_sql.works_there(
        clinician_id=facts.clinician_id, unit_id=facts.unit_id, day=facts.day
    ):
        raise OverbookRefused(
            _("This clinician does not work at this site on this day. Choose another clinician."),
            code="not_of_the_site",
        )
    if session is None and not is_done_at(facts.visit_type_id, facts.unit_id, on=facts.day):
        raise OverbookRefused(
            _("This kind of visit is not done at this site. Choose another kind, or another site."),
            code="kind_not_of_the_site",
        )
    if session is None and not wish.outside_hours:
        refuse_outside_hours(facts, wish.minute)
    return session, _held_for(wish, session, blocks, end)


def _held_for(wish: Wish, session: SessionPattern | None, blocks: Blocks, end: int) -> str:
    """The purpose of the held part that the visit reaches into; refused without a reason to use it all the same."""
    parts = (blocks.held or {}).get(session.id) if session else None
    if not parts or session is None:
        return ""
    spans = held_spans(parts, session.zone, wish.facts.day, at=int(wish.at.timestamp()) // 60)
    span = in_the_way(spans, wish.minute, end)
    if span is not None and not wish.overbook_reason:
        raise refuse_held(span, session.zone)
    return span.purpose if span else ""


def _clinician_claim(
    wish: Wish, session: SessionPattern | None, busy: Sequence[Busy], span: tuple[int, int]
) -> tuple[list[Claim], bool]:
    """A lane of the clinician, and whether it is one above the capacity."""
    capacity, limit = (session.capacity, session.overbook_limit) if session else (0, OUTSIDE_LIMIT)
    before, after = wish.required.clinician_padding()
    span = (span[0] - before, span[1] + after)
    lane = free_lane(busy, *span, capacity)
    if lane is not None:
        return [Claim(wish.facts.resource_id, lane, before, after)], False
    if not wish.overbook_reason:
        raise SlotTaken(_("This time is already taken. Choose another one."))
    lane = overbook_lane(busy, *span, capacity, limit)
    if lane is None:
        raise OverbookRefused(
            _("This time is overbooked as far as the template allows. Choose another one."), code="overbook_limit"
        )
    return [Claim(wish.facts.resource_id, lane, before, after)], True


def _patient_claim(patient: UUID, busy: Mapping[UUID, Sequence[Busy]], span: tuple[int, int]) -> Claim:
    if overlapping(busy.get(patient, ()), *span):
        raise PatientBusy(_("The patient has another visit at this time. Choose another time, or move that visit."))
    return Claim(patient)


def _room(wish: Wish, session: SessionPattern | None) -> tuple[UUID | None, int]:
    """The room asked for, or the one of the session. A visit that names a kind of room finds it among those."""
    if wish.required.alone or wish.required.names_room:
        return None, 1
    if wish.room is not None:
        return wish.room.pk, wish.room.capacity
    return (session.room_id, session.room_capacity) if session else (None, 1)


def _room_claim(
    wish: Wish,
    room: tuple[UUID | None, int],
    busy: Mapping[UUID, Sequence[Busy]],
    span: tuple[int, int],
    *,
    squeezed: bool,
) -> Claim | None:
    """A lane of the room. For a visit that is squeezed in, a full room is no matter: one is found on the day."""
    room_id, capacity = room
    if room_id is None:
        return None
    before, after = wish.required.prep, wish.required.clean_up
    lane = free_lane(busy.get(room_id, ()), span[0] - before, span[1] + after, capacity)
    if lane is not None:
        return Claim(room_id, lane, before, after)
    if squeezed:
        return None
    raise SlotTaken(_("The room is taken at this time. Choose another time or room."))


def _asked(wish: Wish, session: SessionPattern | None, span: tuple[int, int]) -> Asked:
    """The visit as its needs see it; of a group that has begun to fill, with what it holds already."""
    facts, required, joined = wish.facts, wish.required, None
    if session and session.capacity > 1:
        groups = load_joined(
            visit_type_id=facts.visit_type_id, clinicians=[facts.resource_id],
            members=required.members([facts.unit_id]), start=wish.start,
            end=wish.start + dt.timedelta(minutes=1), at=wish.at,
        )  # fmt: skip
        joined = groups.get((facts.resource_id, wish.minute))
    return Asked(
        required, facts.unit_id, facts.zone, facts.day, span, facts.resource_id, wish.room,
        session.room_id if session else None, joined,
    )  # fmt: skip


def _usual_minutes(facts: Facts) -> int:
    return usual_minutes(
        visit_type_id=facts.visit_type_id, clinician_id=facts.clinician_id, unit_id=facts.unit_id, day=facts.day
    )


def _entity(wish: Wish, session: SessionPattern | None) -> UUID:
    """Who bills: the session says; outside of sessions the entity over the site."""
    entity_id = session.entity_id if session else wish.facts.entity_id
    if entity_id is None:
        raise OutsideTemplate(_("The site belongs to no entity on this day. Choose another day."), code="site_not_open")
    return entity_id
