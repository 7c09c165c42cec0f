"""Slots and appointments over the API."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router

from medguild.foundation.access.api import TokenAuth, actor_of, answer, idempotent, problem, show
from medguild.foundation.access.guard import note_reads
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.operations.scheduling import selectors
from medguild.operations.scheduling.api_changes import offset_missing
from medguild.operations.scheduling.api_changes import router as changes_router
from medguild.operations.scheduling.api_schemas import (
    AppointmentOut,
    BookingIn,
    CancelIn,
    ProblemOut,
    SlotQuery,
    SlotsOut,
    said,
    shown,
)
from medguild.operations.scheduling.care.api import telling_others
from medguild.operations.scheduling.errors import HoldGone
from medguild.operations.scheduling.models import Hold
from medguild.operations.scheduling.outcomes import cancel_appointment
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.placing import know
from medguild.operations.scheduling.rules import Origin
from medguild.operations.scheduling.search.api import LONGEST_WINDOW
from medguild.operations.scheduling.search.api import router as search_router
from medguild.operations.scheduling.search.noting import Searched, tell_searched
from medguild.operations.scheduling.search.searching import allowed_slots
from medguild.operations.scheduling.services import About, book_known
from medguild.operations.scheduling.slot_rules import Opening, iso_starts

router = Router(tags=["scheduling"])
router.add_router("", changes_router)
router.add_router("", search_router)


@router.get("/slots", auth=TokenAuth(SchedulingRight.READ), response={200: SlotsOut, 422: ProblemOut})
def slots(request: HttpRequest, query: Query[SlotQuery]) -> HttpResponse:
    """Free slots for a visit type on the days from `start` until `end`, at most 62.

    Clinicians who may not see patients at the site on a day, for want of a licence or of the privilege that the kind of
    visit asks, are left out of it, as in the search.
    """
    try:
        clinicians = _ids(query.clinician)
    except ValueError:
        return problem(Refusal("A clinician is named by its id.", code="clinician_id_wrong", field="clinician"))
    if not query.start < query.end <= query.start + dt.timedelta(days=LONGEST_WINDOW):
        detail = f"The end lies after the start, at most {LONGEST_WINDOW} days."
        return problem(Refusal(detail, code="window_wrong", field="end"))
    found = allowed_slots(
        actor=actor_of(request),
        visit_type_id=query.visit_type,
        clinicians=clinicians,
        units=[query.site] if query.site else None,
        start=query.start,
        end=query.end,
    )
    count = sum(len(opening.starts) for opening in found)
    only = clinicians[0] if clinicians and len(clinicians) == 1 else None
    tell_searched(
        Searched(actor_of(request), query.visit_type, query.start, query.end, found=count, door=Origin.API,
                 unit_id=query.site, clinician_id=only)
    )  # fmt: skip
    return answer({"count": count, "openings": [_opening(o) for o in found]})


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
    """Book a visit. Needs an `Idempotency-Key`: the same key with the same body gives the first answer again.

    A clinician who may not see the patient on the day is refused with `not_licensed` or `not_privileged`; beside the
    reason the answer names `alternatives`: others with their first free times.
    """

    if refused := offset_missing(body.start, "start"):
        return refused

    def run() -> HttpResponse:
        facts = know(
            clinician_id=body.clinician, visit_type_id=body.visit_type, unit_id=body.site, patient_id=body.patient,
            start=body.start, mode=body.mode, patient_state=body.patient_state,
        )  # fmt: skip
        booked = book_known(
            facts=facts, start=body.start, by=actor_of(request), minutes=body.minutes,
            about=About(body.reason_category, body.reason), overbook_reason=body.overbook_reason,
            outside_hours=body.outside_hours,
            network_answer=said(body.network_answer), origin=Origin.API, whole=True,
            hold=_hold(actor_of(request), body.hold),
        )  # fmt: skip
        return answer(shown(booked, facts.zone), status=201)

    response = idempotent(request, body.dict(), telling_others(run, actor_of(request), body))
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
    return show(request, shown(found, found.unit.site.time_zone), patients=[found.patient_id])


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
        return show(request, shown(cancelled, cancelled.unit.site.time_zone), patients=[cancelled.patient_id])

    return idempotent(request, body.dict(), run)


def _hold(actor: Actor, hold_id: UUID | None) -> Hold | None:
    """The caller's hold. Raises HoldGone, also when it has run out and was cleared away."""
    if hold_id is None:
        return None
    try:
        return selectors.hold(actor, hold_id)
    except NotVisible:
        raise HoldGone(_("The time is no longer held for you. Choose it again.")) from None
