"""The form that loads a licensed code set."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from medguild.foundation.codesets.words import SYSTEMS
from medguild.foundation.ui.forms import DateField

LARGEST = 60 * 1024 * 1024


class LoadForm(forms.Form):
    system = forms.ChoiceField(label=_("Code set"), choices=list(SYSTEMS.items()))
    version = forms.CharField(label=_("Name of the edition"), max_length=60, help_text=_("For example: 2027-Q1."))
    start = DateField(label=_("In force from"), help_text=_("The edition before ends on this day."))
    source = forms.CharField(
        label=_("Source"), max_length=200, help_text=_("Where it comes from, and under which licence you may use it.")
    )
    file = forms.FileField(label=_("CSV file"))
    dry_run = forms.BooleanField(label=_("Only say what would change"), required=False)

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than 60 MB."), code="too_large")
        content: bytes = file.read()
        return content
