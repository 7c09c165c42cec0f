"""Where balances stand in the menu and on the patient's page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.ledger.selectors import balances_of
from medguild.foundation.ui.ports.menu import Area, MenuEntry, register
from medguild.patients.accounts.models import AccountMember
from medguild.patients.identity.models import Patient
from medguild.patients.identity.ports import PatientSlot, Place, slots
from medguild.patients.identity.selectors import alias_ids
from medguild.revenue.receipts.scope import accounts_in_scope
from medguild.revenue.statements.permissions import StatementsRight

register(
    MenuEntry(
        area=Area.REVENUE, label=_("Balances"), url_name="statements:list", permission=StatementsRight.READ, order=40,
        icon="wallet", shortcut="g u", keywords=_("statements owed accounts guarantor"),
    )
)  # fmt: skip


def _balances(actor: Actor, patient: Patient) -> Mapping[str, Any] | None:
    """The patient's accounts at the actor's entities, with what each stands at."""
    members = AccountMember.objects.unscoped("narrowed to accounts in scope")
    mine = members.filter(patient_id__in=alias_ids(patient.pk)).values("account_id")
    rows = accounts_in_scope(actor, StatementsRight.READ).filter(pk__in=mine).select_related("entity")
    accounts = list(rows.order_by("entity__name", "number"))
    if not accounts:
        return None
    stands = balances_of([account.pk for account in accounts])
    return {"balances": [(account, stands[account.pk]) for account in accounts]}


slots.register(
    "balances",
    PatientSlot("statements/_patient.html", _balances, StatementsRight.READ, order=60, place=Place.ASIDE),
)
