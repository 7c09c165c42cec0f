"""Opening accounts and saying which patients they stand for."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import day_of, now
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.organization.models import CircleMember
from medguild.patients.accounts.models import AccountMember, GuarantorAccount
from medguild.patients.accounts.permissions import AccountsRight
from medguild.patients.accounts.rules import ORGANIZATIONS, AccountKind, Guarantor, GuarantorRelation
from medguild.patients.identity.models import Patient
from medguild.patients.identity.rules.mrn import numbered
from medguild.patients.identity.rules.names import tidy_name
from medguild.patients.identity.rules.phones import normal_phone

OPENED = declare_event("account.opened", gettext_lazy("Account opened"), icon="wallet")
MEMBER_ADDED = declare_event("account.member_added", gettext_lazy("Put on an account"), icon="wallet")
MEMBER_ENDED = declare_event("account.member_ended", gettext_lazy("Taken off an account"), icon="wallet")


@transaction.atomic
def open_account(
    *,
    patient: Patient,
    entity_id: UUID,
    by: Actor,
    relation: GuarantorRelation = GuarantorRelation.SELF,
    guarantor: Guarantor | None = None,
    guarantor_patient: Patient | None = None,
    kind: AccountKind = AccountKind.PERSONAL,
    start: dt.date | None = None,
    at: dt.datetime | None = None,
) -> GuarantorAccount:
    """Open an account of an entity for a patient. Without `guarantor` and `guarantor_patient` the patient owes.

    Raises Refusal (`account_exists`, `guarantor_needed`, `other_circle`).
    """
    moment = at or now()
    day = start or day_of(moment)
    circle_id = _circle_of(entity_id, day_of(moment))
    owner = _owner(patient, relation, guarantor, guarantor_patient)
    for record_of in (patient, owner):
        if record_of is not None and record_of.circle_id != circle_id:
            raise Refusal(_("This entity and the patient share no records."), code="other_circle")
    account: GuarantorAccount = GuarantorAccount.objects.create(
        entity_id=entity_id,
        circle_id=circle_id,
        number=_next_number(),
        kind=kind,
        guarantor_patient=owner,
        opened_at=moment,
        **(_columns(guarantor) if guarantor else {}),
    )
    record(
        OPENED,
        subject=_subject(account),
        by=by,
        patient_id=patient.pk,
        unit_id=entity_id,
        occurred_at=moment,
        data={"kind": kind, "relation": relation},
    )
    add_member(account=account, patient=patient, relation=relation, start=day, by=by)
    return account


def _owner(
    patient: Patient, relation: GuarantorRelation, guarantor: Guarantor | None, other: Patient | None
) -> Patient | None:
    if relation is GuarantorRelation.SELF:
        if guarantor is not None or other is not None:
            raise Refusal(_("The patient cannot both owe and have a guarantor."), code="guarantor_twice")
        return patient
    if (guarantor is None) == (other is None):
        raise Refusal(_("Say who pays: another patient, a person or an organisation."), code="guarantor_needed")
    if guarantor is not None and not guarantor.named:
        field = "organization" if relation in ORGANIZATIONS else "family_name"
        raise Refusal(_("Write the name of the one who pays."), code="guarantor_needed", field=field)
    return other


@transaction.atomic
def add_member(
    *, account: GuarantorAccount, patient: Patient, relation: GuarantorRelation, start: dt.date, by: Actor
) -> AccountMember:
    """Services of the patient go to this account from a day on."""
    if patient.circle_id != account.circle_id:
        raise Refusal(_("This entity and the patient share no records."), code="other_circle")
    held = AccountMember.objects.unscoped("one account at a time, whoever asks").filter(
        patient=patient, entity_id=account.entity_id, kind=account.kind, period__overlap=DateRange(start, None)
    )
    if held.exists():
        raise Refusal(_("This patient has an account of this kind here."), code="account_exists")
    member: AccountMember = AccountMember.objects.create(
        account=account,
        patient=patient,
        entity_id=account.entity_id,
        kind=account.kind,
        relation=relation,
        period=DateRange(start, None),
    )
    record(
        MEMBER_ADDED,
        subject=_subject(account),
        by=by,
        patient_id=patient.pk,
        unit_id=account.entity_id,
        data={"relation": relation, "from": start.isoformat()},
    )
    return member


@transaction.atomic
def end_member(*, member: AccountMember, on: dt.date, by: Actor) -> None:
    """From a day on the patient's services go elsewhere. Raises NotVisible, Refusal."""
    rows = AccountMember.objects.visible_to(by, AccountsRight.MANAGE).select_for_update(of=("self",))
    held: AccountMember | None = rows.select_related("account").filter(pk=member.pk).first()
    if held is None:
        raise NotVisible
    if on <= held.period.lower:
        raise Refusal(_("The end must be after the first day."), code="end_too_early", field="on")
    held.period = DateRange(held.period.lower, on)
    held.save(update_fields=["period"])
    record(
        MEMBER_ENDED,
        subject=_subject(held.account),
        by=by,
        patient_id=held.patient_id,
        unit_id=held.entity_id,
        data={"on": on.isoformat()},
    )


@transaction.atomic
def ensure_account(
    *, patient: Patient, entity_id: UUID, by: Actor, on: dt.date, kind: AccountKind = AccountKind.PERSONAL
) -> GuarantorAccount:
    """The patient's account of a kind at an entity on a day; opened with the patient as guarantor where there is none.

    For captured charges: a service is never without an account. The patient's row is locked against doing it twice.
    """
    rows = Patient.objects.unscoped("a service goes to an account whoever captured it")
    locked: Patient = rows.select_for_update().get(pk=patient.pk)
    members = AccountMember.objects.unscoped("the account of a known patient")
    held = members.filter(patient=locked, entity_id=entity_id, kind=kind, period__contains=on)
    found: AccountMember | None = held.select_related("account").first()
    if found is not None:
        return found.account
    return open_account(patient=locked, entity_id=entity_id, by=by, kind=kind, start=on)


def _circle_of(entity_id: UUID, day: dt.date) -> UUID:
    found: UUID | None = (
        CircleMember.objects.filter(entity_id=entity_id, period__contains=day)
        .values_list("circle_id", flat=True)
        .first()
    )
    if found is None:
        raise Refusal(_("This entity belongs to no sharing circle yet; ask an administrator."), code="no_circle")
    return found


def _next_number() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select nextval('patients_account_number')")
        return "A" + numbered(cursor.fetchone()[0])


def _columns(guarantor: Guarantor) -> dict[str, object]:
    try:
        phone = normal_phone(guarantor.phone)
    except ValueError:
        raise Refusal(_("Write a phone number with area code."), code="phone_form", field="phone") from None
    return {
        "family_name": tidy_name(guarantor.family_name),
        "given_name": tidy_name(guarantor.given_name),
        "organization": tidy_name(guarantor.organization),
        "birth_date": guarantor.birth_date,
        "phone": phone,
        "line1": tidy_name(guarantor.line1),
        "line2": tidy_name(guarantor.line2),
        "city": tidy_name(guarantor.city),
        "state": guarantor.state.strip().upper(),
        "postal_code": guarantor.postal_code.replace("-", "").strip(),
    }


def _subject(account: GuarantorAccount) -> SubjectRef:
    return SubjectRef("account", account.pk, account.number)
