"""Calls over the API: what a telephone system sends after each call."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema

from medguild.foundation.access.api import TokenAuth, actor_of, answer, idempotent, problem
from medguild.foundation.access.guard import note_reads
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.people import Person
from medguild.operations.calls.alerts import report_queue
from medguild.operations.calls.models import Call
from medguild.operations.calls.permissions import CallsRight
from medguild.operations.calls.rules import CallFacts, CallReason, Direction
from medguild.operations.calls.services import log_call
from medguild.operations.visits.selectors import site_for
from medguild.patients.identity.rules.phones import normal_phone
from medguild.patients.identity.selectors import patient as visible_patient

router = Router(tags=["calls"])


class CallIn(Schema):
    """One finished call. Times are instants with offset; a call without `answered_at` was not answered, and was
    abandoned unless `abandoned` is false (voicemail). `source_id` is the telephone system's id of the call."""

    site: UUID
    received_at: dt.datetime
    ended_at: dt.datetime
    answered_at: dt.datetime | None = None
    direction: Direction = Direction.INBOUND
    reason: CallReason = CallReason.OTHER
    queue: str = Field(default="", max_length=200)
    hold_seconds: int = Field(default=0, ge=0, le=86_400)
    abandoned: bool | None = None
    phone: str = Field(default="", max_length=40)
    patient: UUID | None = None
    answered_by: UUID | None = None
    source_id: str = Field(default="", max_length=200)


class CallOut(Schema):
    id: UUID
    site: UUID
    direction: str
    reason: str
    queue: str
    received_at: dt.datetime
    answered_at: dt.datetime | None
    ended_at: dt.datetime
    wait_seconds: int
    hold_seconds: int
    abandoned: bool
    patient: UUID | None
    source_id: str


class CallProblemOut(Schema):
    """What is wrong, with a stable code such as `call_ends_early`."""

    code: str
    detail: str


@router.post(
    "/calls",
    auth=TokenAuth(CallsRight.LOG),
    response={201: CallOut, 403: CallProblemOut, 404: CallProblemOut, 422: CallProblemOut},
)
def add_call(request: HttpRequest, body: CallIn) -> HttpResponse:
    """Keep a call. Needs an `Idempotency-Key`; a call with a known `source_id` is answered as it stands on file.

    A call that came in and was not answered opens a call-back.
    """
    if any(
        moment is not None and moment.tzinfo is None for moment in (body.received_at, body.answered_at, body.ended_at)
    ):
        return problem(Refusal("Send times with their offset.", code="offset_missing", field="received_at"))

    def run() -> HttpResponse:
        actor = actor_of(request)
        site = site_for(actor, body.site, CallsRight.LOG)
        caller = visible_patient(actor, body.patient) if body.patient else None
        call = log_call(site=site, call=_facts(body), by=actor, patient=caller, answered_by=_person(body.answered_by))
        return answer(_shown(call), status=201)

    response = idempotent(request, body.dict(), run)
    if response.status_code == 201 and body.patient is not None:
        note_reads(request, [body.patient])
    return response


class QueueIn(Schema):
    """A site's telephone at an instant (now, unless given): how many wait, and since when the first of them."""

    site: UUID
    waiting: int = Field(ge=0, le=10_000)
    longest_seconds: int = Field(default=0, ge=0, le=86_400)
    at: dt.datetime | None = None


class QueueOut(Schema):
    site: UUID
    waiting: int
    longest_seconds: int
    told_at: dt.datetime


@router.put(
    "/calls/waiting",
    auth=TokenAuth(CallsRight.LOG),
    response={200: QueueOut, 403: CallProblemOut, 404: CallProblemOut, 422: CallProblemOut},
)
def tell_queue(request: HttpRequest, body: QueueIn) -> HttpResponse:
    """Say who waits on a site's telephone, as often as it changes; a wait over the site's limit raises an alert."""
    actor = actor_of(request)
    if body.at is not None and body.at.tzinfo is None:
        return problem(Refusal("Send times with their offset.", code="offset_missing", field="at"))
    try:
        site = site_for(actor, body.site, CallsRight.LOG)
        held = report_queue(
            site_id=site.unit_id, waiting=body.waiting, longest_seconds=body.longest_seconds, by=actor, at=body.at
        )
    except Refusal as refusal:
        return problem(refusal)
    shown = {
        "site": held.site_id,
        "waiting": held.waiting,
        "longest_seconds": held.longest_seconds,
        "told_at": held.told_at,
    }
    return answer(shown)


def _facts(body: CallIn) -> CallFacts:
    abandoned = body.abandoned
    if abandoned is None:
        abandoned = body.answered_at is None and body.direction is Direction.INBOUND
    try:
        phone = normal_phone(body.phone)
    except ValueError:
        raise Refusal("Send a telephone number with area code, or none.", code="phone_form", field="phone") from None
    return CallFacts(
        received_at=body.received_at, ended_at=body.ended_at, answered_at=body.answered_at, direction=body.direction,
        reason=body.reason, queue=body.queue, hold_seconds=body.hold_seconds, abandoned=abandoned, phone=phone,
        source_id=body.source_id,
    )  # fmt: skip


def _person(person_id: UUID | None) -> Person | None:
    if person_id is None:
        return None
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise Refusal("Nobody who works here has this id.", code="person_unknown", field="answered_by")
    return person


def _shown(call: Call) -> dict[str, object]:
    return {
        "id": call.pk,
        "site": call.site_id,
        "direction": call.direction,
        "reason": call.reason,
        "queue": call.queue,
        "received_at": call.received_at,
        "answered_at": call.answered_at,
        "ended_at": call.ended_at,
        "wait_seconds": call.wait_seconds,
        "hold_seconds": call.hold_seconds,
        "abandoned": call.abandoned,
        "patient": call.patient_id,
        "source_id": call.source_id,
    }
