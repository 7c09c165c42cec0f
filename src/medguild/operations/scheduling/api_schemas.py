"""What the API of scheduling takes and answers: slots, holds, appointments."""

from __future__ import annotations

import datetime as dt
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Model, QuerySet
from ninja import Field, Schema

from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.network.rules import AnswerKind, AskedBy, Said
from medguild.operations.scheduling.rules import CancelReason, Mode, ReasonCategory

_Row = TypeVar("_Row", bound=Model)


class PageQuery(Schema):
    """A page of a list: at most `limit` rows from `offset` on; `count` of the answer says how many there are in all."""

    limit: int = Field(default=200, ge=1, le=200)
    offset: int = Field(default=0, ge=0, le=1_000_000)


class WhoseQuery(PageQuery):
    """A page of rows of a site, of a patient, or of all that one may see."""

    site: UUID | None = None
    patient: UUID | None = None

    def narrow(self, rows: QuerySet[_Row]) -> QuerySet[_Row]:
        """Rows (with `unit` and `patient`) of whom was asked for."""
        if self.site:
            rows = rows.filter(unit_id=self.site)
        return rows.filter(patient_id=self.patient) if self.patient else rows

    def page(self, rows: QuerySet[_Row]) -> list[_Row]:
        return list(rows[self.offset : self.offset + self.limit])


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
    """`start` is an instant with offset. `overbook_reason` takes a full or uncovered time all the same;
    outside of the hours of the site (before its first session of the day, after its last) it is refused with
    `outside_hours` until that is sent as true.

    `patient_state` is where the patient will be during a remote visit (default: the state of their address). A visit
    out of network of the patient's plan is refused with `network_answer_needed` until `network_answer` is sent.
    `hold` is a hold of the caller's own on that clinician and start; the visit takes its place.
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
    outside_hours: bool = False
    patient_state: str = Field(default="", pattern="^([A-Z]{2})?$")
    network_answer: NetworkAnswerIn | None = None
    hold: UUID | None = None


class HoldIn(Schema):
    """A slot to keep for some minutes. `patient`, `mode` and `patient_state` only say who may see them."""

    clinician: UUID
    visit_type: UUID
    site: UUID
    start: dt.datetime
    patient: UUID | None = None
    mode: Mode | None = None
    patient_state: str = Field(default="", pattern="^([A-Z]{2})?$")


class HoldOut(Schema):
    """Kept until `expires_at`; book with its id before then."""

    id: UUID
    clinician: UUID
    visit_type: UUID
    site: UUID
    start: dt.datetime
    end: dt.datetime
    expires_at: dt.datetime


class MoveIn(Schema):
    """Where to. Clinician, site and length stay as they are unless given; `was` is the start that the caller knows.

    A visit that somebody moved meanwhile is refused with `changed_meanwhile`. `overbook_reason` and `outside_hours` as
    for a booking. `by_practice` says that the patient did
    not ask for it.
    """

    start: dt.datetime
    was: dt.datetime | None = None
    clinician: UUID | None = None
    site: UUID | None = None
    minutes: int | None = Field(default=None, ge=1, le=1440)
    overbook_reason: str = Field(default="", max_length=500)
    outside_hours: bool = False
    by_practice: bool = False
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


def said(given: NetworkAnswerIn | None) -> Said | None:
    return Said(given.answer, given.channel, given.words, given.reason) if given else None


def shown(appointment: Appointment, zone: str) -> dict[str, object]:
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
