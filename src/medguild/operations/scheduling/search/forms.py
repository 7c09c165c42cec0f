"""The form of the search for free times, and what a pressed time says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.clock import today
from medguild.foundation.organization.forms import StateField
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Clinician
from medguild.foundation.organization.words import CLINICIAN_SEXES, specialty_words
from medguild.foundation.ui.forms import DateField, offer_choices
from medguild.operations.scheduling.models import VisitType
from medguild.operations.scheduling.search.rules import TimeOfDay
from medguild.operations.scheduling.wish_forms import CHOOSE_KIND
from medguild.operations.scheduling.words import MODE_WORDS, TIMES_OF_DAY, WEEKDAYS, Text, choices
from medguild.patients.identity.words import LANGUAGES

USUAL_DAYS = 14
RANGES = ((7, _("1 week")), (14, _("2 weeks")), (28, _("4 weeks")), (56, _("8 weeks")))
FURTHER = (
    "mode", "patient_state", "times", "weekdays", "language", "sex", "sites", "in_network", "first_only",
)  # fmt: skip


def pick(form: forms.Form, name: str, rows: Iterable[tuple[object, Text]], empty: Text | None = None) -> None:
    """Fill a select with rows by id."""
    options: list[tuple[str, Text]] = [(str(pk), label) for pk, label in rows]
    offer_choices(form, name, [("", empty), *options] if empty is not None else options)


class FindForm(forms.Form):
    """What to search: kept in the address, so that a search can be shared and gone back to."""

    visit_type = forms.TypedChoiceField(label=_("Kind of visit"), coerce=UUID)
    specialty = forms.ChoiceField(label=_("Specialty"), required=False)
    clinician = forms.TypedChoiceField(label=_("Clinician"), required=False, coerce=UUID, empty_value=None)
    site = forms.TypedChoiceField(label=_("Site"), required=False, coerce=UUID, empty_value=None)
    start = DateField(label=_("From"), required=False)
    days = forms.TypedChoiceField(label=_("For"), required=False, coerce=int, empty_value=None, choices=RANGES)
    mode = forms.ChoiceField(label=_("How"), required=False, choices=[("", _("As offered")), *choices(MODE_WORDS)])
    patient_state = StateField(
        required=False, help_text=_("Where the patient will be during a video or telephone visit; empty: at home."),
        max_length=2,
    )  # fmt: skip
    times = forms.ChoiceField(label=_("Time of day"), required=False, choices=choices(TIMES_OF_DAY))
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Only on"), required=False, coerce=int, choices=list(enumerate(WEEKDAYS)),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    language = forms.ChoiceField(
        label=_("Language of the clinician"), required=False, choices=[("", _("Any language")), *LANGUAGES]
    )
    sex = forms.ChoiceField(
        label=_("Sex of the clinician"), required=False, choices=[("", _("Any")), *choices(CLINICIAN_SEXES)]
    )
    sites = forms.TypedMultipleChoiceField(
        label=_("Only at these sites"), required=False, coerce=UUID, widget=forms.CheckboxSelectMultiple
    )
    in_network = forms.BooleanField(label=_("Only in network of the patient's plan"), required=False)
    first_only = forms.BooleanField(label=_("Only the first free time of each"), required=False)

    def __init__(
        self,
        *args: Any,
        visit_types: Iterable[VisitType],
        clinicians: Sequence[Clinician],
        sites: Sequence[Site],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["patient_state"].label = _("State of the patient")
        specialties = sorted({one.specialty for one in clinicians})
        kinds = ((kind.pk, f"{kind.name} ({kind.minutes} min)") for kind in visit_types)
        pick(self, "visit_type", kinds, CHOOSE_KIND)
        pick(self, "specialty", ((one, specialty_words(one)) for one in specialties), _("Any specialty"))
        pick(self, "clinician", ((one.pk, one.label()) for one in clinicians), _("Any clinician"))
        pick(self, "site", ((site.unit_id, site.unit.name) for site in sites), _("Any site"))
        pick(self, "sites", ((site.unit_id, site.unit.name) for site in sites))
        self.fields["days"].initial = USUAL_DAYS

    def clean_start(self) -> dt.date | None:
        """A day of grace: it may still be yesterday where the site is."""
        start: dt.date | None = self.cleaned_data["start"]
        if start is not None and start < today() - dt.timedelta(days=1):
            raise ValidationError(_("This day has passed. Choose today or a later one."), code="past")
        return start

    def clean_days(self) -> int:
        return self.cleaned_data["days"] or USUAL_DAYS

    def clean_times(self) -> TimeOfDay:
        return TimeOfDay(self.cleaned_data["times"])

    def clean_patient_state(self) -> str:
        return self.cleaned_data["patient_state"] or ""

    def units(self) -> list[UUID] | None:
        """The sites asked for; None is any."""
        data = self.cleaned_data
        chosen = {*([data["site"]] if data["site"] else []), *data["sites"]}
        return sorted(chosen) or None

    def further_asked(self) -> bool:
        """Whether one of the further filters is in use, so that the page shows them open."""
        return any(self.data.get(name) for name in FURTHER) if self.is_bound else False

    def last_day(self, start: dt.date) -> dt.date:
        return start + dt.timedelta(days=self.cleaned_data["days"])


class SlotForm(forms.Form):
    """A slot that was pressed in the list of free times.

    `proposed` says how many times were named first, `place` which of these it was (empty: one of one's own choice).
    """

    clinician = forms.UUIDField()
    site = forms.UUIDField()
    visit_type = forms.UUIDField()
    start = forms.DateTimeField()
    mode = forms.ChoiceField(required=False, choices=[("", ""), *choices(MODE_WORDS)])
    patient_state = forms.RegexField(r"^[A-Z]{2}$", required=False)
    proposed = forms.IntegerField(required=False, min_value=1, max_value=100)
    place = forms.IntegerField(required=False, min_value=1, max_value=100)
