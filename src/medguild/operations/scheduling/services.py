"""Booking and moving. What both need is found under the locks of the booking protocol (see `protocol`)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.organization.models import Resource, Site
from medguild.foundation.organization.people import Clinician
from medguild.operations.scheduling.checks import refuse_before_locks, refuse_invisible
from medguild.operations.scheduling.errors import ChangedMeanwhile, WrongMove
from medguild.operations.scheduling.facts import Facts
from medguild.operations.scheduling.held import note_held_use
from medguild.operations.scheduling.holding import use_hold
from medguild.operations.scheduling.models import Allocation, Appointment, Hold, VisitType
from medguild.operations.scheduling.moves import keep_former
from medguild.operations.scheduling.network.answers import answered_here, keep_answer, settle_network
from medguild.operations.scheduling.network.check import standing_of
from medguild.operations.scheduling.network.rules import NetworkStanding, Said
from medguild.operations.scheduling.overbooking import overbooking_on, refuse_over_limits
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.placing import Place, Wish, find_place, know
from medguild.operations.scheduling.protocol import (
    allocate,
    guarded_transaction,
    insert_with_allocations,
    lock_resources,
)
from medguild.operations.scheduling.rules import AppointmentStatus, Mode, Origin, ReasonCategory
from medguild.patients.identity.models import Patient

BOOKED = declare_event("appointment.booked", gettext_lazy("Visit booked"), icon="calendar-plus")
MOVED = declare_event("appointment.moved", gettext_lazy("Visit moved"), icon="calendar-event")


@dataclass(frozen=True, slots=True)
class About:
    """What a visit is for, in words of the desk."""

    category: ReasonCategory = ReasonCategory.OTHER
    text: str = ""


NOTHING_SAID = About()


def subject_of(appointment: Appointment) -> SubjectRef:
    return SubjectRef("appointment", appointment.pk, appointment.visit_type.name)


def book_appointment(
    *,
    patient: Patient,
    clinician: Clinician,
    visit_type: VisitType,
    site: Site,
    start: dt.datetime,
    by: Actor,
    minutes: int | None = None,
    mode: Mode | None = None,
    patient_state: str = "",
    room: Resource | None = None,
    about: About = NOTHING_SAID,
    overbook_reason: str = "",
    outside_hours: bool = False,
    network_answer: Said | None = None,
    hold: Hold | None = None,
    origin: Origin = Origin.STAFF,
    at: dt.datetime | None = None,
) -> Appointment:
    """Book a visit, from a hold or directly, and record `appointment.booked`.

    Lasts `minutes`, or as long as the session says. With `overbook_reason` (and the right) a full or uncovered time is
    taken all the same, up to the session's limit, and marked; outside of all hours of the site only if `outside_hours`
    says that it is meant. `patient_state` is where the patient will be during a
    remote visit (default: at home). Out of network of the patient's plan it needs a `network_answer`.
    Raises SlotTaken, PatientBusy, OutsideTemplate, ClinicianAway, NotLicensed, NotPrivileged, PatientStateNeeded,
    NetworkAnswerNeeded, OtherGroup, OverbookRefused, OutsideHours, HoldGone, NotVisible, NotAllowed.
    """
    facts = know(
        clinician_id=clinician.pk, visit_type_id=visit_type.pk, unit_id=site.unit_id, patient_id=patient.pk,
        start=start, mode=mode, patient_state=patient_state,
    )  # fmt: skip
    booked = book_known(
        facts=facts, start=start, by=by, minutes=minutes, room=room, about=about, overbook_reason=overbook_reason,
        outside_hours=outside_hours, network_answer=network_answer, hold=hold, origin=origin, at=at,
    )  # fmt: skip
    booked.patient, booked.clinician, booked.visit_type = patient, clinician, visit_type
    return booked


def book_known(
    *,
    facts: Facts,
    start: dt.datetime,
    by: Actor,
    minutes: int | None = None,
    room: Resource | None = None,
    about: About = NOTHING_SAID,
    overbook_reason: str = "",
    outside_hours: bool = False,
    network_answer: Said | None = None,
    hold: Hold | None = None,
    origin: Origin = Origin.STAFF,
    at: dt.datetime | None = None,
    whole: bool = False,
) -> Appointment:
    """The same as `book_appointment` for callers that have ids and the facts of these: nothing else is read.

    The mode, and where the patient will be, are those with which the facts were asked. `whole` promises that a refusal
    ends the caller's transaction.
    """
    if facts.patient_id is None:
        raise NotVisible
    wish = Wish(
        facts=facts, start=start, by=by, at=at or now(), minutes=minutes, room=room,
        overbook_reason=overbook_reason.strip(), outside_hours=outside_hours, origin=origin,
    )  # fmt: skip
    refuse_before_locks(wish)
    draft = Appointment(
        patient_id=facts.patient_id, clinician_id=facts.clinician_id, unit_id=facts.unit_id,
        visit_type_id=facts.visit_type_id, mode=Mode(facts.mode), reason_category=about.category,
        reason=about.text.strip(), origin=origin, booked_at=wish.at,
    )  # fmt: skip
    return guarded_transaction(partial(_book, wish, draft, hold, network_answer), whole=whole)


def _book(wish: Wish, draft: Appointment, hold: Hold | None, said: Said | None) -> Appointment:
    lock_resources(wish.resources)
    if hold is not None:
        use_hold(hold, by=wish.by, clinician_id=wish.facts.clinician_id, start=wish.start, at=wish.at)
    place = find_place(wish)
    _refuse_over_limits(wish, place)
    # The visit keeps the id of its hold: a second submit of the same page finds what the first one booked.
    draft.pk = hold.pk if hold is not None else new_id()
    _put(draft, wish, place)
    settle_network(draft, wish.facts, said)
    insert_with_allocations(draft, place.claims)
    if said is not None:
        keep_answer(draft, wish.facts, said, by=wish.by, at=wish.at)
    note_held_use(draft, place.held_for, reason=wish.overbook_reason, at=wish.at)
    _tell(BOOKED, draft, wish, _answered(draft, said))
    return draft


def move_appointment(
    *,
    appointment: Appointment,
    start: dt.datetime,
    by: Actor,
    clinician: Clinician | None = None,
    site: Site | None = None,
    room: Resource | None = None,
    minutes: int | None = None,
    overbook_reason: str = "",
    outside_hours: bool = False,
    patient_state: str = "",
    network_answer: Said | None = None,
    by_practice: bool = False,
    at: dt.datetime | None = None,
) -> Appointment:
    """Give a booked visit another time, clinician or site in one step: the old time is given back only if it succeeds.

    An answer about the network given for this clinician and site still holds. `by_practice` marks a move that the
    patient did not ask for (bump_rate). Raises what `book_appointment` raises, and WrongMove, ChangedMeanwhile.
    """
    facts = know(
        clinician_id=clinician.pk if clinician else appointment.clinician_id,
        visit_type_id=appointment.visit_type_id,
        unit_id=site.unit_id if site else appointment.unit_id,
        patient_id=appointment.patient_id,
        start=start,
        mode=appointment.mode,
        patient_state=patient_state or appointment.patient_state,
    )
    wish = Wish(
        facts=facts, start=start, by=by, at=at or now(), minutes=minutes, room=room,
        overbook_reason=overbook_reason.strip(), outside_hours=outside_hours,
    )  # fmt: skip
    refuse_before_locks(wish)
    return guarded_transaction(partial(_move, wish, appointment, by_practice, network_answer))


def _move(wish: Wish, read: Appointment, by_practice: bool, said: Said | None) -> Appointment:
    lock_resources([*wish.resources, read.clinician.resource_id])
    moved = take(read, by=wish.by, right=SchedulingRight.BOOK)
    if moved.status != AppointmentStatus.BOOKED:
        raise WrongMove(_("Only a visit that is still to come can be moved. This one is not."))
    before = _told(moved)
    facts = wish.facts
    stays = (wish.start, facts.clinician_id, facts.unit_id) == (moved.start, moved.clinician_id, moved.unit_id)
    by_practice = by_practice and not stays  # another length or room bumps nobody
    keep_former(moved, by_practice=by_practice, at=wish.at)
    Allocation.objects.unscoped("the appointment is visible").filter(appointment=moved).delete()
    place = find_place(wish)
    _refuse_over_limits(wish, place, without=moved.pk)
    moved.clinician_id, moved.unit_id = wish.facts.clinician_id, wish.facts.unit_id
    _put(moved, wish, place)
    if said is not None or moved.network != NetworkStanding.OUT or not answered_here(moved):
        settle_network(moved, wish.facts, said)
    moved.save()
    allocate(place.claims, start=moved.start, end=moved.end, unit_id=moved.unit_id, appointment_id=moved.pk)
    if said is not None:
        keep_answer(moved, wish.facts, said, by=wish.by, at=wish.at)
    note_held_use(moved, place.held_for, reason=wish.overbook_reason, at=wish.at)
    _tell(MOVED, moved, wish, {"before": before, "by_practice": by_practice, **_answered(moved, said)})
    return moved


def _refuse_over_limits(wish: Wish, place: Place, *, without: UUID | None = None) -> None:
    if not place.overbooked:
        return
    facts = wish.facts
    refuse_over_limits(
        overbooking_on(
            clinician_id=facts.clinician_id, unit_id=facts.unit_id, zone=facts.zone, day=facts.day,
            session_id=place.session_id, without=without,
        )
    )  # fmt: skip


def _tell(event: str, appointment: Appointment, wish: Wish, more: dict[str, object]) -> None:
    record(
        event,
        subject=SubjectRef("appointment", appointment.pk, wish.facts.name),
        by=wish.by,
        patient_id=appointment.patient_id,
        unit_id=appointment.unit_id,
        data={"visit_type": wish.facts.code, **_told(appointment), **more},
    )


def take(read: Appointment, *, by: Actor, right: str) -> Appointment:
    """Lock the row and read it again; refuse when its time or clinician is no longer what the actor saw.

    Call it under the locks of the clinician and the patient that `read` names.
    """
    found = (
        Appointment.objects.visible_to(by, right)
        .select_for_update(of=("self",))
        .select_related("patient", "clinician__person", "unit__site", "visit_type")
        .filter(pk=read.pk)
        .first()
    )
    if found is None:
        refuse_invisible(by, read.unit_id, right)
        raise ChangedMeanwhile(_("This visit is no longer there."))
    appointment: Appointment = found
    if _whereabouts(appointment) != _whereabouts(read):
        raise ChangedMeanwhile(_("Somebody has just moved this visit. Look at it again."))
    return appointment


def _whereabouts(appointment: Appointment) -> tuple[object, ...]:
    return appointment.start, appointment.end, appointment.clinician_id, appointment.unit_id, appointment.room_id


def _put(appointment: Appointment, wish: Wish, place: Place) -> None:
    appointment.session_id = place.session_id
    appointment.entity_id = place.entity_id
    appointment.room_id = place.room_id
    appointment.start, appointment.end = wish.start, place.end
    appointment.patient_state = "" if wish.facts.mode == Mode.IN_PERSON else wish.facts.home_state
    appointment.network = standing_of(wish.facts, place.entity_id)
    appointment.overbooked = place.overbooked
    appointment.overbook_reason = wish.overbook_reason if place.overbooked else ""


def _answered(appointment: Appointment, said: Said | None) -> dict[str, object]:
    """What the event says of the network: codes."""
    return {"network": appointment.network, "network_answer": said.kind if said else ""}


def _told(appointment: Appointment) -> dict[str, object]:
    """What the event says: ids, codes and times."""
    return {
        "clinician_id": appointment.clinician_id,
        "unit_id": appointment.unit_id,
        "entity_id": appointment.entity_id,
        "start": appointment.start,
        "end": appointment.end,
        "overbooked": appointment.overbooked,
    }
