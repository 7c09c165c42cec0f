"""What people see of their own record, and who has access to a record online."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from medguild.experience.feedback.rating import may_be_rated, scores_of
from medguild.experience.portal.permissions import PortalRight
from medguild.foundation.access.models import Grant
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.organization.models import CircleMember
from medguild.operations.chart.models import Note, NoteDiagnosis
from medguild.operations.chart.rules import NoteStatus
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.rules import AppointmentStatus
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
    """Visits and offered times; of past visits with whether it may be said how they were, and what was said."""

    to_come: Sequence[Appointment]
    past: Sequence[tuple[Appointment, bool, int | None]]
    offered: Sequence[SlotOffer]


def visits(patient: Patient, *, at: dt.datetime) -> Visits:
    """Booked visits to come, the next first; visits that were, the latest first; and times that are offered from the
    waiting list. The caller found the record."""
    rows = own_visits(patient)
    to_come = rows.filter(start__gt=at, status=AppointmentStatus.BOOKED).order_by("start")
    past = list(rows.filter(start__lte=at).exclude(status=AppointmentStatus.CANCELLED).order_by("-start")[:_MOST])
    said = scores_of(past)
    offered = _own_offers(patient).filter(status=OfferStatus.OPEN, sends_at__lte=at, expires_at__gt=at)
    return Visits(
        list(to_come[:_MOST]), [(one, may_be_rated(one, at=at), said.get(one.pk)) for one in past],
        list(offered.order_by("start")),
    )  # fmt: skip


def appointment(patient: Patient, appointment_id: UUID) -> Appointment:
    """One visit of the record. Raises NotVisible."""
    found: Appointment | None = own_visits(patient).filter(pk=appointment_id).first()
    if found is None:
        raise NotVisible
    return found


def offer(patient: Patient, offer_id: UUID, *, at: dt.datetime) -> SlotOffer:
    """One offer to the person whose turn has come. Raises NotVisible."""
    found: SlotOffer | None = _own_offers(patient).filter(pk=offer_id, sends_at__lte=at).first()
    if found is None:
        raise NotVisible
    return found


def own_visits(patient: Patient) -> QuerySet[Appointment]:
    """Of a record that the caller found."""
    rows: QuerySet[Appointment] = Appointment.objects.unscoped(_OWN).filter(patient_id__in=alias_ids(patient.pk))
    return rows.select_related("clinician__person", "unit__site", "visit_type")


def _own_offers(patient: Patient) -> QuerySet[SlotOffer]:
    rows: QuerySet[SlotOffer] = SlotOffer.objects.unscoped(_OWN).filter(patient_id__in=alias_ids(patient.pk))
    return rows.select_related("clinician__person", "unit__site", "entry__visit_type")


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
