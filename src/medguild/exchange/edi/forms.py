"""The file to be read."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

LARGEST = 50 * 1024 * 1024


class InspectForm(forms.Form):
    file = forms.FileField(
        label=_("X12 file"), help_text=_("It is read and forgotten; nothing is posted or kept."), allow_empty_file=True
    )

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than 50 MB; use the command instead."))
        return file
