"""Posting: exactly once, balanced per entity, in the right month."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest

from medguild.foundation.kernel.clock import now
from medguild.foundation.ledger import periods, selectors, services
from medguild.foundation.ledger.bulk import NewEntry, post_many
from medguild.foundation.ledger.errors import CannotReverse, NotBalanced, NotYet, PostedDifferently, UnknownAccount
from medguild.foundation.ledger.models import Entry, Posting
from medguild.foundation.ledger.ports import CHARGE, JOURNAL, PAYMENT
from medguild.foundation.ledger.rules import Chart, Line, credit, debit
from tests.factories.world import HOUSE
from tests.integration.ledger.conftest import DAY, Books


def charge(books: Books, amount: int = 200_00, **dimensions: object) -> list[Line]:
    return [
        debit(books.a, Chart.INSURANCE_AR, amount, **dimensions),
        credit(books.a, Chart.CHARGES, amount, **dimensions),
    ]


def post(lines: list[Line], key: str, day: dt.date = DAY, kind: str = CHARGE) -> Entry:
    return services.post(entry_type=kind, lines=lines, occurred_on=day, source_key=key, by=HOUSE)


def test_a_charge_stands_on_its_accounts_with_its_dimensions(books: Books) -> None:
    office, account = books.world.main, uuid4()
    entry = post(
        charge(
            books, site_id=office.site_unit.pk, clinician_id=office.clinician.pk, account_id=account, service_date=DAY
        ),
        "visit:1",
    )
    assert selectors.balance(HOUSE, codes=[Chart.INSURANCE_AR]) == 200_00
    assert selectors.balances_by(HOUSE, "site_id", codes=[Chart.CHARGES]) == {office.site_unit.pk: -200_00}
    assert selectors.balance(HOUSE, codes=[Chart.INSURANCE_AR], as_of=dt.date(2026, 3, 9)) == 0
    assert selectors.balance(HOUSE, codes=[Chart.INSURANCE_AR], service_date=DAY, clinician_id=None) == 0
    behind = list(selectors.postings(HOUSE, codes=[Chart.INSURANCE_AR], account_id=account))
    assert [posting.entry_id for posting in behind] == [entry.pk]


def test_the_same_source_posts_once(books: Books) -> None:
    first = post(charge(books), "visit:1")
    again = post(list(reversed(charge(books))), "visit:1")
    assert again == first
    assert Entry.objects.unscoped("test").count() == 1
    with pytest.raises(PostedDifferently):
        post(charge(books, 1), "visit:1")


@pytest.mark.parametrize("total", [0, 1])
def test_an_entry_that_does_not_balance_posts_nothing(books: Books, total: int) -> None:
    lines = [debit(books.a, Chart.BANK, total)]
    with pytest.raises(NotBalanced):
        post(lines, "odd")
    assert not Entry.objects.unscoped("test").exists()


def test_each_entity_must_balance_by_itself(books: Books) -> None:
    lines = [debit(books.b, Chart.BANK, 100), credit(books.a, Chart.PATIENT_AR, 100)]
    with pytest.raises(NotBalanced):
        post(lines, "across")
    services.post_between(entry_type=PAYMENT, lines=lines, occurred_on=DAY, source_key="across", by=HOUSE)
    due = selectors.balances_by(HOUSE, "entity_id", codes=[Chart.DUE_TO, Chart.DUE_FROM])
    assert due == {books.b: -100, books.a: 100}
    assert selectors.balance(HOUSE, codes=[Chart.DUE_FROM], entity_id=books.a, counterparty_id=books.b) == 100
    with pytest.raises(NotBalanced):
        services.post_between(entry_type=PAYMENT, lines=lines[:1], occurred_on=DAY, source_key="half", by=HOUSE)


def test_an_unknown_account_an_entity_without_books_and_a_day_ahead_are_refused(books: Books) -> None:
    with pytest.raises(UnknownAccount):
        post([debit(books.a, "9999", 1), credit(books.a, Chart.BANK, 1)], "x")
    stranger = books.world.member_a.entity.pk
    with pytest.raises(UnknownAccount) as refused:
        post([debit(stranger, Chart.BANK, 1), credit(stranger, Chart.DRAWS, 1)], "x")
    assert refused.value.code == "no_books"
    with pytest.raises(NotYet):
        post(charge(books), "x", now().date() + dt.timedelta(days=2))
    assert not Entry.objects.unscoped("test").exists()


def test_an_undeclared_entry_type_is_a_mistake(books: Books) -> None:
    with pytest.raises(LookupError):
        post(charge(books), "x", kind="nonsense")


def test_late_cash_stands_in_the_open_month_with_its_service_date(books: Books) -> None:
    january, february = dt.date(2026, 1, 1), dt.date(2026, 2, 1)
    for month in (january, february):
        periods.close_period(entity_id=books.a, month=month, by=HOUSE)
    worked = dt.date(2026, 1, 15)
    entry = post(charge(books, service_date=worked), "late", worked)
    posting = Posting.objects.unscoped("test").filter(entry=entry).select_related("period")[0]
    assert (posting.booked_on, posting.period.month, posting.service_date) == (
        dt.date(2026, 3, 1),
        dt.date(2026, 3, 1),
        worked,
    )
    assert entry.occurred_on == worked


def test_what_happened_before_the_books_began_stands_in_the_first_month(books: Books) -> None:
    entry = post(charge(books), "old", dt.date(2024, 5, 5))
    assert {posting.booked_on for posting in Posting.objects.unscoped("test").filter(entry=entry)} == {
        dt.date(2026, 1, 1)
    }


def test_a_reversal_takes_everything_back_once(books: Books) -> None:
    entry = post(charge(books, account_id=uuid4()), "visit:1")
    back = services.reverse(entry=entry, by=HOUSE, reason="entered twice")
    assert services.reverse(entry=entry, by=HOUSE, reason="again") == back
    assert selectors.balances_by(HOUSE, "ledger_account_id") == {}
    assert back.reverses_id == entry.pk
    with pytest.raises(CannotReverse):
        services.reverse(entry=back, by=HOUSE, reason="no")


def test_what_guarantors_stand_at_in_one_query(books: Books, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    one, two, three = uuid4(), uuid4(), uuid4()
    post(charge(books, account_id=one), "1")
    post(
        [
            debit(books.a, Chart.PATIENT_AR, 30_00, account_id=one),
            credit(books.a, Chart.INSURANCE_AR, 30_00, account_id=one),
        ],
        "2",
    )
    post([debit(books.a, Chart.DRAWER, 25_00), credit(books.a, Chart.UNAPPLIED, 25_00, account_id=two)], "3")
    with django_assert_num_queries(1):
        standing = selectors.balances_of([one, two, three])
    assert (standing[one].patient, standing[one].insurance, standing[one].total) == (30_00, 170_00, 200_00)
    assert (standing[two].unapplied, standing[two].due_from_patient) == (25_00, -25_00)
    assert standing[three].total == 0
    assert selectors.balances_of([]) == {}
    assert selectors.balances_of([one], entity_ids=[books.b])[one].total == 0
    assert [stood for _, stood in selectors.statement_of(one)] == [200_00, 230_00, 200_00]
    assert selectors.statement_of(one, entity_ids=[books.b]) == []


def test_many_entries_by_copy_are_the_same_as_one_by_one(books: Books) -> None:
    entries = [
        NewEntry(CHARGE, charge(books, 100 + n, account_id=uuid4()), DAY - dt.timedelta(days=20 * (n % 4)), f"bulk:{n}")
        for n in range(50)
    ]
    across = [debit(books.b, Chart.BANK, 70), credit(books.a, Chart.INSURANCE_AR, 70)]
    assert post_many(entries=[*entries, NewEntry(PAYMENT, across, DAY, "bulk:across")], by=HOUSE) == 51
    assert selectors.balance(HOUSE, codes=[Chart.INSURANCE_AR]) == sum(100 + n for n in range(50)) - 70
    assert selectors.balance(HOUSE, entity_id=books.b) == 0
    assert post_many(entries=[], by=HOUSE) == 0


def test_bulk_refuses_what_single_posting_refuses(books: Books) -> None:
    with pytest.raises(NotBalanced):
        post_many(entries=[NewEntry(CHARGE, charge(books)[:1], DAY, "1")], by=HOUSE)
    with pytest.raises(NotYet):
        post_many(entries=[NewEntry(CHARGE, charge(books), now().date() + dt.timedelta(days=3), "1")], by=HOUSE)
    with pytest.raises(UnknownAccount):
        post_many(entries=[NewEntry(JOURNAL, [Line(books.a, "x", 1), Line(books.a, "y", -1)], DAY, "1")], by=HOUSE)
    assert not Entry.objects.unscoped("test").exists()
