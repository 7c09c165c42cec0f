"""Where amounts go: worked examples, and what holds for every remittance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medguild.foundation.kernel.money import split
from medguild.foundation.ledger.rules import Chart, Line, imbalance
from medguild.revenue.remittances.facts import ClaimSaid, said_of
from medguild.revenue.remittances.posting_rules import (
    ASKS,
    STAYS,
    TARGET,
    Adjudication,
    Adjusted,
    Circumstances,
    Effect,
    Payment,
    Place,
    Reason,
    adjusted,
    amounts_in_force,
    cash,
    category_of,
    effect_of,
    is_protected,
    provider_adjustment_code,
    settle,
    settle_provider_adjustment,
    spread,
    suspend,
    together,
)
from medguild.x12.records.remittance import Remittance
from tests.support_x12_records import remittances

ENTITY, PAYER, NEXT = uuid4(), uuid4(), uuid4()
PLACE = Place(
    ENTITY, PAYER, site_id=uuid4(), clinician_id=uuid4(), patient_id=uuid4(), account_id=uuid4(), claim_line_id=uuid4(),
    service_date=dt.date(2026, 1, 5), next_payer_id=NEXT,
)  # fmt: skip
KNOWN = {
    "45": Reason("45", "contractual", False), "253": Reason("253", "contractual", False),
    "104": Reason("104", "capitation", False), "225": Reason("225", "payment_adjustment", False),
    "16": Reason("16", "missing_info", True), "197": Reason("197", "authorization", True),
    "18": Reason("18", "duplicate", True), "96": Reason("96", "non_covered", True),
    "24": Reason("24", "capitation", True),
    "1": Reason("1", "patient_share", False), "2": Reason("2", "patient_share", False),
    "303": Reason("303", "patient_share", False), "94": Reason("94", "payment_adjustment", False),
    "27": Reason("27", "eligibility", True), "121": Reason("121", "payment_adjustment", False),
}  # fmt: skip
PLAIN = Circumstances()


def said(group: str, reason: str, amount: int, at: Circumstances = PLAIN) -> Adjusted:
    return adjusted(group, reason, amount, KNOWN.get(reason), at)


def stands(lines: Sequence[Line], code: Chart, payer_id: UUID | None = PAYER) -> int:
    return sum(line.amount for line in lines if line.code == code and line.payer_id == payer_id)


def test_worked_line_of_a_deductible_and_co_insurance() -> None:
    """revenue_cycle 2.5: charge 200.00, allowed 120.00, deductible left 50.00, co-insurance 20 %."""
    line = Payment(20_000, 5_600, (said("PR", "1", 5_000), said("PR", "2", 1_400), said("CO", "45", 8_000)))
    lines = settle(PLACE, line)

    assert line.balanced
    assert (line.allowed, line.patient_share, line.denied) == (12_000, 6_400, 0)
    assert stands(lines, Chart.INSURANCE_AR) == -20_000
    assert stands(lines, Chart.PATIENT_AR, None) == 6_400
    assert stands(lines, Chart.CONTRACTUAL) == 8_000
    assert imbalance([*lines, cash(ENTITY, PAYER, 5_600)]) == {}


def test_worked_line_of_medicare() -> None:
    """revenue_cycle 2.6: allowed 100.00, deductible met: 80.00 less 2 % is 78.40 paid, co-insurance 20.00."""
    line = Payment(15_000, 7_840, (said("CO", "45", 5_000), said("CO", "253", 160), said("PR", "2", 2_000)))
    lines = settle(PLACE, line)

    assert line.allowed == 10_000
    assert stands(lines, Chart.PAYER_REDUCTION) == 160
    assert stands(lines, Chart.CONTRACTUAL) == 5_000
    assert stands(lines, Chart.INSURANCE_AR) == -15_000


@pytest.mark.parametrize(
    ("group", "reason", "at", "effect"),
    [
        ("CO", "45", PLAIN, Effect.CONTRACTUAL),
        ("PI", "45", PLAIN, Effect.CONTRACTUAL),
        ("CO", "45", Circumstances(denied_claim=True), Effect.DENIED),  # a refused claim writes nothing off
        ("CO", "253", PLAIN, Effect.REDUCTION),
        ("CO", "104", PLAIN, Effect.WITHHOLD),
        ("CO", "225", PLAIN, Effect.INTEREST),
        ("CO", "197", PLAIN, Effect.DENIED),
        ("PI", "16", PLAIN, Effect.DENIED),
        ("CO", "24", PLAIN, Effect.DENIED),
        ("CO", "24", Circumstances(capitated=True), Effect.CONTRACTUAL),
        ("CO", "24", Circumstances(capitated=True, denied_claim=True), Effect.CONTRACTUAL),
        ("CO", "999", PLAIN, Effect.UNCLEAR),
        ("PR", "1", PLAIN, Effect.PATIENT),
        ("PR", "96", PLAIN, Effect.PATIENT),  # the pair decides: the patient may be billed for PR-96
        ("CO", "96", PLAIN, Effect.DENIED),  # and not for CO-96
        ("PR", "2", Circumstances(next_payer=True), Effect.NEXT_PAYER),
        ("PR", "2", Circumstances(protected=True), Effect.PROTECTED),
        ("PR", "2", Circumstances(protected=True, next_payer=True), Effect.PROTECTED),
        ("PR", "303", PLAIN, Effect.PROTECTED),
        ("CO", "303", PLAIN, Effect.CONTRACTUAL),
        ("OA", "23", PLAIN, Effect.PRIOR_PAYER),
        ("OA", "18", PLAIN, Effect.DENIED),
        ("OA", "121", PLAIN, Effect.UNCLEAR),
        ("OA", "999", PLAIN, Effect.UNCLEAR),
        ("CR", "45", PLAIN, Effect.UNCLEAR),
        ("", "45", PLAIN, Effect.UNCLEAR),
    ],
)
def test_what_becomes_of_an_amount(group: str, reason: str, at: Circumstances, effect: Effect) -> None:
    assert effect_of(group, reason, KNOWN.get(reason), at) is effect


def test_every_effect_moves_or_stays() -> None:
    assert set(Effect) == TARGET.keys() | STAYS
    assert ASKS <= STAYS


@pytest.mark.parametrize(
    ("group", "reason", "denial"),
    [
        ("CO", "197", True),
        ("PR", "27", True),
        ("OA", "18", True),
        ("CO", "45", False),
        ("PR", "1", False),
        ("CR", "16", False),
    ],
)
def test_what_counts_as_a_denial(group: str, reason: str, denial: bool) -> None:
    assert said(group, reason, 100).denial is denial


def test_a_refused_service_that_the_patient_owes_is_no_patient_share() -> None:
    line = Payment(100, 0, (said("PR", "27", 100),))
    assert (line.patient_share, line.denied) == (0, 100)
    assert stands(settle(PLACE, line), Chart.PATIENT_AR, None) == 100


def test_categories() -> None:
    assert category_of("24", KNOWN["24"], Effect.DENIED) == "eligibility"
    assert category_of("24", KNOWN["24"], Effect.CONTRACTUAL) == "capitation"
    assert category_of("999", None, Effect.UNCLEAR) == "other"
    assert category_of("197", KNOWN["197"], Effect.DENIED) == "authorization"


def test_who_is_protected() -> None:
    assert is_protected(["2"], ["N782"])
    assert is_protected(["303"], [])
    assert not is_protected(["2"], ["N115"])


def test_the_next_payer_owes_what_is_left() -> None:
    line = Payment(100, 80, (said("PR", "2", 20, Circumstances(next_payer=True)),))
    lines = settle(PLACE, line)
    assert stands(lines, Chart.INSURANCE_AR) == -100
    assert stands(lines, Chart.INSURANCE_AR, NEXT) == 20


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("L6", Chart.INTEREST), ("CT", Chart.CAPITATION), ("E3", Chart.WITHHOLD), ("WO", Chart.RECOUPMENT),
        ("FB", Chart.RECOUPMENT), ("72", Chart.RECOUPMENT), ("CV", Chart.UNAPPLIED), ("", Chart.UNAPPLIED),
    ],
)  # fmt: skip
def test_accounts_of_money_beside_the_claims(reason: str, code: Chart) -> None:
    assert provider_adjustment_code(reason) is code
    line = settle_provider_adjustment(ENTITY, PAYER, reason, -321)
    assert (line.code, line.amount) == (code, -321)  # money that came in is a credit


@pytest.mark.parametrize(
    ("history", "wanted"),
    [
        ([], None),
        ([("1", "A", 100, 80, 20, 0)], (80, 20, 0)),
        ([("4", "A", 100, 0, 0, 100)], (0, 0, 100)),
        ([("1", "A", 100, 80, 20, 0), ("22", "A", -100, -80, -20, 0)], None),
        ([("4", "A", 100, 0, 0, 100), ("22", "A", -100, 0, 0, -100), ("1", "B", 100, 70, 30, 0)], (70, 30, 0)),
        ([("4", "A", 100, 0, 0, 100), ("1", "B", 100, 70, 30, 0)], (70, 30, 0)),  # decided anew without a reversal
        ([("1", "A", 100, 80, 20, 0), ("2", "B", 100, 15, 5, 0)], (95, 25, 0)),  # the second payer
        ([("1", "A", 100, 80, 20, 0), ("2", "B", 100, 15, 5, 0), ("22", "A", -100, -80, -20, 0)], (15, 5, 0)),
        ([("1", "A", 100, 80, 20, 0), ("22", "Z", -100, -80, -20, 0)], None),  # another number, but the only one
        ([("22", "A", -100, -80, -20, 0)], None),
    ],
)
def test_what_stands_after_all_answers(
    history: list[tuple[str, str, int, int, int, int]], wanted: tuple[int, int, int] | None
) -> None:
    assert amounts_in_force(Adjudication(*one) for one in history) == wanted


# What holds for every remittance

groups = st.sampled_from(["CO", "PI", "PR", "OA", "CR", "XX"])
codes = st.sampled_from([*KNOWN, "999"])
circumstances = st.builds(Circumstances, st.booleans(), st.booleans(), st.booleans(), st.booleans())


@st.composite
def payments(draw: st.DrawFn) -> Payment:
    at = draw(circumstances)
    found = tuple(
        said(group, code, amount, at)
        for group, code, amount in draw(st.lists(st.tuples(groups, codes, st.integers(-9_999, 9_999)), max_size=5))
    )
    paid = draw(st.integers(-9_999, 99_999))
    return Payment(paid + sum(one.amount for one in found), paid, found)


@given(payments())
def test_a_line_balances_with_its_cash(payment: Payment) -> None:
    lines = settle(PLACE, payment)
    assert imbalance([*lines, cash(ENTITY, PAYER, payment.paid)]) == {}
    assert {line.claim_line_id for line in lines} == {PLACE.claim_line_id}


@given(payments())
def test_what_stays_is_what_was_not_placed(payment: Payment) -> None:
    """A charge of the line's amount on the receivable leaves exactly the amounts that nobody has placed."""
    lines = settle(PLACE, payment)
    left = payment.charge + stands(lines, Chart.INSURANCE_AR)
    assert left == payment.total(*STAYS)


