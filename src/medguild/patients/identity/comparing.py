"""Two persons side by side, as people compare them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.patients.identity.presentation import address_lines, sex_name
from medguild.patients.identity.rules.names import full_name, name_key
from medguild.patients.identity.rules.person import Details
from medguild.patients.identity.rules.phones import spoken_phone


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of a comparison."""

    label: str | Promise
    left: str
    right: str

    @property
    def same(self) -> bool:
        return name_key(self.left) == name_key(self.right)


def comparison(left: Details, right: Details) -> list[Compared]:
    """Line by line; lines that are empty on both sides are left out."""
    told = zip(_told(left), _told(right), strict=True)
    return [Compared(label, mine, theirs) for (label, mine), (_label, theirs) in told if mine or theirs]


def _told(details: Details) -> Iterator[tuple[str | Promise, str]]:
    yield _("Name"), full_name(details.family_name, details.given_name, details.middle_name, details.suffix)
    yield _("Earlier names"), ", ".join(details.previous_names)
    yield _("Birth date"), f"{details.birth_date:%m/%d/%Y}"
    yield _("Sex"), sex_name(details.sex)
    yield _("Phone"), spoken_phone(details.phone)
    yield _("Other phone"), spoken_phone(details.other_phone)
    yield _("E-mail"), details.email
    yield _("Address"), ", ".join(address_lines(details))
