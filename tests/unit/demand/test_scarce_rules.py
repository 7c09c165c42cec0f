"""Which resource is called the scarcest; how leads are named; how weeks ahead are judged."""

from __future__ import annotations

import datetime as dt

import pytest

from medguild.operations.demand.forecast_rules import Foretold
from medguild.operations.demand.planner import Outlook, at_least, outlook_of
from medguild.operations.demand.rules import Lead, Mean, Share, lead_of
from medguild.operations.demand.scarce_rules import Use, overlap, scarcest


def test_what_blocks_offers_comes_before_what_is_merely_taken() -> None:
    clinicians, rooms = Use("clinician", "", 480, 456), Use("room", "", 960, 400)
    device = Use("equipment", "Ultrasound", 240, 120, blocked=3)
    assert scarcest([rooms, clinicians]) is clinicians
    assert scarcest([rooms, clinicians, device]) is device
    missing = Use("staff", "Phlebotomy", 0, 0, blocked=4)
    assert scarcest([rooms, clinicians, device, missing]) is missing
    assert missing.percent is None
    assert scarcest([Use("room", "", 480, 0)]) is None
    assert scarcest([]) is None


def test_minutes_that_two_spans_share() -> None:
    assert [overlap(0, 10, 5, 20), overlap(0, 10, 10, 20), overlap(0, 10, 2, 4)] == [5, 0, 2]


@pytest.mark.parametrize(
    ("hours", "lead"),
    [(0, Lead.UNDER_A_DAY), (23.9, Lead.UNDER_A_DAY), (24, Lead.ONE_TO_THREE), (72, Lead.THREE_TO_SEVEN),
     (168, Lead.OVER_A_WEEK)],
)  # fmt: skip
def test_leads(hours: float, lead: Lead) -> None:
    assert lead_of(hours) is lead


@pytest.mark.parametrize(
    ("offered", "outlook"),
    [(80, Outlook.SHORT), (95, Outlook.TIGHT), (100, Outlook.FINE), (137, Outlook.FINE), (138, Outlook.SPARE)],
)
def test_weeks_are_judged_by_the_range_of_the_forecast(offered: int, outlook: Outlook) -> None:
    assert outlook_of(Foretold(dt.date(2026, 1, 5), 100, 90, 110), offered) is outlook


def test_what_is_booked_already_is_wanted_already() -> None:
    told = Foretold(dt.date(2026, 1, 5), 100, 90, 110)
    assert at_least(told, 80) is told
    assert at_least(told, 105) == Foretold(dt.date(2026, 1, 5), 105, 105, 110)
    assert at_least(told, 120) == Foretold(dt.date(2026, 1, 5), 120, 120, 120)
    assert at_least(None, 120) is None


def test_nothing_divided_by_nothing_is_not_zero() -> None:
    assert (Share().percent, Mean().value) == (None, None)
    assert ((Share(1, 3) + Share(1, 1)).percent, (Mean(5, 2) + Mean(4, 1)).value) == (50.0, 3.0)