@given(payments())
def test_nothing_is_written_off_because_a_payer_refused(payment: Payment) -> None:
    denied = Payment(payment.charge, payment.paid, tuple(one for one in payment.adjustments if one.denial))
    lines = settle(PLACE, denied)
    assert not [line for line in lines if line.code in (Chart.CONTRACTUAL, Chart.PAYER_REDUCTION, Chart.WITHHOLD)]


@given(payments())
def test_a_reversal_takes_back_to_the_cent(payment: Payment) -> None:
    back = Payment(
        -payment.charge,
        -payment.paid,
        tuple(Adjusted(one.group, one.reason, -one.amount, one.effect) for one in payment.adjustments),
    )
    assert together([*settle(PLACE, payment), *settle(PLACE, back)]) == []


@given(payments(), st.lists(st.integers(0, 50_000), min_size=1, max_size=6))
def test_sharing_a_claim_over_its_lines_loses_nothing(payment: Payment, weights: list[int]) -> None:
    parts = spread(payment, weights)
    assert len(parts) == len(weights)
    assert all(part.balanced for part in parts)
    assert sum(part.paid for part in parts) == payment.paid
    assert sum(part.charge for part in parts) == payment.charge
    for effect in Effect:
        assert sum(part.total(effect) for part in parts) == payment.total(effect)


