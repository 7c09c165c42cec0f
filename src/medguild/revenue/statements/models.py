"""Statements: what an account owed when it was told so."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from medguild.foundation.documents.models import Document
from medguild.foundation.kernel.models import ScopedModel
from medguild.foundation.kernel.phi import Phi
from medguild.foundation.kernel.scoping import Scoping
from medguild.foundation.organization.models import Unit
from medguild.patients.accounts.models import GuarantorAccount

_IS_FINAL = """
    raise exception 'a statement stays as it was made'
        using errcode = 'integrity_constraint_violation', constraint = 'statement_is_final';
"""


class Statement(ScopedModel):
    """One letter to one guarantor about one account. `balance` is in cents, as of `made_on`."""

    SCOPING = Scoping(right="statements.read", unit="entity_id", patient="account__guarantor_patient_id")
    PHI = {
        "number": Phi.IDENTIFIER,
        "account": Phi.LINK,
        "balance": Phi.FINANCIAL,
        "document": Phi.LINK,
    }

    number = models.TextField()
    account = models.ForeignKey(GuarantorAccount, on_delete=models.PROTECT, related_name="statements", db_index=False)
    entity = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    balance = models.BigIntegerField()
    language = models.TextField(default="en")
    made_on = models.DateField()
    due_on = models.DateField()
    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="statement_number_once"),
            models.CheckConstraint(name="statement_number_form", condition=Q(number__regex=r"^S[0-9]{8,}$")),
            models.UniqueConstraint(fields=["account", "made_on"], name="statement_once_per_account_and_day"),
            models.CheckConstraint(name="statement_only_when_owed", condition=Q(balance__gte=1)),
            models.CheckConstraint(name="statement_due_later", condition=Q(due_on__gt=F("made_on"))),
            models.CheckConstraint(name="statement_has_language", condition=~Q(language="")),
        ]
        indexes = [models.Index(fields=["entity", "made_on"], name="statement_of_entity")]
        triggers = [
            pgtrigger.Trigger(
                name="statement_is_final",
                operation=pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=_IS_FINAL,
            )
        ]

    def label(self) -> str:
        return self.number
