"""Slots and appointments over the API."""

from __future__ import annotations

import datetime as dt
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from medguild.foundation.access.api import TokenAuth, actor_of, answer, idempotent, problem, show
from medguild.foundation.access.guard import note_reads
from medguild.foundation.kernel.errors import Refusal
from medguild.operations.scheduling import selectors
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.network_rules import AnswerKind, AskedBy, Said
from medguild.operations.scheduling.outcomes import cancel_appointment
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.placing import know
from medguild.operations.scheduling.rules import CancelReason, Mode, Origin, ReasonCategory
from medguild.operations.scheduling.services import About, book_known
from medguild.operations.scheduling.slot_rules import Opening, iso_starts

router = Router(tags=["scheduling"])
LONGEST_WINDOW = 62  # days of one search


class SlotQuery(Schema):
    """Days are local days of the sites; `end` is not included. `clinician` may be repeated or hold a comma list."""

    visit_type: UUID
    start: dt.date
    end: dt.date
    clinician: list[str] = Field(default_factory=list)
    site: UUID | None = None


class OpeningOut(Schema):
    """Free starts of one session on one day; a visit begun at any of them lasts `minutes`."""

    clinician: UUID
    site: UUID
    date: dt.date
    minutes: int
    starts: list[dt.datetime]


class SlotsOut(Schema):
    count: int
    openings: list[OpeningOut]


class NetworkAnswerIn(Schema):
    """What the patient said when told that the visit is out of network.

    `words` are what they were shown (the refusal `network_answer_needed` tells them); `reason` says why nobody could
    ask, with the answer `not_asked` alone.
    """

    answer: AnswerKind
    channel: AskedBy | None = None
    words: str = Field(default="", max_length=4000)
    reason: str = Field(default="", max_length=500)


class BookingIn(Schema):
    """`start` is an instant with offset. `overbook_reason` takes a full or uncovered time all the same.

    `patient_state` is where the patient will be during a remote visit (default: the state of their address). A visit
    out of network of the patient's plan is refused with `network_answer_needed` until `network_answer` is sent.
    """

    patient: UUID
    clinician: UUID
    visit_type: UUID
    site: UUID
    start: dt.datetime
    minutes: int | None = Field(default=None, ge=1, le=1440)
    mode: Mode | None = None
    reason: str = Field(default="", max_length=2000)
    reason_category: ReasonCategory = ReasonCategory.OTHER
    overbook_reason: str = Field(default="", max_length=500)
    patient_state: str = Field(default="", pattern="^([A-Z]{2})?$")
    network_answer: NetworkAnswerIn | None = None


class CancelIn(Schema):
    reason: CancelReason
    note: str = Field(default="", max_length=2000)


class AppointmentOut(Schema):
    id: UUID
    status: str
    patient: UUID
    clinician: UUID
    visit_type: UUID
    site: UUID
    start: dt.datetime
    end: dt.datetime
    mode: str
    patient_state: str
    network: str
    overbooked: bool
    cancel_reason: str


class ProblemOut(Schema):
    """What is wrong, with a stable code such as `slot_taken`."""

    code: str
    detail: str


@router.get("/slots", auth=TokenAuth(SchedulingRight.READ), response={200: SlotsOut, 422: ProblemOut})
def slots(request: HttpRequest, query: Query[SlotQuery]) -> HttpResponse:
    """Free slots for a visit type on the days from `start` until `end`, at most 62."""
    try:
        clinicians = _ids(query.clinician)
    except ValueError:
        return problem(Refusal("A clinician is named by its id.", code="clinician_id_wrong", field="clinician"))
    if not query.start < query.end <= query.start + dt.timedelta(days=LONGEST_WINDOW):
        detail = f"The end lies after the start, at most {LONGEST_WINDOW} days."
        return problem(Refusal(detail, code="window_wrong", field="end"))
    found = selectors.find_slots(
        actor=actor_of(request),
        visit_type_id=query.visit_type,
        clinicians=clinicians,
        units=[query.site] if query.site else None,
        start=query.start,
        end=query.end,
    )
    return answer({"count": sum(len(opening.starts) for opening in found), "openings": [_opening(o) for o in found]})