@given(remittances())
def test_what_a_claim_says_adds_up(content: Remittance) -> None:
    for number, claim in enumerate(content.claims, start=1):
        one = said_of(number, claim)
        assert sum(service.charge for service in one.services) == claim.charge_cents
        assert sum(service.paid for service in one.services) == claim.paid_cents
        assert all(service.charge == service.paid + service.adjusted for service in one.services)


def _posted(content: Remittance, found: Sequence[bool]) -> list[Line]:
    """The whole entry, claims found or in suspense by turns."""
    lines = [cash(ENTITY, PAYER, content.header.payment_cents)]
    for at, claim in enumerate(content.claims):
        one: ClaimSaid = said_of(at, claim)
        if not found[at % len(found)]:
            lines.append(suspend(ENTITY, PAYER, one.paid))
            continue
        for service in one.services:
            reasons = tuple(said(each.group, each.reason, each.amount) for each in service.reasons)
            lines += settle(PLACE, Payment(service.charge, service.paid, reasons))
    return [
        *lines,
        *(
            settle_provider_adjustment(ENTITY, PAYER, one.reason, one.amount_cents)
            for one in content.provider_adjustments
        ),
    ]


@given(remittances(), st.lists(st.booleans(), min_size=1, max_size=5))
def test_the_entry_of_a_balanced_remittance_balances_and_its_cash_is_the_payment(
    content: Remittance, found: list[bool]
) -> None:
    lines = together(_posted(content, found))
    assert imbalance(lines) == {}
    assert stands(lines, Chart.UNDEPOSITED) == content.header.payment_cents


@given(st.lists(st.integers(-100, 100), min_size=1, max_size=8))
def test_lines_put_together_say_the_same(amounts: list[int]) -> None:
    lines = [cash(ENTITY, PAYER if at % 2 else None, amount) for at, amount in enumerate(amounts)]
    merged = together(lines)
    assert sum(line.amount for line in merged) == sum(amounts)
    assert len(merged) <= 2
    assert split(sum(amounts), [1]) == [sum(amounts)]
