"""What people see of their own record, and who has access to a record online."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse

from medguild.experience.feedback.rating import may_be_rated
from medguild.experience.outreach.links import token_of
from medguild.experience.portal.permissions import PortalRight
from medguild.foundation.access.models import Grant
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.organization.models import CircleMember
from medguild.operations.chart.models import Note, NoteDiagnosis
from medguild.operations.chart.rules import NoteStatus
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.rules import AppointmentStatus
from medguild.operations.waitlist.links import token_of as offer_token
from medguild.operations.waitlist.models import SlotOffer
from medguild.operations.waitlist.rules import OfferStatus
from medguild.patients.accounts.models import GuarantorAccount
from medguild.patients.identity.models import Patient
from medguild.patients.identity.selectors import alias_ids
from medguild.revenue.receipts.scope import accounts_in_scope
from medguild.revenue.statements.models import Statement
from medguild.revenue.statements.permissions import StatementsRight
from medguild.revenue.statements.selectors import Balance, account_balance, statements_of

_OWN = "the reader's own record, under all its ids"
_MOST = 50


def records(actor: Actor) -> list[Patient]:
    """Records that are the reader's own, or are looked after by the reader."""
    return list(Patient.objects.visible_to(actor, PortalRight.READ).order_by("given_name", "family_name"))


def record(actor: Actor, patient_id: UUID, right: PortalRight = PortalRight.READ) -> Patient:
    """One of these; with GIVE, one of the records to which staff may let somebody in. Raises NotVisible."""
    found: Patient | None = Patient.objects.visible_to(actor, right).filter(pk=patient_id).first()
    if found is None:
        raise NotVisible
    return found


@dataclass(frozen=True, slots=True)
class Visits:
    """Visits and offered times, each with the address where it is answered."""

    to_come: Sequence[tuple[Appointment, str]]
    past: Sequence[tuple[Appointment, str]]
    offered: Sequence[tuple[SlotOffer, str]]


def visits(patient: Patient, *, at: dt.datetime) -> Visits:
    """Booked visits to come, the next first, each with the address where people say whether they come; visits that
    were, the latest first, with the address that asks how it was as long as it may be judged; and times that are
    offered from the waiting list. The caller found the record."""
    rows = Appointment.objects.unscoped(_OWN).filter(patient_id__in=alias_ids(patient.pk))
    rows = rows.select_related("clinician__person", "unit__site", "visit_type")
    to_come = rows.filter(start__gt=at, status=AppointmentStatus.BOOKED).order_by("start")
    past = rows.filter(start__lte=at).exclude(status=AppointmentStatus.CANCELLED).order_by("-start")
    return Visits(
        [(one, reverse("outreach:visit", args=[token_of(one.pk)])) for one in to_come[:_MOST]],
        [(one, _question(one, at)) for one in past[:_MOST]],
        [(one, reverse("waitlist:offer", args=[offer_token(one.pk)])) for one in _offered(patient, at)],
    )


def _offered(patient: Patient, at: dt.datetime) -> QuerySet[SlotOffer]:
    rows: QuerySet[SlotOffer] = SlotOffer.objects.unscoped(_OWN).filter(
        patient_id__in=alias_ids(patient.pk), status=OfferStatus.OPEN, sends_at__lte=at, expires_at__gt=at
    )
    return rows.select_related("clinician__person", "unit__site", "entry__visit_type").order_by("start")


def _question(visit: Appointment, at: dt.datetime) -> str:
    return reverse("outreach:visit", args=[token_of(visit.pk)]) if may_be_rated(visit, at=at) else ""


@dataclass(frozen=True, slots=True)
class Owed:
    account: GuarantorAccount
    balance: Balance
    statements: Sequence[Statement]


def owed(actor: Actor, patient: Patient) -> list[Owed]:
    """Accounts that the person answers for, with what is owed. Accounts of others stay theirs."""
    accounts = accounts_in_scope(actor, StatementsRight.READ).filter(guarantor_patient_id__in=alias_ids(patient.pk))
    return [
        Owed(account, account_balance(account.pk), statements_of(account.pk))
        for account in accounts.select_related("entity").order_by("number")
    ]


def summaries(patient: Patient) -> list[Note]:
    """Signed notes, the latest first. The caller found the record."""
    rows = Note.objects.unscoped(_OWN).filter(visit__patient_id__in=alias_ids(patient.pk), status=NoteStatus.SIGNED)
    return list(rows.select_related("signed_by__person", "visit__site__site").order_by("-signed_at")[:_MOST])


@dataclass(frozen=True, slots=True)
class Summary:
    note: Note
    diagnoses: Sequence[NoteDiagnosis]


def summary(patient: Patient, note_id: UUID) -> Summary:
    """One of these with its diagnoses. Raises NotVisible."""
    note = next((one for one in summaries(patient) if one.pk == note_id), None)
    if note is None:
        raise NotVisible
    return Summary(note, list(NoteDiagnosis.objects.unscoped(_OWN).filter(note=note).order_by("order")))


def readers_online(patient: Patient, *, on: dt.date) -> list[Grant]:
    """Who may open the record online on the day or later."""
    held = Grant.objects.filter(patient_id=patient.pk).filter(
        Q(period__endswith__isnull=True) | Q(period__endswith__gt=on)
    )
    return list(held.select_related("user").order_by("role", "period"))


def sharing_entities(patient: Patient, *, on: dt.date) -> list[str]:
    """Entities whose staff share the record."""
    members = CircleMember.objects.filter(circle_id=patient.circle_id, period__contains=on)
    return list(members.order_by("entity__name").values_list("entity__name", flat=True))