def _ids(values: list[str]) -> list[UUID] | None:
    """None when no clinician is named. Raises ValueError."""
    texts = [text for value in values for text in value.split(",") if text]
    return [UUID(text) for text in texts] or None


def _opening(opening: Opening) -> dict[str, object]:
    session = opening.session
    return {
        "clinician": session.clinician_id,
        "site": session.unit_id,
        "date": opening.day,
        "minutes": session.minutes,
        "starts": iso_starts(opening),
    }


@router.post(
    "/appointments",
    auth=TokenAuth(SchedulingRight.BOOK),
    response={201: AppointmentOut, 404: ProblemOut, 409: ProblemOut, 422: ProblemOut},
)
def book(request: HttpRequest, body: BookingIn) -> HttpResponse:
    """Book a visit. Needs an `Idempotency-Key`: the same key with the same body gives the first answer again."""

    if body.start.tzinfo is None:
        detail = "Send the start with its offset, such as 2026-11-30T09:00:00-08:00."
        return problem(Refusal(detail, code="offset_missing", field="start"))

    def run() -> HttpResponse:
        facts = know(
            clinician_id=body.clinician, visit_type_id=body.visit_type, unit_id=body.site, patient_id=body.patient,
            start=body.start, mode=body.mode, patient_state=body.patient_state,
        )  # fmt: skip
        booked = book_known(
            facts=facts, start=body.start, by=actor_of(request), minutes=body.minutes,
            about=About(body.reason_category, body.reason), overbook_reason=body.overbook_reason,
            network_answer=_said(body.network_answer), origin=Origin.API, whole=True,
        )  # fmt: skip
        return answer(_shown(booked, facts.zone), status=201)

    response = idempotent(request, body.dict(), run)
    if response.status_code == 201:
        note_reads(request, [body.patient])
    return response


@router.get(
    "/appointments/{appointment_id}",
    auth=TokenAuth(SchedulingRight.READ),
    response={200: AppointmentOut, 404: ProblemOut},
)
def appointment(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """One appointment."""
    found = selectors.appointment(actor_of(request), appointment_id)
    return show(request, _shown(found, found.unit.site.time_zone), patients=[found.patient_id])


@router.post(
    "/appointments/{appointment_id}/cancel",
    auth=TokenAuth(SchedulingRight.BOOK),
    response={200: AppointmentOut, 404: ProblemOut, 409: ProblemOut, 422: ProblemOut},
)
def cancel(request: HttpRequest, appointment_id: UUID, body: CancelIn) -> HttpResponse:
    """Cancel a visit with a reason and give its time back. Needs an `Idempotency-Key`."""

    def run() -> HttpResponse:
        read = selectors.appointment(actor_of(request), appointment_id)
        cancelled = cancel_appointment(appointment=read, reason=body.reason, note=body.note, by=actor_of(request))
        return show(request, _shown(cancelled, cancelled.unit.site.time_zone), patients=[cancelled.patient_id])

    return idempotent(request, body.dict(), run)


def _said(given: NetworkAnswerIn | None) -> Said | None:
    return Said(given.answer, given.channel, given.words, given.reason) if given else None


def _shown(appointment: Appointment, zone: str) -> dict[str, object]:
    place = ZoneInfo(zone)
    return {
        "id": appointment.pk,
        "status": appointment.status,
        "patient": appointment.patient_id,
        "clinician": appointment.clinician_id,
        "visit_type": appointment.visit_type_id,
        "site": appointment.unit_id,
        "start": appointment.start.astimezone(place),
        "end": appointment.end.astimezone(place),
        "mode": appointment.mode,
        "patient_state": appointment.patient_state,
        "network": appointment.network,
        "overbooked": appointment.overbooked,
        "cancel_reason": appointment.cancel_reason,
    }
