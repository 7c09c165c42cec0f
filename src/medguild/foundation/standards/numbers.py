"""Standards that are whole numbers: most are declared for sites, inside bounds, and read as they are."""

from __future__ import annotations

from medguild.foundation.standards.ports import Standard, Text, declare_standard, standards
from medguild.foundation.standards.resolution import Found, StandardContext, found_for
from medguild.foundation.standards.rules import Bounds, Kind, Level, Mode

BY_SITE = (Level.ENTITY, Level.PRACTICE, Level.SPECIALTY, Level.SITE)


def declare_number(
    key: str, label: Text, default: int, *, least: int, most: int, area: Text, unit: Text = "", help: Text = "",
    levels: tuple[Level, ...] = BY_SITE, money: bool = False,
) -> str:  # fmt: skip
    """Make a whole number known that may vary at these levels between `least` and `most`; returns its key."""
    return declare_standard(
        Standard(
            key=key, label=label, kind=Kind.INTEGER, default=default, mode=Mode.BOUNDED, levels=levels,
            bounds=Bounds(least=least, most=most), unit=unit, help=help, area=area, money=money,
        )
    )  # fmt: skip


def number(key: str, context: StandardContext) -> int:
    """The whole number that holds in a context. Raises LookupError for an unknown key, TypeError for another kind."""
    return number_in(found_for(context), key)


def number_in(found: Found, key: str) -> int:
    """The same from what was found for a context before."""
    value = found.resolve(standards.get(key)).value
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{key} is no whole number")
    return value
