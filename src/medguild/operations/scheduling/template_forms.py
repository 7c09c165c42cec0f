"""Forms of templates: sessions, days off, absences, kinds of visits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from medguild.foundation.organization.models import Resource
from medguild.foundation.organization.people import Clinician
from medguild.foundation.ui.forms import DateField, TimeField, offer_choices
from medguild.operations.scheduling.models import Session, VisitType
from medguild.operations.scheduling.rules import AbsenceKind
from medguild.operations.scheduling.templating import Block
from medguild.operations.scheduling.words import ABSENCE_WORDS, WEEKDAYS, choices

_MINUTES = "minutes_"
_MIDNIGHT = dt.time(0, 0)


class SessionForm(forms.Form):
    """A weekly session from a date on, or an extra one on a day."""

    clinician = forms.TypedChoiceField(label=_("Clinician"), coerce=UUID)
    weekday = forms.TypedChoiceField(label=_("Day of the week"), coerce=int, choices=list(enumerate(WEEKDAYS)))
    starts = TimeField(label=_("Begins"))
    ends = TimeField(label=_("Ends"), help_text=_("00:00 is the midnight at the end of the day."))
    every_weeks = forms.IntegerField(label=_("Every how many weeks"), min_value=1, max_value=53, initial=1)
    start = DateField(label=_("From"))
    end = DateField(label=_("Until, not included"), required=False)
    once = forms.BooleanField(
        label=_("Only on that first day"), required=False,
        help_text=_("An extra session; its day of the week is that of the day."),
    )  # fmt: skip
    step_minutes = forms.IntegerField(
        label=_("A visit may begin every (minutes)"), min_value=5, max_value=240, initial=15
    )
    capacity = forms.IntegerField(label=_("Patients at a time"), min_value=1, max_value=100, initial=1)
    overbook_limit = forms.IntegerField(label=_("Overbooked patients at a time"), min_value=0, max_value=20, initial=1)
    room = forms.TypedChoiceField(label=_("Room"), required=False, coerce=UUID, empty_value=None)

    def __init__(
        self,
        *args: Any,
        clinicians: Iterable[Clinician],
        visit_types: Iterable[VisitType],
        rooms: Iterable[Resource],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._rooms = {room.pk: room for room in rooms}
        offer_choices(self, "clinician", [(str(one.pk), one.label()) for one in clinicians])
        named = [(str(room.pk), room.name) for room in self._rooms.values()]
        offer_choices(self, "room", [("", _("No fixed room")), *named])
        for kind in visit_types:
            self.fields[f"{_MINUTES}{kind.pk}"] = forms.IntegerField(
                label=_now("%(name)s, minutes") % {"name": kind.name}, required=False, min_value=1, max_value=1440,
                help_text=_now("Usually %(minutes)d; empty: not booked here.") % {"minutes": kind.minutes},
            )  # fmt: skip

    def _own(self, name: str, minutes: int) -> int | None:
        """None for a kind that took its usual length before and was left at it: it goes on following that."""
        return None if name in self.initial.get("inherited", ()) and minutes == self.initial[name] else minutes

    @property
    def kinds(self) -> list[forms.BoundField]:
        """The fields of the kinds of visits."""
        return [self[name] for name in self.fields if name.startswith(_MINUTES)]

    def block(self) -> Block:
        """The block that the cleaned form describes."""
        data = self.cleaned_data
        return Block(
            weekday=data.get("weekday", 0),
            start_minute=_minute(data["starts"]),
            end_minute=_minute(data["ends"]) or 1440,
            visit_types={
                UUID(name.removeprefix(_MINUTES)): self._own(name, minutes)
                for name, minutes in data.items()
                if name.startswith(_MINUTES) and minutes
            },
            step_minutes=data["step_minutes"],
            capacity=data["capacity"],
            overbook_limit=data["overbook_limit"],
            every_weeks=data["every_weeks"],
            room=self._rooms.get(data["room"]),
        )


class ReviseForm(SessionForm):
    """Other hours or kinds of visits from a date on; the clinician stays."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, clinicians=[], **kwargs)
        del self.fields["clinician"], self.fields["end"], self.fields["once"]


def initial_of(session: Session, start: dt.date) -> dict[str, Any]:
    """What the form of a session begins with."""
    rows = list(session.visit_types.all())
    taken = {f"{_MINUTES}{one.visit_type_id}": one.minutes or one.visit_type.minutes for one in rows}
    return taken | {
        "inherited": {f"{_MINUTES}{one.visit_type_id}" for one in rows if one.minutes is None},
        "weekday": session.weekday,
        "starts": _time(session.start_minute),
        "ends": _time(session.end_minute),
        "every_weeks": session.every_weeks,
        "start": start,
        "step_minutes": session.step_minutes,
        "capacity": session.capacity,
        "overbook_limit": session.overbook_limit,
        "room": str(session.room_id) if session.room_id else "",
    }


def _minute(time: dt.time) -> int:
    return time.hour * 60 + time.minute


def _time(minute: int) -> dt.time:
    return dt.time(minute // 60 % 24, minute % 60)


class EndForm(forms.Form):
    on = DateField(label=_("Holds no more from"))


class CancelDayForm(forms.Form):
    day = DateField(label=_("Day"))
    reason = forms.CharField(label=_("Why does it not take place?"), max_length=200)


class AbsenceForm(forms.Form):
    """An absence in local days and times; without times, whole days."""

    clinician = forms.TypedChoiceField(label=_("Clinician"), coerce=UUID)
    kind = forms.ChoiceField(label=_("Kind"), choices=choices(ABSENCE_WORDS))
    first_day = DateField(label=_("First day"))
    from_time = TimeField(label=_("From"), required=False)
    last_day = DateField(label=_("Last day"))
    until_time = TimeField(label=_("Until"), required=False)

    def __init__(self, *args: Any, clinicians: Iterable[Clinician], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(self, "clinician", [(str(one.pk), one.label()) for one in clinicians])

    def clean_kind(self) -> AbsenceKind:
        return AbsenceKind(self.cleaned_data["kind"])

    def span(self, zone: dt.tzinfo) -> tuple[dt.datetime, dt.datetime]:
        """Start and end on the clocks of a zone; without an end time the last day is included."""
        data = self.cleaned_data
        start = dt.datetime.combine(data["first_day"], data["from_time"] or _MIDNIGHT, tzinfo=zone)
        if data["until_time"]:
            return start, dt.datetime.combine(data["last_day"], data["until_time"], tzinfo=zone)
        return start, dt.datetime.combine(data["last_day"] + dt.timedelta(days=1), _MIDNIGHT, tzinfo=zone)
