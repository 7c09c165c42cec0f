"""Forms of the books, and reading a choice of postings from a URL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from medguild.foundation.ledger.models import LedgerAccount
from medguild.foundation.ledger.rules import Chart, Line
from medguild.foundation.organization.models import Unit
from medguild.foundation.ui.forms import DateField, MoneyField, offer_choices

_IDS = (
    "entity_id",
    "site_id",
    "clinician_id",
    "payer_id",
    "patient_id",
    "account_id",
    "claim_line_id",
    "counterparty_id",
)


class ReopenForm(forms.Form):
    reason = forms.CharField(label=_("Why must the month be opened again?"), max_length=500)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Why is it taken back?"), max_length=500)


class JournalForm(forms.Form):
    """Head of an entry made by hand; the lines are a formset."""

    occurred_on = DateField(label=_("Day"), help_text=_("When its month is closed, it counts in the next open one."))
    reason = forms.CharField(
        label=_("Why"), max_length=500, help_text=_("Words for accountants and auditors; no patient data.")
    )
    between = forms.BooleanField(label=_("Lines of several entities: add what one then owes the other"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)


class LineForm(forms.Form):
    """One line: an account of an entity and an amount on one side."""

    account = forms.ChoiceField(label=_("Account"), required=False)
    debit = MoneyField(label=_("Debit"), least=0, required=False)
    credit = MoneyField(label=_("Credit"), least=0, required=False)
    other = forms.ChoiceField(
        label=_("Other entity"), required=False, help_text=_("Only for what is due from or to another entity.")
    )

    def __init__(
        self, *args: Any, accounts: Mapping[str, LedgerAccount], entities: Iterable[Unit], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        others = [("", "–"), *((str(unit.pk), unit.name) for unit in entities)]
        offer_choices(self, "other", others)
        self.accounts = accounts
        offer_choices(self, "account", [("", "–"), *_by_entity(accounts.values())])

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        debit, credit, account = given.get("debit"), given.get("credit"), given.get("account")
        if bool(debit) and bool(credit):
            self.add_error("credit", _("Write a debit or a credit, not both."))
        elif bool(debit or credit) != bool(account):
            self.add_error("account" if not account else "debit", _("A line has an account and an amount."))
        self._check_other(self.accounts.get(account or ""), given.get("other", ""))
        return given

    def _check_other(self, account: LedgerAccount | None, other: str) -> None:
        """What is due between entities names the other one, else nobody could tell which debt was settled."""
        between = account is not None and account.code in (Chart.DUE_FROM, Chart.DUE_TO)
        if between and not other:
            self.add_error("other", _("Say which entity it is due from or to."))
        elif other and not between:
            self.add_error("other", _("Only lines of what is due between entities name another one."))
        elif account is not None and other == str(account.entity_id):
            self.add_error("other", _("This is the entity of the account itself; name the other one."))

    def line(self) -> Line | None:
        """The posting to make; None for an empty row."""
        given = self.cleaned_data
        account = self.accounts.get(given.get("account") or "")
        if account is None:
            return None
        amount = (given.get("debit") or 0) - (given.get("credit") or 0)
        other = UUID(given["other"]) if given.get("other") else None
        return Line(account.entity_id, account.code, amount, counterparty_id=other)


def _by_entity(accounts: Iterable[LedgerAccount]) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (name, [(str(account.pk), account.label()) for account in group])
        for name, group in groupby(accounts, key=lambda account: account.entity.name)
    ]


LineFormSet = forms.formset_factory(LineForm, extra=6, max_num=60)


def read_month(text: str) -> dt.date | None:
    """`2026-03` as the first of that month; None for anything else."""
    try:
        return dt.datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError:
        return None


def read_choice(query: QueryDict) -> dict[str, Any] | None:
    """What postings a URL asks for (`code`, `as_of`, ids of dimensions); None where it asks nothing readable."""
    choice: dict[str, Any] = {}
    try:
        choice |= {name: UUID(str(query[name])) for name in _IDS if query.get(name)}
        if query.get("as_of"):
            choice["as_of"] = dt.date.fromisoformat(str(query["as_of"]))
    except ValueError:
        return None
    codes = query.getlist("code")
    return (choice | {"codes": codes} if codes else choice) or None
