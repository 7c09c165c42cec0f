"""Forms of the waiting list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medguild.foundation.ui.forms import DateField, TimeField
from medguild.operations.scheduling.wish_forms import WishForm
from medguild.operations.waitlist.rules import Urgency
from medguild.operations.waitlist.services import Wanted
from medguild.operations.waitlist.words import URGENCIES, WEEKDAYS

HOUR = 60


class EntryForm(WishForm):
    """What somebody waits for."""

    urgency = forms.TypedChoiceField(label=_("How urgent"), choices=URGENCIES, coerce=Urgency, initial=Urgency.ROUTINE)
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
    note = forms.CharField(
        label=_("Note"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )  # fmt: skip

    def wanted(self) -> Wanted:
        data = self.cleaned_data
        first, last = data["from_time"], data["to_time"]
        return Wanted(
            earliest=data["earliest"], latest=data["latest"], urgency=data["urgency"], weekdays=data["weekdays"],
            from_minute=first.hour * HOUR + first.minute if first else 0,
            to_minute=last.hour * HOUR + last.minute if last else 24 * HOUR,
            notice_minutes=data["notice_hours"] * HOUR, note=data["note"],
        )  # fmt: skip

    def chosen(self) -> dict[str, Any]:
        """Rows for the service."""
        data = self.cleaned_data
        return {
            "visit_type": self.visit_types[data["visit_type"]],
            "site": self.sites[data["site"]],
            "clinician": self.clinicians.get(data["clinician"]),
        }
