"""How alike two persons are: the reasons why one record may be a duplicate of another."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass

from medguild.patients.identity.rules.dates import nearly_same
from medguild.patients.identity.rules.names import sound


class Reason(enum.StrEnum):
    """In order of weight. The first says that it is almost surely the same person."""

    SAME_NAME_AND_BIRTH_DATE = "same_name_and_birth_date"
    SOUNDS_ALIKE_AND_BIRTH_DATE = "sounds_alike_and_birth_date"
    EARLIER_NAME_AND_BIRTH_DATE = "earlier_name_and_birth_date"
    SAME_PHONE_AND_BIRTH_DATE = "same_phone_and_birth_date"
    SAME_PHONE_AND_NAME = "same_phone_and_name"
    SAME_NAME_NEAR_BIRTH_DATE = "same_name_near_birth_date"


@dataclass(frozen=True, slots=True)
class Traits:
    """What is compared: name keys (see names), birth date, national phone digits, keys of earlier family names."""

    family_key: str
    given_key: str
    birth_date: dt.date
    phones: frozenset[str] = frozenset()
    previous_keys: frozenset[str] = frozenset()
    suffix: str = ""


def reasons(one: Traits, other: Traits) -> list[Reason]:
    """Why the two may be one person, the weightiest first; empty when nothing speaks for it."""
    same_day = one.birth_date == other.birth_date
    same_name = _same_name(one, other)
    same_phone = bool(one.phones & other.phones)
    found = {
        Reason.SAME_NAME_AND_BIRTH_DATE: same_day and same_name,
        Reason.SOUNDS_ALIKE_AND_BIRTH_DATE: same_day and not same_name and _sounds_alike(one, other),
        Reason.EARLIER_NAME_AND_BIRTH_DATE: same_day and not same_name and _earlier_name(one, other),
        Reason.SAME_PHONE_AND_BIRTH_DATE: same_day and same_phone,
        Reason.SAME_PHONE_AND_NAME: same_phone and not same_day and same_name and not _different_suffix(one, other),
        Reason.SAME_NAME_NEAR_BIRTH_DATE: same_name and not same_day and nearly_same(one.birth_date, other.birth_date),
    }
    return [reason for reason, holds in found.items() if holds]


def _same_name(one: Traits, other: Traits) -> bool:
    """The same family and given name, in either order."""
    names = (one.family_key, one.given_key)
    return names in ((other.family_key, other.given_key), (other.given_key, other.family_key))


def _sounds_alike(one: Traits, other: Traits) -> bool:
    sounds = (sound(one.family_key), sound(one.given_key))
    theirs = (sound(other.family_key), sound(other.given_key))
    return sounds in (theirs, theirs[::-1])


def _earlier_name(one: Traits, other: Traits) -> bool:
    """The given name is the same and one was once called as the other is now."""
    if one.given_key != other.given_key:
        return False
    mine, theirs = {one.family_key, *one.previous_keys}, {other.family_key, *other.previous_keys}
    return bool(mine & theirs)


def _different_suffix(one: Traits, other: Traits) -> bool:
    """Father and son of one name in one household."""
    return bool(one.suffix and other.suffix and one.suffix.casefold() != other.suffix.casefold())
