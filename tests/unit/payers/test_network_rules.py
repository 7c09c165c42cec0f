"""One answer from plan, network, group, site and clinician: in only when all of it is; unknown is never in."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medguild.payers.networks.rules import (
    RULES_OF_KIND,
    Answer,
    Finding,
    Listing,
    Part,
    Standing,
    Why,
    judge,
    judge_clinician,
    judge_group,
    overall,
)
from medguild.payers.payers.rules import PlanKind

DAY = dt.date(2026, 6, 1)
BEFORE, AFTER = DAY - dt.timedelta(days=30), DAY + dt.timedelta(days=30)
HERE, THERE = "here", "there"


def listing(
    standing: Standing = Standing.IN, start: dt.date = BEFORE, end: dt.date | None = None, **more: object
) -> Listing:
    return Listing(standing, start, end, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rows", "answer", "why"),
    [
        ([], Answer.UNKNOWN, Why.NOT_ON_FILE),
        ([listing()], Answer.IN, Why.LISTED),
        ([listing(Standing.PENDING)], Answer.OUT, Why.PENDING),
        ([listing(Standing.OUT)], Answer.OUT, Why.LISTED_OUT),
        ([listing(start=AFTER)], Answer.OUT, Why.NOT_YET),
        ([listing(end=DAY)], Answer.OUT, Why.ENDED),
        ([listing(end=DAY), listing(Standing.OUT, start=DAY)], Answer.OUT, Why.LISTED_OUT),
        ([listing(Standing.OUT, start=AFTER)], Answer.OUT, Why.ENDED),
    ],
)
def test_what_a_list_says_of_a_day(rows: list[Listing], answer: Answer, why: Why) -> None:
    found = judge(Part.CLINICIAN, rows, DAY)
    assert (found.answer, found.why) == (answer, why)


def test_a_period_ends_before_its_last_day() -> None:
    one = listing(start=DAY, end=AFTER)
    assert one.holds(DAY)
    assert not one.holds(AFTER)


def test_a_group_listed_for_one_site_is_in_there_alone() -> None:
    rows = [listing(site=HERE)]
    assert overall(judge_group(rows, HERE, DAY)) is Answer.IN
    elsewhere = judge_group(rows, THERE, DAY)
    assert [(one.part, one.why) for one in elsewhere][-1] == (Part.SITE, Why.OTHER_SITES)
    assert overall(elsewhere) is Answer.OUT


def test_what_names_the_site_wins() -> None:
    rows = [listing(), listing(Standing.OUT, site=HERE)]
    assert overall(judge_group(rows, HERE, DAY)) is Answer.OUT
    assert overall(judge_group(rows, THERE, DAY)) is Answer.IN


def test_group_in_and_clinician_pending_is_out() -> None:
    findings = [
        *judge_group([listing()], HERE, DAY),
        *judge_clinician([listing(Standing.PENDING)], DAY, new_patient=False),
    ]
    assert overall(findings) is Answer.OUT
    assert [one.why for one in findings if one.answer is not Answer.IN] == [Why.PENDING]


def test_a_closed_panel_stops_new_patients_only() -> None:
    rows = [listing(open_panel=False)]
    assert overall(judge_clinician(rows, DAY, new_patient=False)) is Answer.IN
    assert overall(judge_clinician(rows, DAY, new_patient=True)) is Answer.OUT
    assert overall(judge_clinician([listing()], DAY, new_patient=True)) is Answer.IN


FINDINGS = st.lists(st.builds(Finding, st.sampled_from(Part), st.sampled_from(Answer), st.just(Why.LISTED)))


@given(FINDINGS)
def test_in_only_when_everything_is(findings: list[Finding]) -> None:
    whole = overall(findings)
    assert (whole is Answer.IN) == (bool(findings) and all(one.answer is Answer.IN for one in findings))
    if any(one.answer is Answer.OUT for one in findings):
        assert whole is Answer.OUT


def test_every_kind_of_plan_has_rules() -> None:
    assert set(RULES_OF_KIND) == set(PlanKind)
    assert RULES_OF_KIND[PlanKind.HMO].needs_referral
    assert not RULES_OF_KIND[PlanKind.HMO].covers_outside
    assert RULES_OF_KIND[PlanKind.PPO].covers_outside
    assert not RULES_OF_KIND[PlanKind.PPO].needs_gatekeeper
