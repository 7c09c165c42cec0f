"""Identifiers: keys of rows and the numbers that the outside world gives."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import uuid_utils.compat as uuid_utils
from stdnum import luhn
from stdnum.us import ein


def new_id() -> UUID:
    """A UUID version 7: ordered by creation time, never used as a secret."""
    return uuid_utils.uuid7()


def first_id_at(moment: dt.datetime) -> UUID:
    """The lowest version-7 id of a millisecond: the bound of partitions and of look-ups by time."""
    milliseconds = int(moment.timestamp() * 1000)
    return UUID(int=(milliseconds << 80) | (0x7 << 76) | (0b10 << 62))


def valid_npi(number: str) -> bool:
    """Ten digits with the Luhn check digit over the prefix 80840 (CMS)."""
    return len(number) == 10 and number.isdigit() and number.isascii() and bool(luhn.is_valid("80840" + number))


def valid_ein(number: str) -> bool:
    """Nine digits, with or without the hyphen, whose prefix the IRS assigns."""
    return bool(ein.is_valid(number))


def normal_ein(number: str) -> str:
    """Nine digits without the hyphen; raises ValueError where `valid_ein` is false."""
    if not valid_ein(number):
        raise ValueError("not an EIN")
    return str(ein.compact(number))
