"""Forms of credentials."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.rules import ClinicianKind
from medguild.foundation.ui.forms import DateField
from medguild.people.credentialing.member_list import MemberLine, UnreadableLine, read_members
from medguild.people.credentialing.models import Compact, PrivilegeType
from medguild.people.credentialing.rules import PrivilegeStanding
from medguild.people.credentialing.words import CLINICIAN_KINDS, STANDINGS

_END = _("The first day on which it no longer holds; empty when it goes on.")


class CompactPrivilegeForm(forms.Form):
    compact = forms.ModelChoiceField(Compact.objects.order_by("name"), label=_("Compact"))
    home_state = forms.CharField(label=_("Home state"), min_length=2, max_length=2)
    state = forms.CharField(
        label=_("Only in state"), min_length=2, max_length=2, required=False, help_text=_("Empty: in all its states.")
    )
    number = forms.CharField(label=_("Number"), max_length=40)
    start = DateField(label=_("Valid from"))
    end = DateField(label=_("Until"), required=False, help_text=_END)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["compact"].label_from_instance = Compact.label  # type: ignore[attr-defined]


class TelehealthForm(forms.Form):
    state = forms.CharField(label=_("State"), min_length=2, max_length=2)
    number = forms.CharField(label=_("Number"), max_length=40)
    start = DateField(label=_("Valid from"))
    end = DateField(label=_("Until"), required=False, help_text=_END)


class PrivilegeForm(forms.Form):
    type = forms.ModelChoiceField(PrivilegeType.objects.order_by("name"), label=_("Procedure"))
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Where"), help_text=_("Holds there and below."))
    standing = forms.TypedChoiceField(label=_("Standing"), choices=STANDINGS, coerce=PrivilegeStanding)
    start = DateField(label=_("Valid from"))
    end = DateField(label=_("Until"), required=False, help_text=_END)

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["type"].label_from_instance = PrivilegeType.label  # type: ignore[attr-defined]
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class TypeForm(forms.Form):
    code = forms.SlugField(label=_("Code"), max_length=40)
    name = forms.CharField(label=_("Name"), max_length=200)


class CompactForm(forms.Form):
    code = forms.SlugField(label=_("Code"), max_length=20, help_text=_("For example: psypact."))
    name = forms.CharField(label=_("Name"), max_length=200)
    clinician_kinds = forms.TypedMultipleChoiceField(
        label=_("For"), choices=CLINICIAN_KINDS, coerce=ClinicianKind, widget=forms.CheckboxSelectMultiple
    )
    members = forms.CharField(
        label=_("States"), widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("As the commission lists them, one a line: OR, 2024-01-01, and the day it left if it has."),
    )  # fmt: skip

    def clean_members(self) -> list[MemberLine]:
        try:
            return read_members(self.cleaned_data["members"])
        except UnreadableLine as wrong:
            raise forms.ValidationError(
                _now("Line %(number)s is not understood: %(line)s") % {"number": wrong.number, "line": wrong.line},
                code="line",
            ) from None


class EndForm(forms.Form):
    on = DateField(label=_("Until"), help_text=_("The first day on which it no longer holds."))
