"""What a statement says: reasons, identities, due dates."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medguild.revenue.statements import rules
from medguild.revenue.statements.rules import Why

_cents = st.integers(-100_000, 100_000)


@pytest.mark.parametrize(
    ("code", "why"), [("1", Why.DEDUCTIBLE), ("2", Why.COINSURANCE), ("3", Why.COPAY), ("96", Why.NOT_COVERED)]
)
def test_a_share_is_named_by_its_reason_code(code: str, why: Why) -> None:
    assert rules.share_reason(code) is why


@given(_cents, _cents, _cents, _cents)
def test_a_charge_is_paid_pending_adjusted_or_the_patients(
    charged: int, pending: int, adjusted: int, share: int
) -> None:
    paid = rules.insurance_paid(charged=charged, pending=pending, adjusted=adjusted, share=share)
    assert charged == paid + pending + adjusted + share


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"insured": True, "pending": 100, "share": 0, "left": 0}, Why.WAITING),
        ({"insured": True, "pending": 0, "share": 0, "left": 0}, Why.NOTHING),
        ({"insured": True, "pending": 0, "share": 100, "left": 100}, Why.AFTER_INSURANCE),
        ({"insured": False, "pending": 0, "share": 100, "left": 100}, Why.NO_INSURANCE),
        ({"insured": False, "pending": 0, "share": 100, "left": 0}, Why.PAID),
        ({"insured": True, "pending": 0, "share": 100, "left": -20}, Why.OVERPAID),
    ],
)
def test_the_money_alone_tells_a_reason(facts: dict[str, int], why: Why) -> None:
    assert rules.standing_reason(**facts) is why  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("owes", "minimum", "enough"), [(500, 500, True), (499, 500, False), (0, 0, False), (-5, 0, False)]
)
def test_a_statement_needs_a_balance_worth_a_letter(owes: int, minimum: int, enough: bool) -> None:
    assert rules.is_owed_enough(owes, minimum) is enough


def test_numbers_and_due_dates() -> None:
    assert rules.due_on(dt.date(2026, 1, 31), 30) == dt.date(2026, 3, 2)
    assert rules.statement_number(7) == "S00000007"
