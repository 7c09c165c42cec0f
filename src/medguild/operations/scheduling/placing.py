"""Finding the place of a wished visit: session, lanes, room. Runs under the locks of clinician and patient."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date
from medguild.foundation.organization.models import Resource, Site
from medguild.foundation.organization.people import Clinician
from medguild.foundation.organization.selectors import entity_of
from medguild.operations.scheduling import calendar_sql
from medguild.operations.scheduling.calendar_sql import Where
from medguild.operations.scheduling.errors import (
    ClinicianAway,
    OutsideTemplate,
    OverbookRefused,
    PatientBusy,
    SlotTaken,
)
from medguild.operations.scheduling.models import VisitType
from medguild.operations.scheduling.protocol import Claim, drop_expired_holds, lock_resources
from medguild.operations.scheduling.rules import Busy, free_lane, overbook_lane, overlapping
from medguild.operations.scheduling.slot_rules import SessionPattern, Unfit, session_for, unavailable

# A time outside every session has no lanes of its own; one visit may be squeezed in there.
OUTSIDE_LIMIT = 1


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be booked. `canonical_patient_id` is None for a hold, which is for nobody yet."""

    clinician: Clinician
    visit_type: VisitType
    site: Site
    start: dt.datetime
    by: Actor
    at: dt.datetime
    patient_id: UUID | None = None
    canonical_patient_id: UUID | None = None
    minutes: int | None = None
    room: Resource | None = None
    overbook_reason: str = ""

    @property
    def day(self) -> dt.date:
        """The local day at the site."""
        return local_date(self.start, self.site.time_zone)

    @property
    def minute(self) -> int:
        return int(self.start.timestamp()) // 60


@dataclass(frozen=True, slots=True)
class Place:
    """Where the visit goes."""

    end: dt.datetime
    entity_id: UUID
    claims: list[Claim]
    session_id: UUID | None = None
    room_id: UUID | None = None
    overbooked: bool = False


def find_place(wish: Wish) -> Place:
    """The place of a wish, or a refusal that says what is in the way."""
    session = _session(wish)
    end = wish.start + dt.timedelta(minutes=wish.minutes or (session or wish.visit_type).minutes)
    resources = [wish.clinician.resource_id]
    if wish.canonical_patient_id is not None:
        resources.append(wish.canonical_patient_id)
    room_id, room_capacity = _room(wish, session)
    if room_id is not None:
        lock_resources([room_id])  # always after clinician and patient, so that the order is one for everybody
        resources.append(room_id)
    drop_expired_holds(resources, at=wish.at)
    busy = calendar_sql.load_busy(resources, start=wish.start, end=end, at=wish.at)
    span = (wish.minute, wish.minute + int((end - wish.start).total_seconds()) // 60)
    claims, overbooked = _clinician_claim(wish, session, busy.get(wish.clinician.resource_id, ()), span)
    if wish.canonical_patient_id is not None:
        claims.append(_patient_claim(wish.canonical_patient_id, busy, span))
    room_lane = free_lane(busy.get(room_id, ()), *span, room_capacity) if room_id else None
    if room_id is not None and room_lane is None:
        if not overbooked:
            raise SlotTaken(_("The room is taken at this time. Choose another time or room."))
        room_id = None  # squeezed in: the room is found on the day
    if room_id is not None and room_lane is not None:
        claims.append(Claim(room_id, room_lane))
    return Place(
        end=end,
        entity_id=session.entity_id if session else _entity_id(wish),
        claims=claims,
        session_id=session.id if session else None,
        room_id=room_id,
        overbooked=overbooked,
    )


def _session(wish: Wish) -> SessionPattern | None:
    """The session that holds the visit; None when it is squeezed in outside of all."""
    day, following = wish.day, wish.day + dt.timedelta(days=1)
    sessions = calendar_sql.load_sessions(
        visit_type_id=wish.visit_type.pk, start=day, end=following,
        where=Where(clinicians=[wish.clinician.pk], units=[wish.site.unit_id]),
    )  # fmt: skip
    blocks = calendar_sql.load_blocks(
        clinicians=[wish.clinician.pk], units=[wish.site.unit_id], sessions=[session.id for session in sessions],
        start=day, end=following,
    )  # fmt: skip
    found = session_for(sessions, blocks, day=day, start=wish.minute, minutes=wish.minutes)
    session = found if isinstance(found, SessionPattern) else None
    end = wish.minute + (wish.minutes or (session or wish.visit_type).minutes)
    gone = unavailable(
        blocks, clinician_id=wish.clinician.pk, unit_id=wish.site.unit_id, day=day, start=wish.minute, end=end
    )
    if gone is Unfit.CLOSED:
        raise ClinicianAway(_("The site is closed on this day. Choose another day."), code="site_closed")
    if gone is not None:
        raise ClinicianAway(_("The clinician is away at this time. Choose another time or another clinician."))
    if session is None and not wish.overbook_reason:
        raise OutsideTemplate(
            _("The clinician has no session for this kind of visit at this time. Choose a free time, or overbook it.")
        )
    return session


def _clinician_claim(
    wish: Wish, session: SessionPattern | None, busy: Sequence[Busy], span: tuple[int, int]
) -> tuple[list[Claim], bool]:
    """A lane of the clinician, and whether it is one above the capacity."""
    capacity, limit = (session.capacity, session.overbook_limit) if session else (0, OUTSIDE_LIMIT)
    lane = free_lane(busy, *span, capacity)
    if lane is not None:
        return [Claim(wish.clinician.resource_id, lane)], False
    if not wish.overbook_reason:
        raise SlotTaken(_("This time has just been taken. Choose another one."))
    lane = overbook_lane(busy, *span, capacity, limit)
    if lane is None:
        raise OverbookRefused(
            _("This time is overbooked as far as the template allows. Choose another one."), code="overbook_limit"
        )
    return [Claim(wish.clinician.resource_id, lane)], True


def _patient_claim(patient_id: UUID, busy: Mapping[UUID, Sequence[Busy]], span: tuple[int, int]) -> Claim:
    if overlapping(busy.get(patient_id, ()), *span):
        raise PatientBusy(_("The patient has another visit at this time. Choose another time, or move that visit."))
    return Claim(patient_id)


def _room(wish: Wish, session: SessionPattern | None) -> tuple[UUID | None, int]:
    """The room asked for, or the one of the session."""
    if wish.room is not None:
        return wish.room.pk, wish.room.capacity
    return (session.room_id, session.room_capacity) if session else (None, 1)


def _entity_id(wish: Wish) -> UUID:
    entity = entity_of(wish.site.unit_id, on=wish.day)
    if entity is None:
        raise OutsideTemplate(_("The site belongs to no entity on this day. Choose another day."), code="site_not_open")
    return entity.pk
