"""Money and quantities as X12 writes them (data type R), read without loss.

Money becomes integer cents. ``.5``, ``62.50``, ``100.``, ``007`` and ``-0.00`` are all legal; floats never appear.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from medguild.x12.errors import X12ValueError

MAX_DIGITS = 18  # longest R element of the 005010 guides


def _shown(text: str) -> str:
    """The text when it looks like a number; anything else might be a name that slipped in, so it is not repeated."""
    return f"'{text[:24]}'" if text and not text.strip("0123456789.,-+$ ") else "the value"


@lru_cache(maxsize=16384)
def parse_cents(text: str) -> int:
    """Cents of an X12 decimal. Raises X12ValueError for anything that is not exactly a number of cents."""
    digits = text[1:] if text.startswith("-") else text
    whole, _, fraction = digits.partition(".")
    both = whole + fraction
    if not (both.isascii() and both.isdigit()):
        raise X12ValueError(f"{_shown(text)} is not an amount")
    if len(both) > MAX_DIGITS:
        raise X12ValueError(f"{_shown(text)} has more than {MAX_DIGITS} digits")
    if fraction[2:].strip("0"):
        raise X12ValueError(f"{_shown(text)} has a fraction of a cent")
    value = int(whole or "0") * 100 + int(fraction[:2].ljust(2, "0"))
    return -value if text[0] == "-" else value


@lru_cache(maxsize=4096)
def parse_quantity(text: str) -> Decimal:
    """An X12 decimal as a Decimal. Raises X12ValueError."""
    digits = text[1:] if text.startswith("-") else text
    whole, _, fraction = digits.partition(".")
    both = whole + fraction
    if not (both.isascii() and both.isdigit()) or len(both) > MAX_DIGITS:
        raise X12ValueError(f"{_shown(text)} is not a number")
    return Decimal(text)


@lru_cache(maxsize=16384)
def x12_amount(cents: int) -> str:
    """Cents as X12 writes them: no trailing zeros, no lone point (6250 -> ``62.5``, 10000 -> ``100``)."""
    sign = "-" if cents < 0 else ""
    whole, rest = divmod(abs(cents), 100)
    if not rest:
        return f"{sign}{whole}"
    return f"{sign}{whole}.{rest:02d}".rstrip("0")


@lru_cache(maxsize=4096)
def x12_quantity(value: Decimal) -> str:
    """A Decimal without exponent, trailing zeros or a lone point."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("", "-", "-0") else text


def money(cents: int) -> str:
    """Cents for people and JSON: always two decimals (6250 -> ``62.50``)."""
    sign = "-" if cents < 0 else ""
    whole, rest = divmod(abs(cents), 100)
    return f"{sign}{whole}.{rest:02d}"
