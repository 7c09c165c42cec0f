"""The steps of mass data, in order, and how the demo is brought up to now."""

from __future__ import annotations

import datetime as dt

from medguild.demo.load import Step
from medguild.demo.people import build_people
from medguild.demo.prices import build_prices
from medguild.demo.schedule import build_schedule

STEPS: list[Step] = [
    ("payers, plans, charges, contracts", build_prices),
    ("patients, accounts, coverages, consents", build_people),
    ("templates and appointments", build_schedule),
]


def advance(*, now: dt.datetime) -> None:
    """Bring the day up to now, so that boards have people on them."""
