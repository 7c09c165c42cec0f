"""The bump list over the API: visits that cannot be kept, times proposed for them, what became of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from medguild.foundation.access.api import TokenAuth, actor_of, idempotent, show
from medguild.foundation.events.actors import named
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Refusal
from medguild.operations.bumps import selectors, services
from medguild.operations.bumps.models import Bump, BumpContact
from medguild.operations.bumps.proposing import Proposed, proposals_for
from medguild.operations.bumps.rules import BumpStatus, Cause, Contact, reasons
from medguild.operations.scheduling import selectors as schedule
from medguild.operations.scheduling.api_changes import named_clinician, offset_missing
from medguild.operations.scheduling.api_schemas import NetworkAnswerIn, ProblemOut, WhoseQuery, said
from medguild.operations.scheduling.checks import refuse_invisible
from medguild.operations.scheduling.permissions import SchedulingRight

router = Router(tags=["bumps"])
_READ, _BOOK = TokenAuth(SchedulingRight.READ), TokenAuth(SchedulingRight.BOOK)
_REFUSALS = {404: ProblemOut, 409: ProblemOut, 422: ProblemOut}


class BumpIn(Schema):
    """A visit to come that cannot be kept; patients are told the `reason`, which holds no patient data."""

    appointment: UUID
    reason: str = Field(min_length=1, max_length=200)
    cause: Cause = Cause.OTHER


class ContactIn(Schema):
    outcome: Contact
    note: str = Field(default="", max_length=1000)


class NoteIn(Schema):
    note: str = Field(default="", max_length=1000)


class MoveIn(Schema):
    """The time agreed on; clinician and site stay as they are unless given."""

    start: dt.datetime
    clinician: UUID | None = None
    site: UUID | None = None
    note: str = Field(default="", max_length=1000)
    network_answer: NetworkAnswerIn | None = None


class BumpOut(Schema):
    """`why` says what puts it where it stands: near, need, before (bumped before), waited. `times` counts this one."""

    id: UUID
    status: str
    appointment: UUID
    patient: UUID
    site: UUID
    clinician: UUID
    start: dt.datetime
    cause: str
    reason: str
    times: int
    calls: int
    why: list[str]
    bumped_at: dt.datetime
    settled_at: dt.datetime | None


class BumpsOut(Schema):
    count: int
    bumps: list[BumpOut]


class ContactOut(Schema):
    outcome: str
    made_at: dt.datetime
    by: str
    note: str


class BumpWithContactsOut(BumpOut):
    contacts: list[ContactOut]


class TimeOut(Schema):
    start: dt.datetime
    clinician: UUID
    site: UUID
    why: str


class TimesOut(Schema):
    times: list[TimeOut]


class BumpQuery(WhoseQuery):
    status: BumpStatus = BumpStatus.OPEN


@router.get("/bumps", auth=_READ, response={200: BumpsOut})
def bumps(request: HttpRequest, query: Query[BumpQuery]) -> HttpResponse:
    """Visits on the list, in the turn in which they are worked."""
    rows = query.narrow(selectors.bumps(actor_of(request)).filter(status=query.status))
    found = query.page(selectors.in_turn(rows, at=now()))
    body = {"count": rows.count(), "bumps": [_bump(one) for one in found]}
    return show(request, body, patients=[one.patient_id for one in found])


@router.post("/bumps", auth=_BOOK, response={201: BumpWithContactsOut, **_REFUSALS})
def add(request: HttpRequest, body: BumpIn) -> HttpResponse:
    """Put a visit on the list; one that stands there is answered as it stands. Needs an `Idempotency-Key`."""

    def run() -> HttpResponse:
        actor = actor_of(request)
        visit = schedule.appointment(actor, body.appointment)
        refuse_invisible(actor, visit.unit_id, SchedulingRight.BOOK)
        made = services.bump(appointments=[visit], reason=body.reason, by=actor, cause=body.cause)
        row = made[0] if made else selectors.open_bump(visit)
        if row is None:
            raise Refusal("Only a visit to come can be put on this list.", code="not_to_come", field="appointment")
        response = _shown(request, row.pk)
        response.status_code = 201
        return response

    return idempotent(request, body.dict(), run)


@router.get("/bumps/{bump_id}", auth=_READ, response={200: BumpWithContactsOut, 404: ProblemOut})
def one_bump(request: HttpRequest, bump_id: UUID) -> HttpResponse:
    """One visit of the list with the attempts to tell the patient."""
    return _shown(request, bump_id)


@router.get("/bumps/{bump_id}/times", auth=_BOOK, response={200: TimesOut, 404: ProblemOut})
def times(request: HttpRequest, bump_id: UUID) -> HttpResponse:
    """The nearest free times of the same clinician, and of others who may, with the reason for each."""
    actor = actor_of(request)
    row = selectors.one_bump(actor, bump_id, SchedulingRight.BOOK)
    found = proposals_for(row, by=actor) if row.status == BumpStatus.OPEN else []
    return show(request, {"times": [_time(one) for one in found]}, patients=[row.patient_id])


@router.post("/bumps/{bump_id}/contacts", auth=_BOOK, response={200: BumpWithContactsOut, **_REFUSALS})
def contact(request: HttpRequest, bump_id: UUID, body: ContactIn) -> HttpResponse:
    """An attempt to tell the patient; the visit stays on the list. Needs an `Idempotency-Key`."""
    return _settled(
        request, bump_id, body,
        lambda row: services.note_contact(row=row, outcome=body.outcome, note=body.note, by=actor_of(request)),
    )  # fmt: skip


@router.post("/bumps/{bump_id}/move", auth=_BOOK, response={200: BumpWithContactsOut, **_REFUSALS})
def move(request: HttpRequest, bump_id: UUID, body: MoveIn) -> HttpResponse:
    """Give the visit the time that was agreed on; it leaves the list. Needs an `Idempotency-Key`."""
    if refused := offset_missing(body.start, "start"):
        return refused

    def act(row: Bump) -> object:
        actor, visit = actor_of(request), row.appointment
        return services.move_bumped(
            row=row, start=body.start, by=actor, note=body.note,
            clinician=named_clinician(body.clinician or visit.clinician_id),
            site=schedule.site(actor, body.site or visit.unit_id, SchedulingRight.BOOK),
            network_answer=said(body.network_answer),
        )  # fmt: skip

    return _settled(request, bump_id, body, act)


@router.post("/bumps/{bump_id}/cancel", auth=_BOOK, response={200: BumpWithContactsOut, **_REFUSALS})
def cancel(request: HttpRequest, bump_id: UUID, body: NoteIn) -> HttpResponse:
    """The patient wants no other time: the practice cancels the visit. Needs an `Idempotency-Key`."""
    return _settled(
        request, bump_id, body,
        lambda row: services.cancel_bumped(row=row, note=body.note, by=actor_of(request)),
    )  # fmt: skip


@router.post("/bumps/{bump_id}/keep", auth=_BOOK, response={200: BumpWithContactsOut, **_REFUSALS})
def keep(request: HttpRequest, bump_id: UUID, body: NoteIn) -> HttpResponse:
    """What was in the way is gone: the visit takes place as booked. Needs an `Idempotency-Key`."""
    return _settled(
        request, bump_id, body,
        lambda row: services.keep_bumped(row=row, note=body.note, by=actor_of(request)),
    )  # fmt: skip


def _settled(request: HttpRequest, bump_id: UUID, body: Schema, act: Callable[[Bump], object]) -> HttpResponse:
    def run() -> HttpResponse:
        act(selectors.one_bump(actor_of(request), bump_id, SchedulingRight.BOOK))
        return _shown(request, bump_id)

    return idempotent(request, body.dict(), run)


def _shown(request: HttpRequest, bump_id: UUID) -> HttpResponse:
    row = selectors.one_bump(actor_of(request), bump_id)
    contacts = [_contact(one) for one in selectors.contacts_of(row)]
    return show(request, {**_bump(row), "contacts": contacts}, patients=[row.patient_id])


def _bump(row: Bump) -> dict[str, object]:
    return {
        "id": row.pk,
        "status": row.status,
        "appointment": row.appointment_id,
        "patient": row.patient_id,
        "site": row.unit_id,
        "clinician": row.clinician_id,
        "start": row.visit_start,
        "cause": row.cause,
        "reason": row.reason,
        "times": row.times_before + 1,
        "calls": getattr(row, "calls", 0),
        "why": reasons(row, at=now()),
        "bumped_at": row.bumped_at,
        "settled_at": row.settled_at,
    }


def _contact(one: BumpContact) -> dict[str, object]:
    return {"outcome": one.outcome, "made_at": one.made_at, "by": named(one.by_label), "note": one.note}


def _time(one: Proposed) -> dict[str, object]:
    return {"start": one.start, "clinician": one.clinician_id, "site": one.site_id, "why": one.why}
