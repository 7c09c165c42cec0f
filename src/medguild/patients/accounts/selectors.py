"""Which account a service goes to, and what a person may see of accounts."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.organization.models import CircleMember, Unit, UnitPath
from medguild.foundation.organization.rules import UnitKind
from medguild.patients.accounts.models import AccountMember, GuarantorAccount
from medguild.patients.accounts.permissions import AccountsRight
from medguild.patients.accounts.rules import AccountKind


def accounts_of(actor: Actor, patient_id: UUID) -> list[AccountMember]:
    """Memberships of a patient that the actor may see, with account, guarantor and entity; those in force first."""
    rows = AccountMember.objects.visible_to(actor).filter(patient_id=patient_id)
    rows = rows.select_related("account", "account__guarantor_patient", "entity")
    return list(rows.order_by("-period"))


def account(actor: Actor, account_id: UUID, *, right: str = AccountsRight.READ) -> GuarantorAccount:
    """Raises NotVisible."""
    rows = GuarantorAccount.objects.visible_to(actor, right).select_related("guarantor_patient", "entity")
    found: GuarantorAccount | None = rows.filter(pk=account_id).first()
    if found is None:
        raise NotVisible
    return found


def members_of(actor: Actor, account_id: UUID) -> list[AccountMember]:
    """Patients of an account that the actor may see."""
    rows = AccountMember.objects.visible_to(actor).filter(account_id=account_id).select_related("patient")
    return list(rows.order_by("period"))


def account_on(
    patient_id: UUID, entity_id: UUID, on: dt.date, *, kind: AccountKind = AccountKind.PERSONAL
) -> GuarantorAccount | None:
    """The account to which the patient's services at an entity go on a day. For services of the house; the caller has
    checked that the patient is visible.
    """
    rows = AccountMember.objects.unscoped("the account of a known patient").select_related("account")
    held: AccountMember | None = rows.filter(
        patient_id=patient_id, entity_id=entity_id, kind=kind, period__contains=on
    ).first()
    return held.account if held else None


def entities_for(actor: Actor, circle_id: UUID) -> list[Unit]:
    """Entities of a circle whose accounts the actor keeps, by name: those at, above or below the actor's units."""
    scope = actor.scope(AccountsRight.MANAGE)
    members = CircleMember.objects.filter(circle_id=circle_id, period__contains=today())
    units = Unit.objects.filter(pk__in=members.values("entity_id"), kind=UnitKind.ENTITY).order_by("name")
    if not scope.everything:
        below = UnitPath.objects.filter(descendant_id__in=scope.units, period__contains=today())
        units = units.filter(pk__in=below.values("ancestor_id"))
    return list(units)
