"""The details of a person as given, tidied and checked. Problems are named by field and code; words are elsewhere."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from medguild.patients.identity.rules.dates import possible_birth_date
from medguild.patients.identity.rules.likeness import Traits
from medguild.patients.identity.rules.names import name_key, phonetic_key, tidy_name
from medguild.patients.identity.rules.phones import national_digits, normal_phone
from medguild.patients.identity.rules.sex import Sex

LONGEST_NAME = 100
_STATE = re.compile(r"^[A-Z]{2}$")
_ZIP = re.compile(r"^[0-9]{5}([0-9]{4})?$")
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s.]+$")
_LANGUAGE = re.compile(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")


@dataclass(frozen=True, slots=True)
class Details:
    """Who a person is. `language` is a BCP 47 tag; `previous_names` are earlier family names."""

    family_name: str
    given_name: str
    birth_date: dt.date
    sex: Sex = Sex.UNKNOWN
    middle_name: str = ""
    suffix: str = ""
    preferred_name: str = ""
    previous_names: tuple[str, ...] = ()
    gender_identity: str = ""
    language: str = "en"
    interpreter_needed: bool = False
    phone: str = ""
    other_phone: str = ""
    email: str = ""
    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    deceased_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with which field; `code` is stable."""

    field: str
    code: str


class WrongDetails(ValueError):
    """Raised with every problem at once, so that a form can show them together."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(", ".join(f"{problem.field}: {problem.code}" for problem in problems))
        self.problems = problems


def tidied(details: Details, *, today: dt.date) -> Details:
    """The details in the form in which they are kept. Raises WrongDetails."""
    problems: list[Problem] = []
    clean = replace(
        details,
        family_name=tidy_name(details.family_name),
        given_name=tidy_name(details.given_name),
        middle_name=tidy_name(details.middle_name),
        suffix=tidy_name(details.suffix),
        preferred_name=tidy_name(details.preferred_name),
        previous_names=tuple(dict.fromkeys(name for name in map(tidy_name, details.previous_names) if name_key(name))),
        gender_identity=tidy_name(details.gender_identity),
        language=details.language.strip() or "en",
        phone=_phone(details.phone, "phone", problems),
        other_phone=_phone(details.other_phone, "other_phone", problems),
        email=details.email.strip().lower(),
        line1=tidy_name(details.line1),
        line2=tidy_name(details.line2),
        city=tidy_name(details.city),
        state=details.state.strip().upper(),
        postal_code=details.postal_code.replace("-", "").strip(),
    )
    problems += _problems(clean, today)
    if problems:
        raise WrongDetails(problems)
    return clean


def _phone(text: str, field: str, problems: list[Problem]) -> str:
    try:
        return normal_phone(text)
    except ValueError:
        problems.append(Problem(field, "phone_form"))
        return ""


def _problems(details: Details, today: dt.date) -> Iterator[Problem]:
    for field in ("family_name", "given_name"):
        value = getattr(details, field)
        if not name_key(value):
            yield Problem(field, "name_needed")
        elif len(value) > LONGEST_NAME:
            yield Problem(field, "name_long")
    if not possible_birth_date(details.birth_date, today=today):
        yield Problem("birth_date", "birth_date_impossible")
    if details.deceased_on and not details.birth_date <= details.deceased_on <= today:
        yield Problem("deceased_on", "death_date_impossible")
    if details.email and not _EMAIL.match(details.email):
        yield Problem("email", "email_form")
    if details.state and not _STATE.match(details.state):
        yield Problem("state", "state_form")
    if details.postal_code and not _ZIP.match(details.postal_code):
        yield Problem("postal_code", "postal_code_form")
    if not _LANGUAGE.match(details.language):
        yield Problem("language", "language_form")


def search_columns(details: Details) -> dict[str, Any]:
    """The derived columns by which the person is found."""
    family_key, given_key = name_key(details.family_name), name_key(details.given_name)
    return {
        "family_key": family_key,
        "given_key": given_key,
        "phonetic_key": phonetic_key(family_key, given_key),
        "phone_digits": national_digits(details.phone),
        "other_phone_digits": national_digits(details.other_phone),
        "previous_keys": [name_key(name) for name in details.previous_names],
    }


def traits(details: Details) -> Traits:
    """What the search for duplicates compares."""
    digits = {national_digits(details.phone), national_digits(details.other_phone)} - {""}
    return Traits(
        family_key=name_key(details.family_name),
        given_key=name_key(details.given_name),
        birth_date=details.birth_date,
        phones=frozenset(digits),
        previous_keys=frozenset(name_key(name) for name in details.previous_names),
        suffix=details.suffix,
    )
