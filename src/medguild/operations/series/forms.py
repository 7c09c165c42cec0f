"""Forms of series: what comes again, and what is chosen for each visit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Clinician
from medguild.foundation.ui.forms import DateField, TimeField, offer_choices
from medguild.operations.scheduling.models import VisitType
from medguild.operations.scheduling.rules import CancelReason, ReasonCategory
from medguild.operations.scheduling.words import CANCEL_WORDS, CATEGORY_WORDS, WEEKDAYS, choices
from medguild.operations.series.lines import Choice, Take
from medguild.operations.series.models import SeriesRule
from medguild.operations.series.rules import MOST, Every, Pattern
from medguild.operations.series.words import EVERY

PREFIX = "choice-"
_DAYS = [(str(number), day) for number, day in enumerate(WEEKDAYS)]


class RuleForm(forms.Form):
    """With whom, where, and how often."""

    clinician = forms.TypedChoiceField(label=_("Clinician"), coerce=UUID)
    site = forms.TypedChoiceField(label=_("Site"), coerce=UUID)
    first = DateField(label=_("First day"))
    time = TimeField(label=_("Time"))
    step = forms.IntegerField(label=_("Every"), min_value=1, max_value=52, initial=1)
    every = forms.TypedChoiceField(label=_("Unit"), choices=EVERY, coerce=Every, initial=Every.WEEK)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On"), choices=_DAYS, coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("For weeks. Empty: the weekday of the first day."),
    )  # fmt: skip
    times = forms.IntegerField(label=_("How many visits"), min_value=1, max_value=MOST, required=False)
    until = DateField(label=_("Or until"), required=False)

    def __init__(
        self, *args: Any, clinicians: Iterable[Clinician], sites: Iterable[Site], **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self._clinicians = {one.pk: one for one in clinicians}
        self._sites = {one.unit_id: one for one in sites}
        self._choose("clinician", ((pk, one.label()) for pk, one in self._clinicians.items()))
        self._choose("site", ((pk, one.unit.name) for pk, one in self._sites.items()))

    def _choose(self, name: str, rows: Iterable[tuple[UUID, str]]) -> None:
        offer_choices(self, name, [(str(pk), label) for pk, label in rows])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        said = not {"times", "until"} & self.errors.keys()
        if said and bool(data.get("times")) == bool(data.get("until")):
            raise ValidationError(_("Say how many visits, or until when: one of the two."), code="one_end")
        if data.get("until") and data.get("first") and data["until"] < data["first"]:
            raise ValidationError(_("The last day must not be before the first."), code="days_order")
        return data

    @property
    def clinician_chosen(self) -> Clinician:
        return self._clinicians[self.cleaned_data["clinician"]]

    @property
    def site_chosen(self) -> Site:
        return self._sites[self.cleaned_data["site"]]

    def pattern(self) -> Pattern:
        data = self.cleaned_data
        weekdays = tuple(data["weekdays"]) if data["every"] is Every.WEEK else ()
        minute = data["time"].hour * 60 + data["time"].minute
        return Pattern(data["every"], data["step"], data["first"], minute, weekdays, data["times"], data["until"])


class NewSeriesForm(RuleForm):
    """A series of a patient."""

    visit_type = forms.TypedChoiceField(label=_("Kind of visit"), coerce=UUID)
    reason_category = forms.TypedChoiceField(
        label=_("Reason"), choices=choices(CATEGORY_WORDS), coerce=ReasonCategory, initial=ReasonCategory.FOLLOW_UP
    )
    reason = forms.CharField(label=_("In the patient's words"), required=False, max_length=2000)
    field_order = ("visit_type", "clinician", "site", "first", "time", "step", "every", "weekdays", "times", "until")

    def __init__(self, *args: Any, visit_types: Iterable[VisitType], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._types = {one.pk: one for one in visit_types}
        self._choose("visit_type", ((pk, f"{one.name} ({one.minutes} min)") for pk, one in self._types.items()))

    @property
    def type_chosen(self) -> VisitType:
        return self._types[self.cleaned_data["visit_type"]]


class EditSeriesForm(RuleForm):
    """Another rule from a visit on."""

    who = forms.ChoiceField(
        label=_("Who asked for it?"), choices=[("patient", _("The patient")), ("practice", _("We did"))],
        widget=forms.RadioSelect, initial="patient",
    )  # fmt: skip
    drop_reason = forms.TypedChoiceField(
        label=_("Why are visits given up, if some fall away?"), choices=choices(CANCEL_WORDS), coerce=CancelReason
    )

    @staticmethod
    def initial_of(rule: SeriesRule, first: dt.date, left: int) -> dict[str, Any]:
        return {
            "clinician": str(rule.clinician_id), "site": str(rule.unit_id), "first": first,
            "time": dt.time(rule.minute // 60, rule.minute % 60), "step": rule.step, "every": rule.every,
            "weekdays": [str(day) for day in rule.weekdays], "until": rule.until,
            "times": None if rule.until else left,
        }  # fmt: skip


class EndSeriesForm(forms.Form):
    """Why nothing more is to come."""

    reason = forms.TypedChoiceField(
        label=_("Why are the visits given up?"), choices=choices(CANCEL_WORDS), coerce=CancelReason
    )
    also_moved = forms.BooleanField(label=_("Also those that were moved by themselves"), required=False, initial=True)


def choices_of(posted: Mapping[str, str]) -> dict[int, Choice]:
    """What was chosen per number: a word of `Take`, or the start of another time. What is none of it counts as skip."""
    found: dict[int, Choice] = {}
    for name, value in posted.items():
        number = name.removeprefix(PREFIX)
        if name.startswith(PREFIX) and number.isdigit():
            found[int(number)] = _choice(value)
    return found


def _choice(value: str) -> Choice:
    if value in (Take.AS_PLANNED, Take.SKIP, Take.LEAVE):
        return Choice(Take(value))
    try:
        start = dt.datetime.fromisoformat(value)
    except ValueError:
        return Choice(Take.SKIP)
    return Choice(Take.OTHER_TIME, start) if start.tzinfo else Choice(Take.SKIP)
