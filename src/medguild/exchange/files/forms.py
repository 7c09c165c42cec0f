"""The files to be read, and why a kept one is discarded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from medguild.foundation.documents.rules import LARGEST
from medguild.foundation.organization.models import Unit

MOST_FILES = 10
_TOO_LARGE = _("%(name)s is larger than 20 MB; use the command instead.")


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files at once; each at most 20 MB, so that a bad one can be kept."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        given = data if isinstance(data, list | tuple) else [data]
        if len(given) > MOST_FILES:
            raise forms.ValidationError(_("Choose at most 10 files."), code="too_many")
        found = [super(ManyFilesField, self).clean(one, initial) for one in given or [None]]
        for one in found:
            _check_size(one)
        return found


def _check_size(file: UploadedFile[bytes]) -> None:
    if (file.size or 0) > LARGEST:
        raise forms.ValidationError(_TOO_LARGE, code="too_large", params={"name": file.name or ""})


class ReadForm(forms.Form):
    """Files to be read; who received them counts only for those that must be kept."""

    file = ManyFilesField(
        label=_("X12 files"),
        help_text=_("At most 10 files of 20 MB each. Nothing is posted; only a file that cannot be trusted is kept."),
        allow_empty_file=True,
        error_messages={"required": _("Choose a file, or drop one here.")},
    )
    entity = forms.ChoiceField(label=_("Received by"), help_text=_("Bad files are kept there."), required=False)
    claim = forms.CharField(
        label=_("Claim number"), required=False, max_length=80,
        help_text=_("Then the explanation is only about this claim."),
    )  # fmt: skip

    def __init__(self, *args: Any, entities: Iterable[Unit] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.pk), one.name) for one in entities]
        field = self.fields["entity"]
        field.choices = choices  # type: ignore[attr-defined]
        if len(choices) < 2:
            field.initial = choices[0][0] if choices else ""
            field.widget = forms.HiddenInput()

    def clean_claim(self) -> str:
        return str(self.cleaned_data["claim"]).strip()


class ClaimForm(forms.Form):
    claim = forms.CharField(label=_("Claim number"), required=False, max_length=80)

    def clean_claim(self) -> str:
        return str(self.cleaned_data["claim"]).strip()


class SecondForm(forms.Form):
    """The file to compare with; its field bears the number of the first."""

    second = forms.FileField(allow_empty_file=True, error_messages={"required": _("Choose the second file.")})

    def clean_second(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["second"]
        _check_size(file)
        return file


class DiscardForm(forms.Form):
    reason = forms.CharField(label=_("Why is it discarded?"), max_length=300, help_text=_("Without names of patients."))
