"""What the pages of attendance are about, kept in the address."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from medguild.foundation.organization.models import Site
from medguild.foundation.ui.forms import offer_choices
from medguild.operations.attendance.numbers import By
from medguild.operations.attendance.words import BY_WORDS

PERIODS = ((30, _("30 days")), (90, _("90 days")), (180, _("6 months")), (365, _("12 months")))
USUAL_DAYS = 90


class NumbersForm(forms.Form):
    """Site, days back, and by what rates are told apart."""

    site = forms.TypedChoiceField(label=_("Site"), required=False, coerce=UUID, empty_value=None)
    days = forms.TypedChoiceField(
        label=_("Days"), required=False, coerce=int, empty_value=None, choices=PERIODS, initial=USUAL_DAYS
    )
    by = forms.ChoiceField(label=_("By"), required=False, choices=[(by.value, words) for by, words in BY_WORDS.items()])

    def __init__(self, *args: Any, sites: Iterable[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options: list[tuple[str, Any]] = [(str(site.unit_id), site.unit.name) for site in sites]
        offer_choices(self, "site", [("", _("All sites")), *options])

    @property
    def chosen_site(self) -> UUID | None:
        return self.cleaned_data.get("site") if self.is_valid() else None

    @property
    def chosen_days(self) -> int:
        return (self.cleaned_data.get("days") if self.is_valid() else None) or USUAL_DAYS

    @property
    def chosen_by(self) -> By:
        return By((self.cleaned_data.get("by") if self.is_valid() else "") or By.CLINICIAN)
