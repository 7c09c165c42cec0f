"""Forms of payers and plans."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from medguild.payers.payers.rules import PayerKind, PlanKind
from medguild.payers.payers.words import PAYER_KINDS, PLAN_KINDS


class PayerForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.TypedChoiceField(label=_("Kind"), choices=PAYER_KINDS, coerce=PayerKind)
    payer_id = forms.CharField(
        label=_("Payer id"), max_length=25, required=False, help_text=_("As your clearinghouse knows it.")
    )
    filing_indicator = forms.CharField(
        label=_("Claim filing indicator"), max_length=2, required=False, help_text=_("Empty: follows from the kind.")
    )
    originator = forms.CharField(
        label=_("Originator number"), max_length=20, required=False, help_text=_("How the payer signs its payments.")
    )
    line1 = forms.CharField(label=_("Street"), max_length=200, required=False)
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    state = forms.CharField(label=_("State"), max_length=2, required=False)
    postal_code = forms.RegexField(r"^\d{5}(-?\d{4})?$", label=_("ZIP code"), required=False)
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)


class PlanForm(forms.Form):
    name = forms.CharField(label=_("Name of the plan"), max_length=200)
    kind = forms.TypedChoiceField(label=_("Kind"), choices=PLAN_KINDS, coerce=PlanKind)
