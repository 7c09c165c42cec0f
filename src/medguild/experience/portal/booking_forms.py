"""Forms of booking in the own record."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.experience.portal.booking import Time
from medguild.experience.portal.waiting import Choices
from medguild.foundation.ui.forms import DateField
from medguild.operations.scheduling.search.rules import TimeOfDay
from medguild.operations.scheduling.wish_forms import WishForm
from medguild.operations.scheduling.words import TIMES_OF_DAY, choices

_YEARS = (2000, 2200)  # others have no day in every time zone


class SearchForm(WishForm):
    """Which visit, where, with whom, from which day on."""

    day = DateField(label=gettext_lazy("From"), required=False)
    times = forms.TypedChoiceField(
        label=gettext_lazy("Time of day"), required=False, choices=choices(TIMES_OF_DAY), coerce=TimeOfDay,
        empty_value=TimeOfDay.ANY,
    )  # fmt: skip


class TimeForm(forms.Form):
    """A time that was pressed; of rows that were not offered nothing is said."""

    visit_type = forms.UUIDField()
    site = forms.UUIDField()
    clinician = forms.UUIDField()
    start = forms.CharField(max_length=40)

    def clean_start(self) -> dt.datetime:
        try:
            start = dt.datetime.fromisoformat(self.cleaned_data["start"])
        except ValueError:
            start = None
        if start is None or start.tzinfo is None or not _YEARS[0] <= start.year <= _YEARS[1]:
            raise ValidationError(_("Choose a time."))
        return start

    def time(self, offered: Choices) -> Time | None:
        """None when one of the rows is not among those that are offered."""
        asked = self.cleaned_data
        kind = next((one for one in offered.kinds if one.pk == asked["visit_type"]), None)
        site = next((one for one in offered.sites if one.unit_id == asked["site"]), None)
        clinician = next((one for one in offered.clinicians if one.pk == asked["clinician"]), None)
        if kind is None or site is None or clinician is None:
            return None
        return Time(kind, site, clinician, asked["start"])
