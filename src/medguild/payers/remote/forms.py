"""Forms of payers' rules for remote visits."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from medguild.foundation.ui.forms import DateField, RowChoiceField
from medguild.payers.payers.models import Payer
from medguild.payers.remote.rules import (
    PLACE_AT_HOME,
    PLACE_ELSEWHERE,
    RemoteMode,
    RemoteTerms,
    read_modifiers,
)
from medguild.payers.remote.words import MODES

_END = _("The first day on which it no longer holds; empty when it goes on.")


class RemoteRuleForm(forms.Form):
    """What a payer asks of remote visits."""

    payer = RowChoiceField(Payer.objects.order_by("name"), label=_("Payer"))
    mode = forms.TypedChoiceField(label=_("Kind of remote visit"), choices=list(MODES.items()), coerce=RemoteMode)
    covered = forms.BooleanField(label=_("The payer pays it"), required=False, initial=True)
    place_at_home = forms.RegexField(
        r"^[0-9]{2}$", label=_("Place of service, patient at home"), initial=PLACE_AT_HOME, required=False
    )
    place_elsewhere = forms.RegexField(
        r"^[0-9]{2}$", label=_("Place of service, patient elsewhere"), initial=PLACE_ELSEWHERE, required=False
    )
    modifiers = forms.CharField(
        label=_("Modifiers"), required=False, max_length=20,
        help_text=_("They are put on every service of the visit; for example 95 for video, 93 for phone."),
    )  # fmt: skip
    start = DateField(label=_("From"))
    end = DateField(label=_("Until"), required=False, help_text=_END)
    source = forms.CharField(
        label=_("Where it is written"), required=False, max_length=200, help_text=_("The payer's manual and its page.")
    )

    def clean_modifiers(self) -> tuple[str, ...]:
        found = read_modifiers(self.cleaned_data["modifiers"])
        if found is None:
            raise forms.ValidationError(_("Write at most four modifiers of two letters or digits."))
        return tuple(found)

    def terms(self) -> RemoteTerms:
        data = self.cleaned_data
        return RemoteTerms(data["covered"], data["place_at_home"], data["place_elsewhere"], data["modifiers"])
