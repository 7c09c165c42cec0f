"""Forms of identity: who a person is."""

from __future__ import annotations

import dataclasses
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.clock import today
from medguild.patients.identity.fields import TypedDateField
from medguild.patients.identity.models import Patient
from medguild.patients.identity.rules.person import Details, WrongDetails, tidied
from medguild.patients.identity.rules.phones import spoken_phone
from medguild.patients.identity.rules.sex import Sex
from medguild.patients.identity.services import details_of
from medguild.patients.identity.words import LANGUAGES, PROBLEMS, SEXES


class PersonForm(forms.Form):
    """The details of a person. `details()` after `is_valid()`; every problem is shown at its field at once."""

    family_name = forms.CharField(label=_("Family name"), max_length=100)
    given_name = forms.CharField(label=_("Given name"), max_length=100)
    middle_name = forms.CharField(label=_("Middle name"), max_length=100, required=False)
    suffix = forms.CharField(label=_("Suffix"), max_length=20, required=False)
    preferred_name = forms.CharField(label=_("Likes to be called"), max_length=100, required=False)
    previous_names = forms.CharField(
        label=_("Earlier family names"), max_length=300, required=False, help_text=_("Several: divide by commas.")
    )
    birth_date = TypedDateField(label=_("Birth date"), birth=True)
    sex = forms.TypedChoiceField(label=_("Sex on record"), choices=SEXES, coerce=Sex, initial=Sex.UNKNOWN.value)
    gender_identity = forms.CharField(label=_("Gender identity"), max_length=100, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, initial="en")
    interpreter_needed = forms.BooleanField(label=_("Needs an interpreter"), required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    other_phone = forms.CharField(label=_("Other phone"), max_length=40, required=False)
    email = forms.CharField(label=_("E-mail"), max_length=200, required=False)
    line1 = forms.CharField(label=_("Street"), max_length=200, required=False)
    line2 = forms.CharField(label=_("Apartment, unit"), max_length=200, required=False)
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    state = forms.CharField(label=_("State"), max_length=2, required=False)
    postal_code = forms.CharField(label=_("ZIP code"), max_length=10, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, kind in (("phone", "tel"), ("other_phone", "tel"), ("email", "email")):
            self.fields[name].widget.input_type = kind
        if not self.is_bound:
            self.fields["family_name"].widget.attrs["autofocus"] = True
        self.tidy: Details | None = None

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "birth_date" not in values:
            return values
        try:
            self.tidy = tidied(_details(values), today=today())
        except WrongDetails as error:
            for problem in error.problems:
                if problem.field in self.fields and problem.field not in self.errors:
                    self.add_error(problem.field, str(PROBLEMS[problem.code]))
        return values

    def details(self) -> Details:
        assert self.tidy is not None, "only after is_valid()"  # noqa: S101
        return self.tidy


class DemographicsForm(PersonForm):
    """Changing the details; `revision` notices that somebody else changed them meanwhile."""

    deceased_on = TypedDateField(label=_("Date of death"), required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def of(cls, patient: Patient, data: Any = None) -> DemographicsForm:
        held = dataclasses.asdict(details_of(patient))
        initial = {
            **held,
            "previous_names": ", ".join(patient.previous_names),
            "phone": spoken_phone(patient.phone),
            "other_phone": spoken_phone(patient.other_phone),
            "revision": patient.revision,
        }
        form = cls(data, initial=initial)
        languages = form.fields["language"]
        known = {code for code, _words in LANGUAGES}
        if patient.language not in known:
            languages.choices = [*LANGUAGES, (patient.language, patient.language)]  # type: ignore[attr-defined]
        return form


class LinkForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is this the same person?"), max_length=500, help_text=_("Such as: same photo, confirmed by phone.")
    )


class UnlinkForm(forms.Form):
    reason = forms.CharField(label=_("Why are these two persons?"), max_length=500)


def _details(values: dict[str, Any]) -> Details:
    """Details from cleaned values; fields that failed are left empty and have their own message."""
    given = {field.name: values[field.name] for field in dataclasses.fields(Details) if field.name in values}
    given["previous_names"] = tuple(str(values.get("previous_names", "")).split(","))
    return Details(**{"family_name": "", "given_name": "", **given})
