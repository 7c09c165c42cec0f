"""Worked examples: what the books say after the events that every office knows."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medguild.foundation.kernel.money import dollars
from medguild.foundation.ledger import periods, selectors, services
from medguild.foundation.ledger.models import Posting
from medguild.foundation.ledger.ports import CHARGE, JOURNAL, PAYMENT, REFUND, REMITTANCE, TRANSFER
from medguild.foundation.ledger.rules import Chart, Line, credit, debit, share_out
from tests.factories.world import HOUSE
from tests.integration.ledger.conftest import DAY, Books

ACCOUNT = uuid4()
LINE = uuid4()


def post(books: Books, kind: str, key: str, *lines: Line) -> None:
    services.post_between(entry_type=kind, lines=lines, occurred_on=DAY, source_key=key, by=HOUSE)


def stands(books: Books, code: str) -> str:
    """The balance of an account of the first entity in dollars, debits positive."""
    return dollars(selectors.balance(HOUSE, entity_id=books.a, codes=[code]))


def bill(books: Books, cents: int) -> None:
    dims = {"account_id": ACCOUNT, "claim_line_id": LINE}
    post(
        books, CHARGE, "charge",
        debit(books.a, Chart.INSURANCE_AR, cents, **dims), credit(books.a, Chart.CHARGES, cents, **dims),
    )  # fmt: skip


def remit(books: Books, *, paid: int, contractual: int, patient: int, reduction: int = 0) -> None:
    """A payer's answer: money, what the contract takes off, what is the patient's, what it kept after allowing."""
    dims = {"account_id": ACCOUNT, "claim_line_id": LINE}
    post(
        books, REMITTANCE, "remittance",
        debit(books.a, Chart.UNDEPOSITED, paid, **dims),
        debit(books.a, Chart.CONTRACTUAL, contractual, **dims),
        debit(books.a, Chart.PAYER_REDUCTION, reduction, **dims),
        debit(books.a, Chart.PATIENT_AR, patient, **dims),
        credit(books.a, Chart.INSURANCE_AR, paid + contractual + reduction + patient, **dims),
    )  # fmt: skip


def test_deductible_and_coinsurance(books: Books) -> None:
    """Charge 200, allowed 120, deductible left 50, co-insurance 20 %: paid 56, PR-1 50, PR-2 14, CO-45 80."""
    bill(books, 200_00)
    remit(books, paid=56_00, contractual=80_00, patient=50_00 + 14_00)
    assert stands(books, Chart.INSURANCE_AR) == "$0.00"
    assert stands(books, Chart.PATIENT_AR) == "$64.00"
    post(
        books, PAYMENT, "card",
        debit(books.a, Chart.DRAWER, 64_00), credit(books.a, Chart.PATIENT_AR, 64_00, account_id=ACCOUNT),
    )  # fmt: skip
    assert selectors.balances_of([ACCOUNT])[ACCOUNT].total == 0
    assert selectors.balance(HOUSE, codes=[Chart.CHARGES, Chart.CONTRACTUAL]) == -(56_00 + 64_00)


def test_sequestration(books: Books) -> None:
    """Medicare allows 100, deductible met: 80 less 2 % is 78.40, CO-253 1.60, PR-2 20."""
    bill(books, 150_00)
    remit(books, paid=78_40, contractual=50_00, reduction=1_60, patient=20_00)
    assert [stands(books, code) for code in (Chart.INSURANCE_AR, Chart.PAYER_REDUCTION, Chart.PATIENT_AR)] == [
        "$0.00", "$1.60", "$20.00",
    ]  # fmt: skip


def test_a_remittance_with_money_taken_back(books: Books) -> None:
    """Claims paid 500, PLB takes 120 back for an old overpayment: the bank gets 380, the old credit is settled."""
    bill(books, 500_00)
    post(
        books, JOURNAL, "overpaid before",
        debit(books.a, Chart.BANK, 120_00), credit(books.a, Chart.RECOUPMENT, 120_00),
    )  # fmt: skip
    post(
        books, REMITTANCE, "835",
        debit(books.a, Chart.UNDEPOSITED, 380_00),
        debit(books.a, Chart.RECOUPMENT, 120_00),
        credit(books.a, Chart.INSURANCE_AR, 500_00, account_id=ACCOUNT),
    )  # fmt: skip
    assert stands(books, Chart.RECOUPMENT) == "$0.00"
    assert stands(books, Chart.UNDEPOSITED) == "$380.00"


def test_an_overpayment_is_owed_back_and_refunded(books: Books) -> None:
    post(
        books, PAYMENT, "too much",
        debit(books.a, Chart.DRAWER, 40_00), credit(books.a, Chart.UNAPPLIED, 40_00, account_id=ACCOUNT),
    )  # fmt: skip
    assert selectors.balances_of([ACCOUNT])[ACCOUNT].due_from_patient == -40_00
    post(
        books, TRANSFER, "to refund",
        debit(books.a, Chart.UNAPPLIED, 40_00, account_id=ACCOUNT), credit(books.a, Chart.REFUNDS_PAYABLE, 40_00),
    )  # fmt: skip
    post(
        books, REFUND, "cheque",
        debit(books.a, Chart.REFUNDS_PAYABLE, 40_00), credit(books.a, Chart.BANK, 40_00),
    )  # fmt: skip
    assert (stands(books, Chart.REFUNDS_PAYABLE), stands(books, Chart.UNAPPLIED)) == ("$0.00", "$0.00")


def test_money_taken_at_the_other_entitys_desk(books: Books) -> None:
    """A patient of A pays 25 at B's front desk: B owes A; when B wires it, nobody owes anybody."""
    bill(books, 25_00)
    post(books, PAYMENT, "desk", debit(books.b, Chart.DRAWER, 25_00), credit(books.a, Chart.INSURANCE_AR, 25_00))
    due = selectors.balances_by(HOUSE, "counterparty_id", codes=[Chart.DUE_FROM, Chart.DUE_TO])
    assert due == {
        books.b: 25_00,
        books.a: -25_00,
    }
    wire = [
        debit(books.a, Chart.BANK, 25_00), credit(books.a, Chart.DUE_FROM, 25_00, counterparty_id=books.b),
        debit(books.b, Chart.DUE_TO, 25_00, counterparty_id=books.a), credit(books.b, Chart.DRAWER, 25_00),
    ]  # fmt: skip
    services.post(entry_type=TRANSFER, lines=wire, occurred_on=DAY, source_key="wire", by=HOUSE)
    assert selectors.balances_by(HOUSE, "counterparty_id", codes=[Chart.DUE_FROM, Chart.DUE_TO]) == {}


