"""Allocation: sums are exact, nothing is over-applied, the oldest service comes first."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from medguild.revenue.receipts import rules
from medguild.revenue.receipts.rules import Debt, Purpose, Share

_days = st.dates(dt.date(2024, 1, 1), dt.date(2026, 12, 31))
_visits = st.sampled_from([UUID(int=1), UUID(int=2), None])
_debts = st.lists(
    st.builds(
        Debt,
        charge_id=st.uuids(),
        owed=st.integers(-20_000, 90_000),
        service_date=st.none() | _days,
        visit_id=_visits,
        settled=st.booleans(),
    ),
    max_size=12,
    unique_by=lambda debt: debt.charge_id,
)
_money = st.integers(0, 300_000)


@given(_debts, _money, st.none() | st.integers(-5_000, 300_000))
def test_the_shares_sum_to_what_can_be_paid_and_no_debt_is_paid_twice(
    debts: list[Debt], money: int, most: int | None
) -> None:
    shares = rules.allocate(money, rules.oldest_first(debts), most=most)
    owed = {debt.charge_id: max(0, debt.owed) for debt in debts}
    can = min(money, sum(owed.values()), max(0, most) if most is not None else money)
    assert rules.total(shares) == can
    assert all(0 < share.amount <= owed[share.charge_id] for share in shares)
    assert len({share.charge_id for share in shares}) == len(shares)


@given(_debts, _money)
def test_the_oldest_service_is_settled_whole_before_the_next_is_touched(debts: list[Debt], money: int) -> None:
    ordered = [debt for debt in rules.oldest_first(debts) if debt.owed > 0]
    shares = rules.allocate(money, rules.oldest_first(debts))
    assert [share.charge_id for share in shares] == [debt.charge_id for debt in ordered[: len(shares)]]
    assert all(share.amount == debt.owed for share, debt in zip(shares[:-1], ordered, strict=False))
    days = [debt.service_date or dt.date.min for debt in ordered]
    assert days == sorted(days)


@given(_debts, _money)
def test_settling_lowers_what_is_owed_by_what_was_paid(debts: list[Debt], money: int) -> None:
    shares = rules.allocate(money, rules.oldest_first(debts))
    after = rules.settle(debts, shares)
    assert sum(debt.owed for debt in debts) - sum(debt.owed for debt in after) == rules.total(shares)
    assert rules.allocate(0, after) == []


@given(_debts, _visits.filter(bool))
def test_a_co_pay_waits_for_its_visit_and_then_comes_first_there(debts: list[Debt], visit_id: UUID) -> None:
    reach = rules.within_reach(debts, purpose=Purpose.COPAY, visit_id=visit_id)
    own = [debt for debt in debts if debt.visit_id == visit_id]
    assert all(debt.visit_id == visit_id for debt in reach[: len(own)])
    if not own or not all(debt.settled for debt in own):
        assert len(reach) == len(own)
    else:
        assert len(reach) == len(debts)


@given(_debts)
def test_other_money_reaches_every_debt(debts: list[Debt]) -> None:
    for purpose in (Purpose.BALANCE, Purpose.PREPAYMENT):
        assert rules.within_reach(debts, purpose=purpose, visit_id=None) == rules.oldest_first(debts)


@given(_debts, st.lists(st.integers(1, 50_000), max_size=12))
def test_only_what_was_overpaid_comes_free_again(debts: list[Debt], placed: list[int]) -> None:
    shares = [Share(debt.charge_id, cents) for debt, cents in zip(debts, placed, strict=False)]
    freed = rules.give_back(debts, shares)
    at = {share.charge_id: share.amount for share in shares}
    over = {debt.charge_id: max(0, -debt.owed) for debt in debts}
    for share in freed:
        assert 0 < share.amount <= min(at[share.charge_id], over[share.charge_id])
    expected = sum(min(at.get(key, 0), cents) for key, cents in over.items())
    assert rules.total(freed) == expected


def test_a_debt_without_date_counts_as_oldest() -> None:
    old, new = Debt(None, 500), Debt(uuid4(), 500, dt.date(2026, 1, 1))
    assert rules.allocate(700, rules.oldest_first([new, old])) == [Share(None, 500), Share(new.charge_id, 200)]


def test_totals_name_every_method() -> None:
    assert rules.totals([("cash", 100), ("card", 50), ("cash", 25)]) == {
        "cash": 125,
        "card": 50,
        "check": 0,
        "other": 0,
    }
    assert rules.expected_cash(10_000, 125) == 10_125
    assert rules.receipt_number(42) == "R00000042"
