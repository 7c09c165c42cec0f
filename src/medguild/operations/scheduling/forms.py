"""Forms of booking: book, overbook, move, cancel, and what the patient says about the network."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from medguild.foundation.organization.forms import StateField
from medguild.foundation.organization.models import Resource
from medguild.foundation.ui.forms import (
    ChoiceNeededSometimes,
    DateField,
    TimeField,
    WordsNeededSometimes,
    offer_choices,
)
from medguild.operations.scheduling.models import VisitType
from medguild.operations.scheduling.network.rules import AnswerKind, AskedBy, Said, books, lacking
from medguild.operations.scheduling.network.words import ANSWERS, CHANNELS, LACKS
from medguild.operations.scheduling.rules import CancelReason, Mode, ReasonCategory
from medguild.operations.scheduling.search.forms import pick
from medguild.operations.scheduling.words import CANCEL_WORDS, CATEGORY_WORDS, MODE_WORDS, choices

_TOLD_BY_STAFF = {channel: words for channel, words in CHANNELS.items() if channel is not AskedBy.LINK}

_BOOKING = {kind: words for kind, words in ANSWERS.items() if books(Said(kind))}


class AboutForm(forms.Form):
    """What the visit is for."""

    reason_category = forms.ChoiceField(
        label=_("Reason"), choices=choices(CATEGORY_WORDS), initial=ReasonCategory.OTHER
    )
    reason = forms.CharField(
        label=_("In the patient's words"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    mode = forms.ChoiceField(label=_("How"), choices=choices(MODE_WORDS))
    patient_state = StateField(
        required=False, max_length=2,
        help_text=_("For a video or telephone visit: where the patient will be that day. It decides who may see them."),
    )  # fmt: skip
    room = forms.TypedChoiceField(label=_("Room"), required=False, coerce=UUID, empty_value=None)

    def __init__(self, *args: Any, visit_type: VisitType, rooms: Iterable[Resource], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["patient_state"].label = _("State of the patient")
        if not set(visit_type.modes) - {Mode.IN_PERSON}:
            self.fields["patient_state"].widget = forms.HiddenInput()
        offered = [(mode, words) for mode, words in choices(MODE_WORDS) if mode in visit_type.modes]
        offer_choices(self, "mode", offered)
        if len(offered) == 1:
            self.fields["mode"].widget = forms.HiddenInput()
            self.fields["mode"].initial = offered[0][0]
        self._rooms = {room.pk: room for room in rooms}
        named = [(room.pk, room.name) for room in self._rooms.values()]
        pick(self, "room", named, _("The session's room, or found on the day"))

    def clean_patient_state(self) -> str:
        return self.cleaned_data["patient_state"] or ""

    def chosen_room(self) -> Resource | None:
        return self._rooms.get(self.cleaned_data["room"])

    def clean_mode(self) -> Mode:
        return Mode(self.cleaned_data["mode"])

    def clean_reason_category(self) -> ReasonCategory:
        return ReasonCategory(self.cleaned_data["reason_category"])


class HoursForm(forms.Form):
    """Asks whether a time outside of the site's hours is meant: only once it was refused, and while it is answered."""

    outside_hours = forms.BooleanField(
        label=_("Yes, I mean this time, outside of the site's hours"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.data.get("outside_hours"):
            self._ask()

    def add_error(self, field: str | None, error: Any) -> None:
        if field == "outside_hours":
            self._ask()
        super().add_error(field, error)

    def _ask(self) -> None:
        self.fields["outside_hours"].widget = forms.CheckboxInput()


class OverbookForm(HoursForm, AboutForm):
    """A time of one's own choice, with the reason why it is taken although it is full or outside of the template."""

    day = DateField(label=_("Day"))
    time = TimeField(label=_("Time"))
    overbook_reason = forms.CharField(
        label=_("Why must this time be overbooked?"),
        max_length=500,
        help_text=_("Shown on the calendar and counted; not needed when the time turns out to be free."),
    )
    field_order = ("day", "time", "outside_hours", "overbook_reason")

    def start_at(self, zone: dt.tzinfo) -> dt.datetime:
        """The instant on the clocks of a zone."""
        return dt.datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"], tzinfo=zone)


class NetworkForm(forms.Form):
    """What the patient answered when told that the visit is out of network; added to a form that books.

    Without `declines` it offers only answers with which the visit is booked.
    """

    network_answer = forms.ChoiceField(
        label=_("What does the patient say?"), choices=choices(ANSWERS), widget=forms.RadioSelect
    )
    network_channel = ChoiceNeededSometimes(
        label=_("How was the patient told?"), choices=[("", ""), *choices(_TOLD_BY_STAFF)],
        help_text=_("Needed with every answer of the patient."),
    )  # fmt: skip
    network_reason = WordsNeededSometimes(
        label=_("Why could nobody ask?"), max_length=500,
        help_text=_("Needed only when nobody could ask yet; it is shown at check-in."),
    )  # fmt: skip

    def __init__(self, *args: Any, declines: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not declines:
            offer_choices(self, "network_answer", choices(_BOOKING))

    def clean(self) -> None:
        """What this answer needs, told at its field."""
        data = self.cleaned_data
        if "network_answer" not in data or "network_channel" not in data or "network_reason" not in data:
            return
        lack = lacking(self.said("whatever stands on the page"))
        if lack:
            self.add_error("network_reason" if lack == "reason_needed" else "network_channel", str(LACKS[lack]))

    def said(self, words: str) -> Said:
        """The answer with the words that stood on the page."""
        data = self.cleaned_data
        channel = AskedBy(data["network_channel"]) if data["network_channel"] else None
        return Said(AnswerKind(data["network_answer"]), channel, words, data["network_reason"])


class MoveForm(HoursForm):
    """Who asked for the move, and the reason when the new time is full."""

    who = forms.ChoiceField(
        label=_("Who asked for another time?"),
        choices=[("patient", _("The patient")), ("practice", _("We did"))],
        widget=forms.RadioSelect,
        initial="patient",
    )
    overbook_reason = WordsNeededSometimes(label=_("Reason, if the new time must be overbooked"), max_length=500)
    field_order = ("who", "overbook_reason", "outside_hours")


class CancelForm(forms.Form):
    reason = forms.ChoiceField(label=_("Why is the visit given up?"), choices=choices(CANCEL_WORDS))
    note = forms.CharField(label=_("Note"), required=False, max_length=2000)

    def clean_reason(self) -> CancelReason:
        return CancelReason(self.cleaned_data["reason"])
