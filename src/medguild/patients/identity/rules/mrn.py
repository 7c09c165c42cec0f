"""Medical record numbers: a counter per sharing circle and a check digit, so that a slip is caught."""

from __future__ import annotations

import re

from stdnum import luhn

FIRST = 100_000
_FORM = re.compile(r"^[A-Z0-9][A-Z0-9-]{0,19}$")


def numbered(counter: int) -> str:
    """The record number of a count: its digits and a Luhn check digit."""
    body = str(counter)
    return body + str(luhn.calc_check_digit(body))


def counted(mrn: str) -> int | None:
    """The count behind a number of this form; None for numbers from elsewhere."""
    if len(mrn) < 2 or not mrn.isascii() or not mrn.isdigit() or len(mrn) > 18:
        return None
    return int(mrn[:-1])


def normal_mrn(text: str) -> str:
    """In capitals, without blanks. Raises ValueError for what is no record number."""
    cleaned = "".join(text.split()).upper()
    if not _FORM.match(cleaned):
        raise ValueError("A record number has up to 20 letters, digits and hyphens.")
    return cleaned
