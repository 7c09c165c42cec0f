"""A visit given another time, length, clinician or room on the calendar, against what the screen showed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.organization.models import Resource
from medguild.foundation.organization.people import Clinician
from medguild.operations.calendar.rules import mark_of, nearest
from medguild.operations.scheduling import selectors, telling
from medguild.operations.scheduling.errors import ChangedMeanwhile
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.network.rules import Said
from medguild.operations.scheduling.protocol import guarded_transaction
from medguild.operations.scheduling.services import move_appointment
from medguild.operations.scheduling.week_rules import local_time

_SAME, _OTHERS = 3, 3
_FURTHER = dt.timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a visit is to go, at its site. Without a room the session's is taken, or one is found on the day."""

    start: dt.datetime
    minutes: int
    clinician: Clinician
    room: Resource | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """A free time near the one that was refused; `wall` is it on the clocks of the site, without a zone."""

    clinician_id: UUID
    clinician: str
    start: dt.datetime
    wall: dt.datetime
    minutes: int


def mark(visit: Appointment) -> str:
    """What a screen has seen of a visit; the same as in the feed."""
    return mark_of(visit.start, visit.end, visit.clinician_id, visit.unit_id, visit.room_id, visit.status)


def shift_visit(
    *,
    appointment: Appointment,
    seen: str,
    to: Target,
    by: Actor,
    by_practice: bool = False,
    tell_patient: bool = False,
    overbook_reason: str = "",
    outside_hours: bool = False,
    network_answer: Said | None = None,
) -> Appointment:
    """Move the visit that the screen showed, and no other. Raises ChangedMeanwhile, and what `move_appointment` does.

    `tell_patient` is heard by whoever sends messages: `appointment.patient_to_tell`.
    """
    if mark(appointment) != seen:
        raise ChangedMeanwhile(_("Somebody has just changed this visit. It is shown again as it stands now."))
    move = partial(
        move_appointment, appointment=appointment, start=to.start, clinician=to.clinician, site=appointment.unit.site,
        room=to.room, minutes=to.minutes, overbook_reason=overbook_reason, outside_hours=outside_hours,
        network_answer=network_answer, by_practice=by_practice, by=by,
    )  # fmt: skip
    return guarded_transaction(partial(_move, move, by, tell_patient))


def _move(move: Callable[[], Appointment], by: Actor, tell_patient: bool) -> Appointment:
    moved = move()
    if tell_patient:
        telling.tell_patient(moved, by=by)
    return moved


def usual_target(appointment: Appointment) -> Target:
    """Where the visit is now. A room that was chosen for it is kept; the one of its session is found again."""
    own = appointment.room_id != (appointment.session.room_id if appointment.session else None)
    minutes = int((appointment.end - appointment.start).total_seconds()) // 60
    return Target(appointment.start, minutes, appointment.clinician, appointment.room if own else None)


def alternatives(actor: Actor, appointment: Appointment, to: Target, day: dt.date) -> list[Alternative]:
    """Free times near a wanted one: of the clinician on the day, of others there, else of the clinician's next days."""
    wanted = int(to.start.timestamp()) // 60
    one_day = selectors.find_slots(
        actor=actor, visit_type_id=appointment.visit_type_id, units=[appointment.unit_id], start=day,
        end=day + dt.timedelta(days=1),
    )  # fmt: skip
    same = [one for one in one_day if one.session.clinician_id == to.clinician.pk]
    if not same:
        same = selectors.find_slots(
            actor=actor, visit_type_id=appointment.visit_type_id, units=[appointment.unit_id],
            clinicians=[to.clinician.pk], start=day, end=day + _FURTHER,
        )  # fmt: skip
    others = [one for one in one_day if one.session.clinician_id != to.clinician.pk]
    people = Clinician.objects.select_related("person").in_bulk(
        {to.clinician.pk} | {one.session.clinician_id for one in others}
    )
    made = []
    for openings, most in ((same, _SAME), (others, _OTHERS)):
        starts = {(start, one.session.clinician_id): one.session.minutes for one in openings for start in one.starts}
        chosen = set(nearest({start for start, _one in starts}, wanted, most))
        places = sorted(place for place in starts if place[0] in chosen)[:most]
        made += [
            _alternative(people[pk], start, starts[start, pk], appointment.unit.site.time_zone) for start, pk in places
        ]
    return made


def _alternative(clinician: Clinician, start: int, minutes: int, zone: str) -> Alternative:
    wall = local_time(zone, start)
    return Alternative(clinician.pk, clinician.label(), wall.astimezone(dt.UTC), wall.replace(tzinfo=None), minutes)
