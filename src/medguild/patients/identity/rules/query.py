"""What a person may mean by what they type into the search box."""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from medguild.patients.identity.rules.dates import readings as date_readings
from medguild.patients.identity.rules.names import name_key, sound

SHORTEST = 2
_MOST_WORDS = 4
_LEAST_DIGITS = 3
_SUFFIX_DIGITS = (4, 7, 10)
_PHONE = re.compile(r"^[0-9()\s.+-]+$")
_DATE_WORDS = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}"
    r"|\b[a-z]{3,9}\.?\s+\d{1,2}(?:st|nd|rd|th)?\s*,?\s+(?:\d{4}|\d{2})\b"
    r"|\b\d{1,2}(?:st|nd|rd|th)?\s+[a-z]{3,9}\.?,?\s+(?:\d{4}|\d{2})\b",
    re.IGNORECASE,
)


class By(enum.StrEnum):
    NAME = "name"
    PREVIOUS_NAME = "previous_name"
    BIRTH_DATE = "birth_date"
    MRN = "mrn"
    PHONE_START = "phone_start"
    OTHER_PHONE_START = "other_phone_start"
    PHONE_END = "phone_end"
    SOUND = "sound"


@dataclass(frozen=True, slots=True)
class Reading:
    """One meaning of a query. `family` and `given` are prefixes of name keys; `value` is the rest (number, sound)."""

    by: By
    family: str = ""
    given: str = ""
    value: str = ""
    born: dt.date | None = None


def understand(text: str, *, today: dt.date) -> list[Reading]:
    """The meanings of a query, the likeliest first; none for what is too short to search by."""
    plain = " ".join(text.split())
    if len(name_key(plain)) < SHORTEST and plain.isascii():
        return []
    if _PHONE.match(plain):
        return list(dict.fromkeys(_numbers(plain, today)))
    rest, born = _take_date(plain, today)
    names = _names(rest)
    if born is None:
        return [*names, *_record_numbers(plain)]
    if not names:
        return [Reading(By.BIRTH_DATE, born=born)]
    return [replace(name, by=By.BIRTH_DATE, born=born) for name in names if name.by is By.NAME]


def sounds(text: str) -> list[Reading]:
    """The last resort: names that sound like the words, in either order; a single word is a family name."""
    words = [key for key in map(name_key, text.split()) if key and not key.isdigit()]
    if not words or len(words[0]) < 3:
        return []
    if len(words) == 1:
        return [Reading(By.SOUND, value=sound(words[0]) + " ")]
    pairs = ((words[0], words[1]), (words[1], words[0]))
    return [Reading(By.SOUND, value=f"{sound(family)} {sound(given)}") for family, given in pairs]


def _numbers(plain: str, today: dt.date) -> Iterator[Reading]:
    digits = re.sub(r"[^0-9]", "", plain)
    dated = [Reading(By.BIRTH_DATE, born=day) for day in date_readings(plain, today=today) if day <= today]
    if not plain.isdigit():
        yield from dated
    if len(digits) < _LEAST_DIGITS:
        return
    yield Reading(By.MRN, value=digits)
    national = digits[1:] if len(digits) == 11 and digits.startswith("1") else digits
    yield Reading(By.PHONE_START, value=national)
    yield Reading(By.OTHER_PHONE_START, value=national)
    if len(national) in _SUFFIX_DIGITS:
        yield Reading(By.PHONE_END, value=national)
    yield from dated


def _take_date(plain: str, today: dt.date) -> tuple[str, dt.date | None]:
    """The query without its date, and the date."""
    for match in _DATE_WORDS.finditer(plain):
        for day in date_readings(match[0].replace(",", ", "), today=today):
            return f"{plain[: match.start()]} {plain[match.end() :]}", day
    words = plain.split()
    for place, word in enumerate(words):
        for day in date_readings(word, today=today):
            if day <= today and len(words) > 1:
                return " ".join(words[:place] + words[place + 1 :]), day
    return plain, None


def _names(text: str) -> list[Reading]:
    """Prefixes of family and given name in either order; a comma settles the order."""
    family_part, comma, given_part = text.partition(",")
    if comma and name_key(family_part):
        return [Reading(By.NAME, family=name_key(family_part), given=name_key(given_part))]
    words = [key for key in map(name_key, text.split()) if key][:_MOST_WORDS]
    found = dict.fromkeys(_orders(words))
    if len(words) == 1:
        found[Reading(By.PREVIOUS_NAME, family=words[0])] = None
    return list(found)


def _orders(words: list[str]) -> Iterator[Reading]:
    if not words:
        return
    whole = "".join(words)
    if len(words) == 1:
        yield Reading(By.NAME, family=whole)
        yield Reading(By.NAME, given=whole)
        return
    for cut in range(1, len(words)):
        first, second = "".join(words[:cut]), "".join(words[cut:])
        yield Reading(By.NAME, family=first, given=second)
        yield Reading(By.NAME, family=second, given=first)
    yield Reading(By.NAME, family=whole)
    yield Reading(By.NAME, given=whole)


def _record_numbers(plain: str) -> list[Reading]:
    """Numbers from elsewhere may hold letters; one word with a digit may be one."""
    word = plain.upper()
    if " " in word or not any(c.isdigit() for c in word):
        return []
    return [Reading(By.MRN, value=word)]
