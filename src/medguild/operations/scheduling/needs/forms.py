"""Forms of shifts and of what is out of service."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medguild.foundation.organization.models import Resource
from medguild.foundation.ui.forms import DateField, TimeField, offer_choices
from medguild.operations.scheduling.words import WEEKDAYS

_MIDNIGHT = dt.time(0, 0)


def _minute(time: dt.time) -> int:
    return time.hour * 60 + time.minute


class _ResourceForm(forms.Form):
    """A form with one of the resources given."""

    resource = forms.ChoiceField(label=_("Who or what"))

    def __init__(self, *args: Any, resources: Iterable[Resource], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._resources = {str(one.pk): one for one in resources}
        offer_choices(self, "resource", [(key, one.name) for key, one in self._resources.items()])

    def clean_resource(self) -> Resource:
        return self._resources[self.cleaned_data["resource"]]


class ShiftForm(_ResourceForm):
    """Hours on one or more days of the week."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days of the week"), coerce=int, choices=list(enumerate(WEEKDAYS)), widget=forms.CheckboxSelectMultiple
    )
    starts = TimeField(label=_("Begins"))
    ends = TimeField(label=_("Ends"), help_text=_("00:00 is the midnight at the end of the day."))
    start = DateField(label=_("From"))
    end = DateField(label=_("Until, not included"), required=False)

    def __init__(self, *args: Any, people: Iterable[Resource], **kwargs: Any) -> None:
        super().__init__(*args, resources=people, **kwargs)
        self.fields["resource"].label = _("Who")

    def shifts(self) -> dict[str, Any]:
        """What `add_shifts` takes."""
        data = self.cleaned_data
        return {
            "resource": data["resource"], "weekdays": data["weekdays"], "start_minute": _minute(data["starts"]),
            "end_minute": _minute(data["ends"]) or 1440, "start": data["start"], "end": data["end"],
        }  # fmt: skip


class OutForm(_ResourceForm):
    """From a local day and time until another; without times, whole days."""

    first_day = DateField(label=_("First day"))
    from_time = TimeField(label=_("From"), required=False)
    last_day = DateField(label=_("Last day"))
    until_time = TimeField(label=_("Until"), required=False)
    reason = forms.CharField(label=_("Why?"), max_length=200)

    def __init__(self, *args: Any, things: Iterable[Resource], zone: dt.tzinfo, **kwargs: Any) -> None:
        super().__init__(*args, resources=things, **kwargs)
        self._zone = zone

    def outage(self) -> dict[str, Any]:
        """What `take_out` takes."""
        data = self.cleaned_data
        start = dt.datetime.combine(data["first_day"], data["from_time"] or _MIDNIGHT, tzinfo=self._zone)
        last, until = data["last_day"], data["until_time"]
        if until is None:
            last, until = last + dt.timedelta(days=1), _MIDNIGHT
        end = dt.datetime.combine(last, until, tzinfo=self._zone)
        return {"resource": data["resource"], "start": start, "end": end, "reason": data["reason"]}
