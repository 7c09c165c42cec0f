"""Forms of the waiting list."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medguild.foundation.ui.forms import DateField, TimeField
from medguild.operations.scheduling.wish_forms import WishForm
from medguild.operations.waitlist.models import WaitlistEntry
from medguild.operations.waitlist.rules import Urgency
from medguild.operations.waitlist.services import Wanted
from medguild.operations.waitlist.words import URGENCIES, WEEKDAYS

HOUR = 60
_WHOLE_DAY = 24 * HOUR


class DaysForm(forms.Form):
    """On which days and at which times they can come."""

    earliest = DateField(label=_("First day"))
    latest = DateField(label=_("Last day"), required=False, help_text=_("Empty: until a time is found."))
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Only on"), choices=WEEKDAYS, coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    from_time = TimeField(label=_("Not before"), required=False)
    to_time = TimeField(label=_("Not after"), required=False)
    notice_hours = forms.IntegerField(
        label=_("Notice needed, hours"), min_value=0, max_value=336, initial=2,
        help_text=_("Times nearer than this are not offered."),
    )  # fmt: skip

    def days(self) -> dict[str, Any]:
        """As `Wanted` names them."""
        data = self.cleaned_data
        first, last = data["from_time"], data["to_time"]
        return {
            "earliest": data["earliest"],
            "latest": data["latest"],
            "weekdays": data["weekdays"],
            "from_minute": first.hour * HOUR + first.minute if first else 0,
            "to_minute": last.hour * HOUR + last.minute if last else _WHOLE_DAY,
            "notice_minutes": data["notice_hours"] * HOUR,
        }


class WantedForm(DaysForm):
    """The same with what the desk adds."""

    urgency = forms.TypedChoiceField(label=_("How urgent"), choices=URGENCIES, coerce=Urgency, initial=Urgency.ROUTINE)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )  # fmt: skip

    field_order = ["visit_type", "site", "clinician", "urgency"]

    def wanted(self) -> Wanted:
        return Wanted(**self.days(), urgency=self.cleaned_data["urgency"], note=self.cleaned_data["note"])


class EntryForm(WantedForm, WishForm):
    """What somebody waits for."""


def initial_of(entry: WaitlistEntry) -> dict[str, Any]:
    """What stands there, for both forms."""

    def time(minute: int) -> dt.time | None:
        return None if minute % _WHOLE_DAY == 0 else dt.time(minute // HOUR, minute % HOUR)

    return {
        "earliest": entry.earliest,
        "latest": entry.latest,
        "weekdays": entry.weekdays,
        "from_time": time(entry.from_minute),
        "to_time": time(entry.to_minute),
        "notice_hours": -(-entry.notice_minutes // HOUR),  # programs tell minutes; never less than asked
        "urgency": entry.urgency,
        "note": entry.note,
    }
