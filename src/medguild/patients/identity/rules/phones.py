"""Phone numbers: kept as E.164, found by their national digits."""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers

_NOT_DIGITS = re.compile(r"[^0-9]")
# Ten digits of the North American plan: area code and exchange begin with 2 to 9.
_AMERICAN = re.compile(r"^1?([2-9][0-9]{2}[2-9][0-9]{6})$")
_PLAIN = re.compile(r"^[0-9()\s.+-]+$")
REGION = "US"


@lru_cache(maxsize=10_000)
def normal_phone(text: str) -> str:
    """E.164 (`+15035550123`) of a number as people write it; empty for blank. Raises ValueError.

    The number must be possible (right length and area); whether it is in service, no table knows.
    """
    stripped = text.strip()
    if not stripped:
        return ""
    abroad = stripped.startswith("+") and not stripped.startswith("+1")
    if not abroad and _PLAIN.match(stripped) and (match := _AMERICAN.match(_NOT_DIGITS.sub("", stripped))):
        return f"+1{match[1]}"
    try:
        number = phonenumbers.parse(stripped, REGION)
    except phonenumbers.NumberParseException:
        raise ValueError("Write a phone number with area code.") from None
    if not phonenumbers.is_possible_number(number) or _impossible_american(number):
        raise ValueError("Write a phone number with area code.")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _impossible_american(number: phonenumbers.PhoneNumber) -> bool:
    return number.country_code == 1 and not _AMERICAN.match(str(number.national_number))


@lru_cache(maxsize=10_000)
def national_digits(e164: str) -> str:
    """Digits without the country code: what people know by heart. Empty for an empty number."""
    if e164.startswith("+1"):
        return e164[2:]
    if not e164:
        return ""
    return str(phonenumbers.national_significant_number(phonenumbers.parse(e164)))


def spoken_phone(e164: str) -> str:
    """`(503) 555-0123`, or international form for other countries."""
    if e164.startswith("+1") and len(e164) == 12:
        return f"({e164[2:5]}) {e164[5:8]}-{e164[8:]}"
    if not e164:
        return ""
    parsed = phonenumbers.parse(e164)
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL))
