"""The form of a move: filled by dragging, or by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from medguild.foundation.organization.models import Resource
from medguild.foundation.organization.people import Clinician
from medguild.foundation.ui.forms import DateField, TimeField, WordsNeededSometimes, offer_choices
from medguild.operations.calendar.shifting import Target
from medguild.operations.scheduling.forms import HoursForm
from medguild.operations.scheduling.rules import LONGEST_VISIT

PLACE = ("day", "time", "minutes", "clinician", "room")


class ShiftForm(HoursForm):
    """Where to, who asked for it, whether the patient is told, and the reason when the new time is full."""

    seen = forms.CharField(widget=forms.HiddenInput)
    day = DateField(label=_("Day"))
    time = TimeField(label=_("Time"))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=LONGEST_VISIT)
    clinician = forms.TypedChoiceField(label=_("Clinician"), coerce=UUID)
    room = forms.TypedChoiceField(label=_("Room"), required=False, coerce=UUID, empty_value=None)
    who = forms.ChoiceField(
        label=_("Who asked for it?"),
        choices=[("patient", _("The patient")), ("practice", _("We did"))],
        widget=forms.RadioSelect,
        initial="patient",
    )
    tell = forms.BooleanField(label=_("Tell the patient the new time"), required=False, initial=True)
    overbook_reason = WordsNeededSometimes(
        label=_("Why must this time be overbooked?"), max_length=500, help_text=_("Shown on the calendar and counted.")
    )

    def __init__(
        self, *args: Any, clinicians: Iterable[Clinician], rooms: Iterable[Resource], by_hand: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.clinicians, self.rooms = list(clinicians), list(rooms)
        self._clinician_by_id = {one.pk: one for one in self.clinicians}
        self._room_by_id = {one.pk: one for one in self.rooms}
        self._offer("clinician", [(str(pk), one.label()) for pk, one in self._clinician_by_id.items()])
        no_room = ("", _("The session's room, or found on the day"))
        self._offer("room", [no_room, *((str(pk), one.name) for pk, one in self._room_by_id.items())])
        if not by_hand:
            for name in PLACE:
                self.fields[name].widget = forms.HiddenInput()

    def _offer(self, name: str, options: list[Any]) -> None:
        offer_choices(self, name, options)

    def target(self, zone: str) -> Target:
        """The place that is wished, on the clocks of a zone. Only for a form whose place is valid."""
        data = self.cleaned_data
        start = dt.datetime.combine(data["day"], data["time"], tzinfo=ZoneInfo(zone))
        room = self._room_by_id.get(data["room"])
        return Target(start.astimezone(dt.UTC), data["minutes"], self._clinician_by_id[data["clinician"]], room)
