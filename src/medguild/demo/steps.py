"""The steps of mass data, in order, and how the demo is brought up to now."""

from __future__ import annotations

import datetime as dt

from medguild.demo.load import Step

STEPS: list[Step] = []


def advance(*, now: dt.datetime) -> None:
    """Bring the day up to now, so that boards have people on them."""
