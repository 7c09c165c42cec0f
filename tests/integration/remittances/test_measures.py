"""Initial denial rate and days in A/R, with the rows behind them."""

from __future__ import annotations

import datetime as dt

import pytest

from medguild.foundation.access.rules import Role
from medguild.foundation.ledger.ports import JOURNAL
from medguild.foundation.ledger.rules import Chart, credit, debit
from medguild.foundation.ledger.services import post
from medguild.revenue.remittances.measures import (
    days_in_ar,
    days_in_ar_of,
    denied_first,
    first_answers,
    initial_denial_rate,
    open_balances,
)
from tests.factories.remittances import Desk, answer, service
from tests.factories.scheduling import day_here
from tests.factories.world import HOUSE

pytestmark = pytest.mark.django_db


def test_denials_of_first_decisions_only(desk: Desk) -> None:
    """Four claims answered: one refused, later paid; one refused in part; one paid; one left to the patient."""
    refused, partly, paid, left = desk.sent(), desk.sent("99213", "93000"), desk.sent(), desk.sent()
    (line,) = desk.lines(refused)
    desk.take(desk.remittance(answer(refused.number, service(line, 0, ("CO", "16", 17_500)), status="4")))
    first, second = desk.lines(partly)
    desk.take(desk.remittance(answer(partly.number, service(first, 17_500), service(second, 0, ("CO", "97", 6_500)))))
    (line,) = desk.lines(paid)
    desk.take(desk.remittance(answer(paid.number, service(line, 17_500))))
    (line,) = desk.lines(left)
    desk.take(desk.remittance(answer(left.number, service(line, 0, ("PR", "1", 17_500)))))
    (line,) = desk.lines(refused)
    desk.take(desk.remittance(answer(refused.number, service(line, 17_500), payer_control="AGAIN")))
    today = day_here()

    rate = initial_denial_rate(HOUSE, start=today, end=today + dt.timedelta(days=1))

    assert (rate.claims.numerator, rate.claims.denominator, rate.partly_denied) == (1, 4, 1)
    assert rate.claims.percent == 25
    assert (rate.dollars.numerator, rate.dollars.denominator) == (24_000, 4 * 17_500 + 6_500)
    rows = first_answers(HOUSE, start=today, end=today + dt.timedelta(days=1))
    assert [row.claim_id for row in denied_first(rows)] == [refused.pk]


def test_not_enough_data_is_no_number(desk: Desk) -> None:
    day = dt.date(2020, 1, 1)
    rate = initial_denial_rate(HOUSE, start=day, end=day)
    assert (rate.claims.value, rate.claims.percent, rate.dollars.value) == (None, None, None)
    assert days_in_ar(HOUSE, as_of=day).days is None


def test_another_member_has_no_number(desk: Desk) -> None:
    claim = desk.sent()
    (line,) = desk.lines(claim)
    desk.take(desk.remittance(answer(claim.number, service(line, 0, ("CO", "16", 17_500)), status="4")))
    stranger = desk.world.actor(Role.REVENUE_DIRECTOR, desk.world.member_a.entity)
    today = day_here()

    assert initial_denial_rate(stranger, start=today, end=today + dt.timedelta(days=1)).claims.denominator == 0
    assert open_balances(stranger, as_of=today) == []
    assert days_in_ar(stranger, as_of=today).debits == 0


def test_credit_balances_stand_apart(desk: Desk) -> None:
    """Debits 1,000,000.00 and credits 60,000.00 are 1,000,000.00, not 940,000.00 (kpis.md)."""
    entity = desk.entity_id
    one, other = desk.sent(), desk.sent()
    day = dt.date(2026, 1, 31)
    lines = [
        debit(entity, Chart.INSURANCE_AR, 100_000_000, account_id=one.account_id, payer_id=one.payer_id),
        credit(entity, Chart.CHARGES, 100_000_000),
        credit(entity, Chart.PATIENT_AR, 6_000_000, account_id=other.account_id),
        debit(entity, Chart.BANK, 6_000_000),
    ]
    post(entry_type=JOURNAL, lines=lines, occurred_on=day, source_key="test:ar", by=HOUSE)

    found = days_in_ar(HOUSE, as_of=day, look_back=31)

    assert (found.debits, found.credits, found.charges) == (100_000_000, 6_000_000, 100_000_000)
    assert found.days == 31
    assert [row.amount for row in open_balances(HOUSE, as_of=day)] == [100_000_000, -6_000_000]
    at_hand = days_in_ar_of(HOUSE, open_balances(HOUSE, as_of=day), as_of=day)
    assert at_hand == days_in_ar(HOUSE, as_of=day)


def test_a_paid_patient_share_moves_between_debtors(desk: Desk) -> None:
    claim = desk.sent()
    (line,) = desk.lines(claim)
    desk.take(desk.remittance(answer(claim.number, service(line, 15_000, ("PR", "3", 2_500)))))

    (left,) = open_balances(HOUSE, as_of=day_here() + dt.timedelta(days=1))
    assert (left.code, left.payer_id, left.amount) == (Chart.PATIENT_AR, None, 2_500)
