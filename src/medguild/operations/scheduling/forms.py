"""Forms of booking: search, book, overbook, move, cancel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from medguild.foundation.organization.models import Resource, Site
from medguild.foundation.organization.people import Clinician
from medguild.foundation.ui.forms import DateField, TimeField
from medguild.operations.scheduling.models import VisitType
from medguild.operations.scheduling.rules import CancelReason, Mode, ReasonCategory
from medguild.operations.scheduling.words import CANCEL_WORDS, CATEGORY_WORDS, MODE_WORDS, Text, choices

USUAL_DAYS = 14
RANGES = ((7, _("1 week")), (14, _("2 weeks")), (28, _("4 weeks")), (56, _("8 weeks")))


def _pick(form: forms.Form, name: str, rows: Iterable[tuple[UUID, str]], empty: Text | None = None) -> None:
    """Fill a select with rows by id."""
    options: list[tuple[str, Text]] = [(str(pk), label) for pk, label in rows]
    form.fields[name].choices = [("", empty), *options] if empty is not None else options  # type: ignore[attr-defined]


class FindForm(forms.Form):
    """What to search: kept in the address, so that a search can be shared and gone back to."""

    visit_type = forms.TypedChoiceField(label=_("Kind of visit"), coerce=UUID)
    clinician = forms.TypedChoiceField(label=_("Clinician"), required=False, coerce=UUID, empty_value=None)
    site = forms.TypedChoiceField(label=_("Site"), required=False, coerce=UUID, empty_value=None)
    start = DateField(label=_("From"), required=False)
    days = forms.TypedChoiceField(label=_("For"), required=False, coerce=int, empty_value=None, choices=RANGES)

    def __init__(
        self,
        *args: Any,
        visit_types: Iterable[VisitType],
        clinicians: Iterable[Clinician],
        sites: Iterable[Site],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        _pick(self, "visit_type", ((kind.pk, f"{kind.name} ({kind.minutes} min)") for kind in visit_types))
        _pick(self, "clinician", ((one.pk, one.label()) for one in clinicians), _("Any clinician"))
        _pick(self, "site", ((site.unit_id, site.unit.name) for site in sites), _("Any site"))
        self.fields["days"].initial = USUAL_DAYS

    def clean_days(self) -> int:
        return self.cleaned_data["days"] or USUAL_DAYS


class SlotForm(forms.Form):
    """A slot that was pressed in the list of free times."""

    clinician = forms.UUIDField()
    site = forms.UUIDField()
    visit_type = forms.UUIDField()
    start = forms.DateTimeField()


class AboutForm(forms.Form):
    """What the visit is for."""

    reason_category = forms.ChoiceField(
        label=_("Reason"), choices=choices(CATEGORY_WORDS), initial=ReasonCategory.OTHER
    )
    reason = forms.CharField(
        label=_("In the patient's words"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    mode = forms.ChoiceField(label=_("How"), choices=choices(MODE_WORDS))
    room = forms.TypedChoiceField(label=_("Room"), required=False, coerce=UUID, empty_value=None)

    def __init__(self, *args: Any, visit_type: VisitType, rooms: Iterable[Resource], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(mode, words) for mode, words in choices(MODE_WORDS) if mode in visit_type.modes]
        self.fields["mode"].choices = offered  # type: ignore[attr-defined]
        if len(offered) == 1:
            self.fields["mode"].widget = forms.HiddenInput()
            self.fields["mode"].initial = offered[0][0]
        self._rooms = {room.pk: room for room in rooms}
        named = [(room.pk, room.name) for room in self._rooms.values()]
        _pick(self, "room", named, _("The session's room, or found on the day"))

    def chosen_room(self) -> Resource | None:
        return self._rooms.get(self.cleaned_data["room"])

    def clean_mode(self) -> Mode:
        return Mode(self.cleaned_data["mode"])

    def clean_reason_category(self) -> ReasonCategory:
        return ReasonCategory(self.cleaned_data["reason_category"])


class OverbookForm(AboutForm):
    """A time of one's own choice, with the reason why it is taken although it is full or outside of the template."""

    day = DateField(label=_("Day"))
    time = TimeField(label=_("Time"))
    overbook_reason = forms.CharField(
        label=_("Why must this time be overbooked?"),
        max_length=500,
        help_text=_("Shown on the calendar and counted; not needed when the time turns out to be free."),
    )
    field_order = ("day", "time", "overbook_reason")

    def start_at(self, zone: dt.tzinfo) -> dt.datetime:
        """The instant on the clocks of a zone."""
        return dt.datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"], tzinfo=zone)


class MoveForm(forms.Form):
    """Who asked for the move, and the reason when the new time is full."""

    who = forms.ChoiceField(
        label=_("Who asked for another time?"),
        choices=[("patient", _("The patient")), ("practice", _("We did"))],
        widget=forms.RadioSelect,
        initial="patient",
    )
    overbook_reason = forms.CharField(label=_("Reason, if the new time must be overbooked"), required=False)


class CancelForm(forms.Form):
    reason = forms.ChoiceField(label=_("Why is the visit given up?"), choices=choices(CANCEL_WORDS))
    note = forms.CharField(label=_("Note"), required=False, max_length=2000)

    def clean_reason(self) -> CancelReason:
        return CancelReason(self.cleaned_data["reason"])
