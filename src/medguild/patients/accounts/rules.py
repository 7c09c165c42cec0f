"""Kinds of account and how the one who owes is related to the patient. Pure."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass

ADULT = 18


class AccountKind(enum.StrEnum):
    """Injury accounts stand apart, so that nothing of them reaches the patient's own statement."""

    PERSONAL = "personal"
    WORK_COMP = "work_comp"
    AUTO = "auto"


class GuarantorRelation(enum.StrEnum):
    """Who the guarantor is to the patient."""

    SELF = "self"
    SPOUSE = "spouse"
    PARENT = "parent"
    GUARDIAN = "guardian"
    CHILD = "child"
    EMPLOYER = "employer"
    ATTORNEY = "attorney"
    ESTATE = "estate"
    OTHER = "other"


ORGANIZATIONS = frozenset({GuarantorRelation.EMPLOYER, GuarantorRelation.ATTORNEY, GuarantorRelation.ESTATE})


@dataclass(frozen=True, slots=True)
class Guarantor:
    """One who owes and is no patient: a person, or an organisation (then only `organization` names it)."""

    family_name: str = ""
    given_name: str = ""
    organization: str = ""
    birth_date: dt.date | None = None
    phone: str = ""
    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""

    @property
    def named(self) -> bool:
        person = bool(self.family_name.strip() and self.given_name.strip())
        return person != bool(self.organization.strip())


def needs_other_guarantor(birth_date: dt.date, today: dt.date) -> bool:
    """A minor does not owe; the eighteenth birthday ends that."""
    years = today.year - birth_date.year - ((today.month, today.day) < (birth_date.month, birth_date.day))
    return years < ADULT
