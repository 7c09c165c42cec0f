"""Public holidays of a state in a year, as the package `holidays` knows them. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from medguild.foundation.kernel.later import later


@dataclass(frozen=True, slots=True)
class Holiday:
    """`observed`: kept on another day because the holiday itself falls on a weekend."""

    day: dt.date
    name: str
    observed: bool


def holidays_of(state: str, year: int) -> list[Holiday]:
    """Federal and state holidays of a year, with the days on which they are observed, by day.

    A state that the package does not know has the federal ones. Names are in English, as the law has them.
    """
    holidays = later("holidays")
    known = holidays.list_supported_countries().get("US", [])
    found = holidays.country_holidays("US", subdiv=state if state in known else None, years=year, language="en_US")
    return [
        Holiday(day, name.removesuffix(" (observed)"), name.endswith("(observed)"))
        for day, name in sorted(found.items())
        if day.year == year
    ]
