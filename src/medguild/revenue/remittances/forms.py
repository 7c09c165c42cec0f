"""Forms of remittances."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medguild.foundation.documents.rules import LARGEST
from medguild.foundation.organization.models import Unit
from medguild.foundation.ui.forms import offer_choices
from medguild.patients.coverage.models import Coverage
from medguild.patients.coverage.words import RANKS


class UploadForm(forms.Form):
    """An 835 file, and who received it where the actor posts for several entities."""

    file = forms.FileField(label=_("835 file"), allow_empty_file=True)
    entity = forms.ChoiceField(
        label=_("Received by"),
        help_text=_("Counts for payments whose payee is not known; the others find their entity by themselves."),
    )

    def __init__(self, *args: Any, entities: Iterable[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.pk), one.name) for one in entities]
        offer_choices(self, "entity", choices)
        if len(choices) == 1:
            self.fields["entity"].initial = choices[0][0]
            self.fields["entity"].widget = forms.HiddenInput()

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than 20 MB; use the command instead."))
        return file


class PlaceForm(forms.Form):
    """The claim to which money in suspense belongs."""

    number = forms.CharField(label=_("Claim number"), max_length=20)


class PayeeForm(forms.Form):
    entity = forms.ChoiceField(label=_("Legal entity"))

    def __init__(self, *args: Any, entities: Iterable[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(self, "entity", [(str(one.pk), one.name) for one in entities])


class SetAsideForm(forms.Form):
    reason = forms.CharField(
        label=_("Why will it not be posted?"), max_length=300, help_text=_("Without names of patients.")
    )


class TwinForm(forms.Form):
    reason = forms.CharField(
        label=_("How do you know that it is a payment of its own?"),
        max_length=300,
        help_text=_("For example: both are on the bank statement. Without names of patients."),
    )


class CoverForm(forms.Form):
    """The coverage under which a denied claim is billed instead."""

    coverage = forms.ChoiceField(label=_("Cover on the day of service"))

    def __init__(self, *args: Any, covers: Iterable[Coverage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.covers = {str(one.pk): one for one in covers}
        choices = [(key, f"{one.label()} · {dict(RANKS).get(one.rank, one.rank)}") for key, one in self.covers.items()]
        offer_choices(self, "coverage", choices)

    def chosen(self) -> Coverage:
        return self.covers[self.cleaned_data["coverage"]]


class DenialForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=300, help_text=_("Without names of patients."))
