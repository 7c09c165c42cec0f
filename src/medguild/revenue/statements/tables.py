"""Accounts with a balance."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.patients.accounts.models import GuarantorAccount
from medguild.patients.identity.filters import PatientSearch
from medguild.revenue.statements.permissions import StatementsRight
from medguild.revenue.statements.services import make_statements

# Each letter is set one by one; more would keep the desk waiting.
MOST_AT_ONCE = 200


def make_for(request: HttpRequest, rows: Any) -> str:
    """Statements for the chosen accounts; tells how many were made and how many left out."""
    batch = make_statements(accounts=list(rows[:MOST_AT_ONCE]), by=actor_of(request))
    words = ngettext("%(count)d statement made.", "%(count)d statements made.", batch.made) % {"count": batch.made}
    if not batch.left_out:
        return words
    left = _("%(count)d left out: too little owed, or made today already.") % {"count": batch.left_out}
    return f"{words} {left}"


class AccountFilters(tables.FilterSet):
    q = PatientSearch(
        patient="guarantor_patient",
        fields=["number__iexact", "family_name__istartswith", "given_name__istartswith", "organization__icontains"],
        label=gettext_lazy("Account or guarantor"),
    )


class AccountTable(tables.Table):
    number = tables.Column(
        gettext_lazy("Account"), linkify=lambda record: reverse("statements:account", args=[record.pk])
    )
    guarantor = tables.Column(gettext_lazy("Guarantor"), accessor="guarantor_name", orderable=False)
    entity = tables.Column(gettext_lazy("Entity"), accessor="entity__name")
    owes = tables.MoneyColumn(gettext_lazy("Owed now"))
    pending = tables.MoneyColumn(gettext_lazy("With the insurance"))
    last_statement = tables.DateColumn(gettext_lazy("Last statement"))

    class Meta:
        order_by = ("-owes",)

    key = "balances"
    caption = gettext_lazy("Accounts with a balance")
    filters = AccountFilters
    patient_id = "guarantor_patient_id"
    empty = tables.Empty(
        gettext_lazy("No account owes anything"),
        gettext_lazy("Balances appear here when insurance has answered, or a patient without insurance was seen."),
        icon="circle-check",
    )
    bulk = (
        tables.BulkAct(
            "statements",
            gettext_lazy("Make statements"),
            run=make_for,
            permission=StatementsRight.SEND,
            icon="file-dollar",
            confirm=gettext_lazy("Make statements for the chosen accounts?"),
        ),
    )

    def render_guarantor(self, record: GuarantorAccount) -> str:
        return record.guarantor_name()
