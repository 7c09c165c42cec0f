"""The words for sexes, problems and reasons."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.foundation.organization.words import LANGUAGES as LANGUAGES
from medguild.patients.identity.rules.likeness import Reason
from medguild.patients.identity.rules.sex import Sex

SEXES: list[tuple[str, Promise | str]] = [
    (Sex.FEMALE.value, _("Female")),
    (Sex.MALE.value, _("Male")),
    (Sex.OTHER.value, _("Other")),
    (Sex.UNKNOWN.value, _("Unknown")),
]
PROBLEMS: dict[str, Promise | str] = {
    "name_needed": _("Write the name."),
    "name_long": _("This name is too long; 100 letters at most."),
    "birth_date_impossible": _("The birth date is in the future or too long ago; check the year."),
    "death_date_impossible": _("The date of death must lie between birth and today."),
    "phone_form": _("Write a phone number with area code, like (503) 555-0123."),
    "email_form": _("Write an e-mail address like name@example.org."),
    "state_form": _("Write the state as two letters."),
    "postal_code_form": _("A ZIP code has 5 or 9 digits."),
    "language_form": _("Choose a language."),
    "date_form": _("Write a date like 02/01/1980."),
    "sex_form": _("Write female, male, other or unknown."),
    "flag_form": _("Write yes or no."),
    "mrn_form": _("A record number has up to 20 letters, digits and hyphens."),
    "field_needed": _("This field is needed."),
    "mrn_taken": _("This record number belongs to somebody else."),
    "mrn_twice": _("This record number is in the file twice, for different people."),
    "columns_many": _("This row has more values than the header has columns."),
}
REASONS: dict[Reason, Promise | str] = {
    Reason.SAME_NAME_AND_BIRTH_DATE: _("Same name and birth date"),
    Reason.SOUNDS_ALIKE_AND_BIRTH_DATE: _("Name sounds alike, same birth date"),
    Reason.EARLIER_NAME_AND_BIRTH_DATE: _("An earlier name and the same birth date"),
    Reason.SAME_PHONE_AND_BIRTH_DATE: _("Same phone and birth date"),
    Reason.SAME_PHONE_AND_NAME: _("Same phone and name"),
    Reason.SAME_NAME_NEAR_BIRTH_DATE: _("Same name, birth date nearly the same"),
}
