"""The form of one decision."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from medguild.patients.consent.rules import ConsentKind, Decision
from medguild.patients.consent.words import CONSENT_KINDS, DECISIONS


class ConsentForm(forms.Form):
    kind = forms.TypedChoiceField(label=_("About"), choices=CONSENT_KINDS, coerce=ConsentKind)
    decision = forms.TypedChoiceField(
        label=_("Decision"), choices=DECISIONS, coerce=Decision, widget=forms.RadioSelect, initial=Decision.GIVEN.value
    )
    signed_by = forms.CharField(
        label=_("Decided by"), max_length=200, required=False, help_text=_("When that is not the patient: who.")
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False)
    file = forms.FileField(
        label=_("Signed form"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/png,image/jpeg"}),
    )
