"""Recalls over the API: who is due, written down, what was tried, closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from medguild.foundation.access.api import TokenAuth, actor_of, idempotent, show
from medguild.foundation.events.actors import named
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.operations.recalls import selectors, services
from medguild.operations.recalls.models import Recall, RecallContact
from medguild.operations.recalls.rules import OPEN, CloseReason, Origin, Outcome, RecallStatus, Way
from medguild.operations.recalls.words import SPOKEN
from medguild.operations.scheduling import selectors as schedule
from medguild.operations.scheduling.api_changes import named_clinician
from medguild.operations.scheduling.api_schemas import ProblemOut, WhoseQuery
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.patients.identity.selectors import patient as visible_patient

router = Router(tags=["recalls"])
_READ, _BOOK = TokenAuth(SchedulingRight.READ), TokenAuth(SchedulingRight.BOOK)
_REFUSALS = {404: ProblemOut, 409: ProblemOut, 422: ProblemOut}


class RecallIn(Schema):
    """Who is due for which kind of visit, where, on or after which day. `note` is for the desk, never in messages."""

    patient: UUID
    visit_type: UUID
    site: UUID
    due_on: dt.date
    clinician: UUID | None = None
    note: str = Field(default="", max_length=500)
    from_visit: UUID | None = None


class ContactIn(Schema):
    """What was tried, and what came of it; `declined` closes the recall."""

    way: Way
    outcome: Outcome
    note: str = Field(default="", max_length=500)


class DueIn(Schema):
    due_on: dt.date
    note: str | None = Field(default=None, max_length=500)


class CloseIn(Schema):
    reason: CloseReason


class RecallOut(Schema):
    id: UUID
    status: str
    patient: UUID
    visit_type: UUID
    site: UUID
    clinician: UUID | None
    due_on: dt.date
    origin: str
    attempts: int
    contacted_at: dt.datetime | None
    appointment: UUID | None
    closed_at: dt.datetime | None
    close_reason: str


class RecallsOut(Schema):
    count: int
    recalls: list[RecallOut]


class ContactOut(Schema):
    at: dt.datetime
    way: str
    outcome: str
    by: str
    note: str


class RecallWithContactsOut(RecallOut):
    note: str
    contacts: list[ContactOut]


class RecallQuery(WhoseQuery):
    """Open recalls unless a `status` is named; `due_until` is the last due day told."""

    status: RecallStatus | None = None
    due_until: dt.date | None = None


@router.get("/recalls", auth=_READ, response={200: RecallsOut})
def recalls(request: HttpRequest, query: Query[RecallQuery]) -> HttpResponse:
    """Who is due, the longest due first."""
    rows = query.narrow(
        selectors.recalls(actor_of(request)).filter(status__in=[query.status] if query.status else OPEN)
    )
    if query.due_until:
        rows = rows.filter(due_on__lte=query.due_until)
    found = query.page(rows)
    body = {"count": rows.count(), "recalls": [_recall(one) for one in found]}
    return show(request, body, patients=[one.patient_id for one in found])


@router.post("/recalls", auth=_BOOK, response={201: RecallWithContactsOut, **_REFUSALS})
def add(request: HttpRequest, body: RecallIn) -> HttpResponse:
    """A patient is to come again. Needs an `Idempotency-Key`.

    A fitting visit that is booked already settles it at once; a second open one of the kind is refused (`due_already`).
    """

    def run() -> HttpResponse:
        actor = actor_of(request)
        visit = _from_visit(request, body)
        made = services.make_recall(
            patient=visible_patient(actor, body.patient), visit_type=schedule.visit_type(actor, body.visit_type),
            site=schedule.site(actor, body.site, SchedulingRight.BOOK), due_on=body.due_on, by=actor,
            clinician=named_clinician(body.clinician) if body.clinician else None, note=body.note,
            origin=Origin.VISIT if visit else Origin.HAND, from_visit=visit,
        )  # fmt: skip
        response = _shown(request, made.pk)
        response.status_code = 201
        return response

    return idempotent(request, body.dict(), run)


@router.get("/recalls/{recall_id}", auth=_READ, response={200: RecallWithContactsOut, 404: ProblemOut})
def recall(request: HttpRequest, recall_id: UUID) -> HttpResponse:
    """One recall with what was tried, the newest first."""
    return _shown(request, recall_id)


@router.post("/recalls/{recall_id}/contacts", auth=_BOOK, response={200: RecallWithContactsOut, **_REFUSALS})
def contact(request: HttpRequest, recall_id: UUID, body: ContactIn) -> HttpResponse:
    """Somebody has tried to reach the patient. Needs an `Idempotency-Key`."""
    if body.outcome not in SPOKEN:
        raise Refusal("Only what a person can say came of it.", code="outcome_wrong", field="outcome")
    return _changed(
        request, recall_id, body,
        lambda row: services.record_contact(
            recall=row, way=body.way, outcome=body.outcome, note=body.note, by=actor_of(request)
        ),
    )  # fmt: skip


@router.post("/recalls/{recall_id}/due", auth=_BOOK, response={200: RecallWithContactsOut, **_REFUSALS})
def due(request: HttpRequest, recall_id: UUID, body: DueIn) -> HttpResponse:
    """Due on another day. Needs an `Idempotency-Key`."""
    return _changed(
        request, recall_id, body,
        lambda row: services.change_due(recall=row, due_on=body.due_on, note=body.note, by=actor_of(request)),
    )  # fmt: skip


@router.post("/recalls/{recall_id}/close", auth=_BOOK, response={200: RecallWithContactsOut, **_REFUSALS})
def close(request: HttpRequest, recall_id: UUID, body: CloseIn) -> HttpResponse:
    """Nobody is to come any more. Needs an `Idempotency-Key`."""
    return _changed(
        request, recall_id, body,
        lambda row: services.close_recall(recall=row, reason=body.reason, by=actor_of(request)),
    )  # fmt: skip


def _from_visit(request: HttpRequest, body: RecallIn) -> Appointment | None:
    """The visit of the same patient that it comes from. Raises NotVisible."""
    if body.from_visit is None:
        return None
    visit = schedule.appointment(actor_of(request), body.from_visit)
    if visit.patient_id != body.patient:
        raise NotVisible
    return visit


def _changed(request: HttpRequest, recall_id: UUID, body: Schema, act: Callable[[Recall], object]) -> HttpResponse:
    def run() -> HttpResponse:
        act(selectors.recall(actor_of(request), recall_id, SchedulingRight.BOOK))
        return _shown(request, recall_id)

    return idempotent(request, body.dict(), run)


def _shown(request: HttpRequest, recall_id: UUID) -> HttpResponse:
    row = selectors.recall(actor_of(request), recall_id)
    contacts = [_contact(one) for one in selectors.contacts_of(row)]
    return show(request, {**_recall(row), "note": row.note, "contacts": contacts}, patients=[row.patient_id])


def _recall(row: Recall) -> dict[str, object]:
    return {
        "id": row.pk,
        "status": row.status,
        "patient": row.patient_id,
        "visit_type": row.visit_type_id,
        "site": row.unit_id,
        "clinician": row.clinician_id,
        "due_on": row.due_on,
        "origin": row.origin,
        "attempts": row.attempts,
        "contacted_at": row.contacted_at,
        "appointment": row.appointment_id,
        "closed_at": row.closed_at,
        "close_reason": row.close_reason,
    }


def _contact(one: RecallContact) -> dict[str, object]:
    return {"at": one.at, "way": one.way, "outcome": one.outcome, "by": named(one.by_label), "note": one.note}
