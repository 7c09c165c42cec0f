"""The waiting list over the API: who waits, what they were offered, their yes or no."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from medguild.foundation.access.api import TokenAuth, actor_of, idempotent, show
from medguild.operations.scheduling import selectors as schedule
from medguild.operations.scheduling.api_changes import named_clinician
from medguild.operations.scheduling.api_schemas import (
    AppointmentOut,
    NetworkAnswerIn,
    ProblemOut,
    WhoseQuery,
    said,
    shown,
)
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.rules import Origin
from medguild.operations.waitlist import selectors, services
from medguild.operations.waitlist.accepting import accept_offer
from medguild.operations.waitlist.models import SlotOffer, WaitlistEntry
from medguild.operations.waitlist.offering import decline_offer
from medguild.operations.waitlist.rules import EntryStatus, Urgency
from medguild.patients.identity.selectors import patient as visible_patient

router = Router(tags=["waitlist"])
_REFUSALS = {404: ProblemOut, 409: ProblemOut, 422: ProblemOut}
_READ, _BOOK = TokenAuth(SchedulingRight.READ), TokenAuth(SchedulingRight.BOOK)
Weekday = Annotated[int, Field(ge=0, le=6)]


class WishesIn(Schema):
    """Days are local days of the site; minutes are of its wall clock; weekdays count from Monday 0, none means any."""

    earliest: dt.date
    latest: dt.date | None = None
    urgency: Urgency = Urgency.ROUTINE
    weekdays: list[Weekday] = Field(default_factory=list)
    from_minute: int = Field(default=0, ge=0, le=1439)
    to_minute: int = Field(default=1440, ge=1, le=1440)
    notice_minutes: int = Field(default=120, ge=0, le=20_160)
    note: str = Field(default="", max_length=500)


class EntryIn(WishesIn):
    """Who waits for what. `instead_of` is the later visit that is kept until an earlier time is found."""

    patient: UUID
    visit_type: UUID
    site: UUID
    clinician: UUID | None = None
    instead_of: UUID | None = None


class OfferOut(Schema):
    """A time that is held for them until `expires_at`, unless somebody else who was asked says yes first."""

    id: UUID
    status: str
    clinician: UUID
    site: UUID
    start: dt.datetime
    expires_at: dt.datetime


class EntryOut(Schema):
    id: UUID
    status: str
    patient: UUID
    visit_type: UUID
    site: UUID
    clinician: UUID | None
    urgency: str
    earliest: dt.date
    latest: dt.date | None
    weekdays: list[int]
    from_minute: int
    to_minute: int
    notice_minutes: int
    added_at: dt.datetime
    appointment: UUID | None


class EntryWithOffersOut(EntryOut):
    """`ahead` counts those who come before for the same kind of visit at the site, while this one waits."""

    ahead: int | None
    offers: list[OfferOut]


class AnswerIn(Schema):
    """`network_answer` is what the patient said when told that the visit is out of network."""

    network_answer: NetworkAnswerIn | None = None


class EntriesOut(Schema):
    count: int
    entries: list[EntryOut]


class EntryQuery(WhoseQuery):
    """Who waits now, the longest wait first."""

    status: EntryStatus = EntryStatus.WAITING


@router.get("/waitlist", auth=_READ, response={200: EntriesOut})
def entries(request: HttpRequest, query: Query[EntryQuery]) -> HttpResponse:
    """Entries of the list, the longest wait first."""
    rows = query.narrow(selectors.entries(actor_of(request)).filter(status=query.status))
    found = query.page(rows.order_by("added_at", "pk"))
    body = {"count": rows.count(), "entries": [_entry(one) for one in found]}
    return show(request, body, patients=[one.patient_id for one in found])


@router.post("/waitlist", auth=_BOOK, response={201: EntryOut, **_REFUSALS})
def add(request: HttpRequest, body: EntryIn) -> HttpResponse:
    """Put somebody on the list. Needs an `Idempotency-Key`."""

    def run() -> HttpResponse:
        actor = actor_of(request)
        made = services.add_to_waitlist(
            patient=visible_patient(actor, body.patient), visit_type=schedule.visit_type(actor, body.visit_type),
            site=schedule.site(actor, body.site, SchedulingRight.BOOK), wanted=_wanted(body), by=actor,
            clinician=named_clinician(body.clinician) if body.clinician else None,
            instead_of=schedule.appointment(actor, body.instead_of) if body.instead_of else None,
        )  # fmt: skip
        response = show(request, _entry(made), patients=[made.patient_id])
        response.status_code = 201
        return response

    return idempotent(request, body.dict(), run)


@router.get("/waitlist/{entry_id}", auth=_READ, response={200: EntryWithOffersOut, 404: ProblemOut})
def entry(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """One entry with all offers made for it, the newest first."""
    found = selectors.entry(actor_of(request), entry_id)
    ahead = selectors.ahead_of(found) if found.status == EntryStatus.WAITING else None
    offers = [_offer(one) for one in selectors.offers_of(found)]
    return show(request, {**_entry(found), "ahead": ahead, "offers": offers}, patients=[found.patient_id])


@router.post("/waitlist/{entry_id}/wishes", auth=_BOOK, response={200: EntryOut, **_REFUSALS})
def change(request: HttpRequest, entry_id: UUID, body: WishesIn) -> HttpResponse:
    """Other days, hours or urgency, all of them as sent; the place is kept. Needs an `Idempotency-Key`."""

    def run() -> HttpResponse:
        actor = actor_of(request)
        found = selectors.entry(actor, entry_id, SchedulingRight.BOOK)
        changed = services.change_wishes(entry=found, wanted=_wanted(body), by=actor)
        return show(request, _entry(changed), patients=[changed.patient_id])

    return idempotent(request, body.dict(), run)


@router.post("/waitlist/{entry_id}/withdraw", auth=_BOOK, response={200: EntryOut, **_REFUSALS})
def withdraw(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """They wait no longer. Needs an `Idempotency-Key`."""

    def run() -> HttpResponse:
        actor = actor_of(request)
        found = selectors.entry(actor, entry_id, SchedulingRight.BOOK)
        closed = services.withdraw(entry=found, by=actor)
        return show(request, _entry(closed), patients=[closed.patient_id])

    return idempotent(request, {}, run)


@router.post("/waitlist/offers/{offer_id}/accept", auth=_BOOK, response={200: AppointmentOut, **_REFUSALS})
def accept(request: HttpRequest, offer_id: UUID, body: AnswerIn | None = None) -> HttpResponse:
    """The patient says yes: the first who does has the time. Needs an `Idempotency-Key`.

    Out of network of their plan it is refused with `network_answer_needed`, which tells the words to read to them,
    until `network_answer` is sent.
    """
    told = said(body.network_answer) if body else None

    def run() -> HttpResponse:
        actor = actor_of(request)
        offer = selectors.offer(actor, offer_id)
        booked = accept_offer(offer=offer, by=actor, origin=Origin.API, told=told)
        return show(request, shown(booked, offer.unit.site.time_zone), patients=[booked.patient_id])

    return idempotent(request, body.dict() if body else {}, run)


@router.post("/waitlist/offers/{offer_id}/decline", auth=_BOOK, response={204: None, **_REFUSALS})
def decline(request: HttpRequest, offer_id: UUID, body: AnswerIn | None = None) -> HttpResponse:
    """The patient says no; they keep their place. Needs an `Idempotency-Key`.

    With `network_answer` `other_clinician` it is because their plan does not pay, and that is kept.
    """
    told = said(body.network_answer) if body else None

    def run() -> HttpResponse:
        actor = actor_of(request)
        decline_offer(offer=selectors.offer(actor, offer_id), by=actor, told=told)
        return HttpResponse(status=204)

    return idempotent(request, body.dict() if body else {}, run)


def _wanted(body: WishesIn) -> services.Wanted:
    return services.Wanted(
        earliest=body.earliest, latest=body.latest, urgency=body.urgency, weekdays=list(body.weekdays),
        from_minute=body.from_minute, to_minute=body.to_minute, notice_minutes=body.notice_minutes, note=body.note,
    )  # fmt: skip


def _entry(row: WaitlistEntry) -> dict[str, object]:
    return {
        "id": row.pk,
        "status": row.status,
        "patient": row.patient_id,
        "visit_type": row.visit_type_id,
        "site": row.unit_id,
        "clinician": row.clinician_id,
        "urgency": row.urgency,
        "earliest": row.earliest,
        "latest": row.latest,
        "weekdays": row.weekdays,
        "from_minute": row.from_minute,
        "to_minute": row.to_minute,
        "notice_minutes": row.notice_minutes,
        "added_at": row.added_at,
        "appointment": row.appointment_id,
    }


def _offer(row: SlotOffer) -> dict[str, object]:
    return {
        "id": row.pk,
        "status": row.status,
        "clinician": row.clinician_id,
        "site": row.unit_id,
        "start": row.start,
        "expires_at": row.expires_at,
    }
