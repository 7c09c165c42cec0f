"""Coverage: whose policy it is, in which order payers pay, and the X12 codes of both. Pure."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass

from medguild.patients.identity.rules.sex import Sex


class Rank(enum.StrEnum):
    PRIMARY = "primary"
    SECONDARY = "secondary"
    TERTIARY = "tertiary"


class Line(enum.StrEnum):
    """What the policy answers for; an injury has payers of its own beside those of health."""

    HEALTH = "health"
    WORK_COMP = "work_comp"
    AUTO = "auto"


class SubscriberRelation(enum.StrEnum):
    """The patient's relation to the subscriber."""

    SELF = "self"
    SPOUSE = "spouse"
    CHILD = "child"
    OTHER = "other"


# SBR01 of the 837.
RANK_CODE: Mapping[Rank, str] = {Rank.PRIMARY: "P", Rank.SECONDARY: "S", Rank.TERTIARY: "T"}
RANK_ORDER: Mapping[str, int] = {rank.value: place for place, rank in enumerate(Rank)}
# SBR02 and PAT01 of the 837.
RELATION_CODE: Mapping[SubscriberRelation, str] = {
    SubscriberRelation.SELF: "18",
    SubscriberRelation.SPOUSE: "01",
    SubscriberRelation.CHILD: "19",
    SubscriberRelation.OTHER: "G8",
}


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Who holds the policy when that is not the patient."""

    family_name: str
    given_name: str
    birth_date: dt.date | None = None
    sex: Sex = Sex.UNKNOWN
    middle_name: str = ""
    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""

    @property
    def named(self) -> bool:
        return bool(self.family_name.strip() and self.given_name.strip())


def normal_member_id(text: str) -> str:
    """In capitals, without blanks. Raises ValueError for nothing or for more than 80 characters (NM109)."""
    cleaned = "".join(text.split()).upper()
    if not 1 <= len(cleaned) <= 80:
        raise ValueError("A member id has 1 to 80 characters.")
    return cleaned
