"""Guarantor accounts: who owes an entity for which patients."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from medguild.foundation.kernel.models import ScopedModel, no_overlap, one_of, whole_period
from medguild.foundation.kernel.phi import Phi
from medguild.foundation.kernel.scoping import Scoping
from medguild.foundation.organization.models import SharingCircle, Unit
from medguild.patients.accounts.rules import AccountKind, GuarantorRelation
from medguild.patients.identity.models import Patient

_PERSON_FIELDS = (
    "family_name", "given_name", "organization", "birth_date", "phone",
    "line1", "line2", "city", "state", "postal_code",
)  # fmt: skip


class GuarantorAccount(ScopedModel):
    """What one guarantor owes one entity. The guarantor is a patient, another person, or an organisation.

    Balances are not here: they belong to revenue and do not leave the entity. Who owes, the circle may know.
    """

    SCOPING = Scoping(right="accounts.read", unit="entity_id", circle="circle_id", patient="guarantor_patient_id")
    PHI = {**dict.fromkeys(_PERSON_FIELDS, Phi.IDENTIFIER), "number": Phi.IDENTIFIER, "guarantor_patient": Phi.LINK}

    entity = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    circle = models.ForeignKey(SharingCircle, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.TextField(db_collation="C")
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in AccountKind])
    guarantor_patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, null=True, blank=True, related_name="guaranteed_accounts"
    )
    family_name = models.TextField(default="", blank=True)
    given_name = models.TextField(default="", blank=True)
    organization = models.TextField(default="", blank=True)
    birth_date = models.DateField(null=True, blank=True)
    phone = models.TextField(default="", blank=True)
    line1 = models.TextField(default="", blank=True)
    line2 = models.TextField(default="", blank=True)
    city = models.TextField(default="", blank=True)
    state = models.TextField(default="", blank=True)
    postal_code = models.TextField(default="", blank=True)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="account_number_once"),
            models.CheckConstraint(name="account_number_form", condition=Q(number__regex=r"^[A-Z0-9-]{1,20}$")),
            one_of("kind", list(AccountKind), name="account_kind_known"),
            models.CheckConstraint(
                name="account_one_guarantor",
                condition=Q(guarantor_patient__isnull=False, family_name="", given_name="", organization="")
                | (Q(guarantor_patient__isnull=True, organization="") & ~Q(family_name="") & ~Q(given_name=""))
                | (Q(guarantor_patient__isnull=True, family_name="", given_name="") & ~Q(organization="")),
            ),
            models.CheckConstraint(
                name="account_postal_code_form",
                condition=Q(postal_code="") | Q(postal_code__regex=r"^[0-9]{5}([0-9]{4})?$"),
            ),
        ]

    def guarantor_name(self) -> str:
        """Who owes, as a letter is addressed; reads the guarantor's patient record when that is who it is."""
        if self.guarantor_patient is not None:
            return self.guarantor_patient.spoken()
        return self.organization or f"{self.given_name} {self.family_name}"

    def label(self) -> str:
        return self.number


_AS_THE_ACCOUNT = """
    select a.entity_id, a.kind into new.entity_id, new.kind
      from patients_guarantoraccount a where a.id = new.account_id;
    return new;
"""


class AccountMember(ScopedModel):
    """A patient whose services go to an account for a period. `entity` and `kind` are copied from the account by a
    trigger, so that one patient has one account of a kind at an entity at a time.
    """

    SCOPING = Scoping(right="accounts.read", unit="entity_id", circle="patient__circle_id", patient="patient_id")
    PHI = {"patient": Phi.LINK, "account": Phi.LINK, "relation": Phi.IDENTIFIER}

    account = models.ForeignKey(GuarantorAccount, on_delete=models.PROTECT, related_name="members")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="account_memberships")
    entity = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.TextField()
    relation = models.TextField(choices=[(relation.value, relation.value) for relation in GuarantorRelation])
    period = DateRangeField()

    class Meta:
        constraints = [
            one_of("relation", list(GuarantorRelation), name="account_member_relation_known"),
            no_overlap(name="account_member_one_account", keys=["patient_id", "entity_id"], texts=["kind"]),
            whole_period(name="account_member_period_whole"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="account_member_as_account",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=_AS_THE_ACCOUNT,
            )
        ]