def test_one_cheque_over_three_lines_is_shared_to_the_cent(books: Books) -> None:
    lines = [uuid4() for _ in range(3)]
    parts = share_out(-100_00, [(1, credit(books.a, Chart.PATIENT_AR, 0, claim_line_id=line)) for line in lines])
    post(books, PAYMENT, "cheque", debit(books.a, Chart.BANK, 100_00), *parts)
    shares = selectors.balances_by(HOUSE, "claim_line_id", codes=[Chart.PATIENT_AR])
    assert sorted(shares.values()) == [-33_34, -33_33, -33_33]


def test_the_trial_balance_tells_a_month(books: Books) -> None:
    bill(books, 200_00)
    periods.hold_open_months([books.a], dt.date(2026, 4, 1))
    entity, march = books.world.main.entity, dt.date(2026, 3, 1)
    trial = selectors.trial_balance(HOUSE, entity=entity, period=selectors.period_of(HOUSE, books.a, march))
    assert {row.account.code: (row.opening, row.debits, row.credits, row.natural_closing) for row in trial.rows} == {
        Chart.INSURANCE_AR: (0, 200_00, 0, 200_00),
        Chart.CHARGES: (0, 0, 200_00, 200_00),
    }
    assert trial.balanced
    later = selectors.period_of(HOUSE, books.a, dt.date(2026, 4, 1))
    after = selectors.trial_balance(HOUSE, entity=entity, period=later)
    assert {row.account.code: (row.opening, row.closing) for row in after.rows} == {
        Chart.INSURANCE_AR: (200_00, 200_00),
        Chart.CHARGES: (-200_00, -200_00),
    }
    assert (after.debits, after.credits, after.balanced) == (0, 0, True)


codes = st.sampled_from([Chart.BANK, Chart.PATIENT_AR, Chart.CHARGES, Chart.UNAPPLIED])
moves = st.lists(
    st.tuples(
        codes, codes, st.sampled_from("ab"), st.sampled_from("ab"), st.integers(-500_000, 500_000).filter(bool),
        st.dates(dt.date(2025, 11, 1), dt.date(2026, 6, 30)), st.booleans(),
    ),
    max_size=8,
)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves)
def test_any_sequence_of_posts_keeps_every_entity_balanced(books: Books, sequence: list[tuple]) -> None:  # type: ignore[type-arg]
    """Whatever is posted, reversed and when: entities balance, months balance, dues mirror each other."""
    with transaction.atomic():
        expected: dict[tuple[object, str], int] = {}
        for code_1, code_2, which_1, which_2, amount, day, back in sequence:
            one, two = getattr(books, which_1), getattr(books, which_2)
            entry = services.post_between(
                entry_type=JOURNAL, lines=[debit(one, code_1, amount), credit(two, code_2, amount)], occurred_on=day,
                source_key=str(uuid4()), by=HOUSE,
            )  # fmt: skip
            if back:
                services.reverse(entry=entry, by=HOUSE, reason="test")
                continue
            expected[one, code_1] = expected.get((one, code_1), 0) + amount
            expected[two, code_2] = expected.get((two, code_2), 0) - amount
        assert selectors.balances_by(HOUSE, "entity_id") == {}
        assert selectors.balances_by(HOUSE, "period_id") == {}
        held = {(entity, code): 0 for entity in (books.a, books.b) for code in Chart}
        for entity, code, amount in Posting.objects.unscoped("test").values_list(
            "entity_id", "ledger_account__code", "amount"
        ):
            held[entity, Chart(code)] += amount
        due = {key: cents for key, cents in held.items() if key[1] in (Chart.DUE_TO, Chart.DUE_FROM)}
        assert due[books.a, Chart.DUE_FROM] == -due[books.b, Chart.DUE_TO]
        assert due[books.b, Chart.DUE_FROM] == -due[books.a, Chart.DUE_TO]
        assert {k: v for k, v in held.items() if v and k not in due} == {k: v for k, v in expected.items() if v}
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")
        # Each example begins with empty books.
        transaction.set_rollback(True)
