"""Holds and moves over the API."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from medguild.foundation.access.api import TokenAuth, actor_of, answer, idempotent, problem, show
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.organization.people import Clinician
from medguild.operations.scheduling import selectors
from medguild.operations.scheduling.api_schemas import (
    AppointmentOut,
    HoldIn,
    HoldOut,
    MoveIn,
    ProblemOut,
    said,
    shown,
)
from medguild.operations.scheduling.errors import ChangedMeanwhile
from medguild.operations.scheduling.holding import hold_slot, release_hold
from medguild.operations.scheduling.models import Hold
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.services import move_appointment
from medguild.patients.identity.models import Patient
from medguild.patients.identity.selectors import patient as visible_patient

router = Router(tags=["scheduling"])
_REFUSALS = {404: ProblemOut, 409: ProblemOut, 422: ProblemOut}


def offset_missing(moment: dt.datetime, field: str) -> HttpResponse | None:
    """The answer to a time without offset: which moment it means cannot be guessed."""
    if moment.tzinfo is not None:
        return None
    detail = f"Send {field} with its offset, such as 2026-11-30T09:00:00-08:00."
    return problem(Refusal(detail, code="offset_missing", field=field))


@router.post("/holds", auth=TokenAuth(SchedulingRight.BOOK), response={201: HoldOut, **_REFUSALS})
def hold(request: HttpRequest, body: HoldIn) -> HttpResponse:
    """Keep a free slot for some minutes while somebody decides. Needs an `Idempotency-Key`."""
    if refused := offset_missing(body.start, "start"):
        return refused

    def run() -> HttpResponse:
        actor = actor_of(request)
        site = selectors.site(actor, body.site, SchedulingRight.BOOK)
        held = hold_slot(
            clinician=named_clinician(body.clinician), site=site,
            visit_type=selectors.visit_type(actor, body.visit_type), start=body.start, by=actor,
            patient=_patient(actor, body.patient), mode=body.mode,
            patient_state=body.patient_state,
        )  # fmt: skip
        return answer(_held(held, site.time_zone), status=201)

    return idempotent(request, body.dict(), run)


@router.post("/holds/{hold_id}/release", auth=TokenAuth(SchedulingRight.BOOK), response={204: None, **_REFUSALS})
def release(request: HttpRequest, hold_id: UUID) -> HttpResponse:
    """Give a hold of the caller's own back before it runs out; one that is gone, or another's, is left as it is.

    Needs an `Idempotency-Key`.
    """

    def run() -> HttpResponse:
        actor = actor_of(request)
        with suppress(NotVisible):
            release_hold(hold=selectors.hold(actor, hold_id), by=actor)
        return HttpResponse(status=204)

    return idempotent(request, {}, run)


@router.post(
    "/appointments/{appointment_id}/move",
    auth=TokenAuth(SchedulingRight.BOOK),
    response={200: AppointmentOut, **_REFUSALS},
)
def move(request: HttpRequest, appointment_id: UUID, body: MoveIn) -> HttpResponse:
    """Give a visit another time, clinician or site in one step; if that fails it stays where it is.

    Needs an `Idempotency-Key`.
    """
    if refused := offset_missing(body.start, "start") or (body.was and offset_missing(body.was, "was")):
        return refused

    def run() -> HttpResponse:
        actor = actor_of(request)
        read = selectors.appointment(actor, appointment_id)
        if body.was is not None and body.was != read.start:
            raise ChangedMeanwhile(_("Somebody has just moved this visit. Look at it again."))
        site = selectors.site(actor, body.site, SchedulingRight.BOOK) if body.site else None
        moved = move_appointment(
            appointment=read, start=body.start, by=actor, site=site, minutes=body.minutes,
            clinician=named_clinician(body.clinician) if body.clinician else None,
            overbook_reason=body.overbook_reason, outside_hours=body.outside_hours, by_practice=body.by_practice,
            network_answer=said(body.network_answer),
        )  # fmt: skip
        zone = (site or read.unit.site).time_zone
        return show(request, shown(moved, zone), patients=[moved.patient_id])

    return idempotent(request, body.dict(), run)


def named_clinician(clinician_id: UUID) -> Clinician:
    """Raises NotVisible; who may be booked where is judged by the booking."""
    found = Clinician.objects.select_related("person", "resource").filter(pk=clinician_id).first()
    if found is None:
        raise NotVisible
    return found


def _patient(actor: Actor, patient_id: UUID | None) -> Patient | None:
    return visible_patient(actor, patient_id) if patient_id else None


def _held(held: Hold, zone: str) -> dict[str, object]:
    place = ZoneInfo(zone)
    return {
        "id": held.pk,
        "clinician": held.clinician_id,
        "visit_type": held.visit_type_id,
        "site": held.unit_id,
        "start": held.start.astimezone(place),
        "end": held.end.astimezone(place),
        "expires_at": held.expires_at,
    }
