"""Forms of drawers and payments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.money import Cents, dollars
from medguild.foundation.organization.models import Site
from medguild.foundation.ui.forms import MoneyField
from medguild.patients.identity.models import Patient
from medguild.revenue.receipts.rules import LARGEST, Method, Purpose
from medguild.revenue.receipts.words import DESK_PURPOSES, METHOD_CHOICES


class OpenDrawerForm(forms.Form):
    float_amount = MoneyField(
        label=_("Cash in the drawer now"), least=0, most=LARGEST, help_text=_("What it begins with, for change.")
    )


class CloseDrawerForm(forms.Form):
    counted = MoneyField(
        label=_("Cash counted"), least=0, most=LARGEST, help_text=_("All cash in the drawer, with what it began with.")
    )
    reason = forms.CharField(
        label=_("Why it differs"),
        max_length=300,
        required=False,
        help_text=_("Only where the count is not what was expected."),
    )


class VoidForm(forms.Form):
    reason = forms.CharField(label=_("Why is it voided?"), max_length=300)


class VisitPaymentForm(forms.Form):
    """From the check-in list; what is paid for is known."""

    receipt_id = forms.UUIDField(widget=forms.HiddenInput)
    purpose = forms.ChoiceField(choices=[(purpose.value, purpose.value) for purpose in Purpose])
    amount = MoneyField(label=_("Amount"), least=1, most=LARGEST)
    method = forms.ChoiceField(label=_("Paid by"), choices=METHOD_CHOICES)
    reference = forms.CharField(label=_("Check or approval number"), max_length=40, required=False)

    def clean_method(self) -> Method:
        return Method(self.cleaned_data["method"])

    def clean_purpose(self) -> Purpose:
        return Purpose(self.cleaned_data["purpose"])


class PaymentForm(VisitPaymentForm):
    """Money for an account, taken at one of the actor's sites. `receipt_id` makes sending it twice harmless."""

    field_order = ("site", "patient", "amount", "method", "purpose", "reference", "receipt_id")
    site = forms.ChoiceField(label=_("Where"))
    patient = forms.ChoiceField(label=_("For which patient"))
    purpose = forms.ChoiceField(label=_("For what"), choices=DESK_PURPOSES)

    def __init__(
        self, *args: Any, sites: Iterable[Site], patients: Iterable[Patient], owed: Cents | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.owed = owed
        self._choose("site", [(str(site.unit_id), site.unit.label()) for site in sites])
        self._choose("patient", [(str(one.pk), one.label()) for one in patients])

    def clean(self) -> dict[str, Any]:
        """More than is owed is mostly a slip of the hand; who means it says so by the purpose."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if self.owed is None or said.get("purpose") is not Purpose.BALANCE:
            return said
        if said.get("amount", 0) > self.owed:
            words = _("%(owed)s is owed. To take more, choose “Prepayment”.")
            self.add_error("amount", words % {"owed": dollars(max(self.owed, 0))})
        return said

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        """A choice of one needs no asking."""
        field = self.fields[name]
        field.choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.initial[name] = choices[0][0]
            field.widget = forms.HiddenInput()
