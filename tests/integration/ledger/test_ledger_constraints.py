"""Each named constraint and trigger of the books is violated once, past the services."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.ledger import services
from medguild.foundation.ledger.models import AccountingPeriod, Entry, LedgerAccount, Posting
from medguild.foundation.ledger.ports import JOURNAL
from medguild.foundation.ledger.rules import AccountKind, Chart, PeriodStatus, Side, credit, debit
from tests.factories.world import HOUSE
from tests.integration.ledger.conftest import BEGIN, DAY, Books

JANUARY = BEGIN


def account_of(entity: object, code: str) -> LedgerAccount:
    found: LedgerAccount = LedgerAccount.objects.unscoped("test").get(entity=entity, code=code)
    return found


def month_of(entity: object) -> AccountingPeriod:
    found: AccountingPeriod = AccountingPeriod.objects.unscoped("test").get(entity=entity, month=JANUARY)
    return found


def entry(**fields: Any) -> Entry:
    given = {"type": JOURNAL, "occurred_on": JANUARY, "posted_at": now(), "source_key": str(new_id())}
    made: Entry = Entry.objects.create(**{**given, **fields})
    return made


def posting(books: Books, under: Entry, amount: int, **fields: Any) -> Posting:
    given = {
        "entry": under, "entity_id": books.a, "ledger_account": account_of(books.a, Chart.BANK),
        "period": month_of(books.a), "booked_on": JANUARY, "amount": amount,
    }  # fmt: skip
    made: Posting = Posting.objects.create(**{**given, **fields})
    return made


def commit_checks() -> None:
    """What the end of a transaction would check."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")


def posted(books: Books, key: str = "") -> Entry:
    lines = [debit(books.a, Chart.BANK, 5), credit(books.a, Chart.DRAWER, 5)]
    return services.post(entry_type=JOURNAL, lines=lines, occurred_on=DAY, source_key=key or str(new_id()), by=HOUSE)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("ledger_account_code_once", {"code": Chart.BANK}),
        ("ledger_account_kind_known", {"kind": "money"}),
        ("ledger_account_side_known", {"side": "left"}),
        ("ledger_account_has_code", {"name": ""}),
    ],
)
def test_accounts(books: Books, name: str, change: dict[str, Any]) -> None:
    given = {"entity_id": books.a, "code": "7000", "name": "x", "kind": AccountKind.ASSET, "side": Side.DEBIT}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        LedgerAccount.objects.create(**{**given, **change})


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("period_once_per_month", {"month": JANUARY}),
        ("period_begins_on_the_first", {"month": dt.date(2026, 5, 2)}),
        ("period_status_known", {"status": "ajar", "closed_at": None}),
        ("period_closed_has_time", {"status": PeriodStatus.CLOSED}),
    ],
)
def test_periods(books: Books, name: str, change: dict[str, Any]) -> None:
    with (
        pytest.raises(IntegrityError, match=f"{name}|period_closed_has_time" if "ajar" in str(change) else name),
        transaction.atomic(),
    ):
        AccountingPeriod.objects.create(**{"entity_id": books.a, "month": dt.date(2026, 5, 1), **change})


@pytest.mark.parametrize(
    ("name", "model"), [("ledger_account_with_entity", LedgerAccount), ("period_with_entity", AccountingPeriod)]
)
def test_keys_held_together_with_the_entity(books: Books, name: str, model: type[Any]) -> None:
    """They can only break together with the primary key; that they exist is what the composite keys stand on."""
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, model._meta.db_table)
    assert constraints[name]["unique"]
    assert constraints[name]["columns"] == ["id", "entity_id"]


def test_the_month_of_a_period_is_final(books: Books) -> None:
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        AccountingPeriod.objects.unscoped("test").filter(entity=books.a).update(month=dt.date(2025, 1, 1))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("entry_source_once", {"source_key": "taken"}),
        ("entry_has_source_key", {"source_key": ""}),
        ("entry_has_type", {"type": ""}),
    ],
)
def test_entries(books: Books, name: str, change: dict[str, Any]) -> None:
    posted(books, "taken")
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        entry(**change)


def test_an_entry_is_reversed_once_and_not_by_itself(books: Books) -> None:
    first = posted(books)
    services.reverse(entry=first, by=HOUSE, reason="entered twice")
    with pytest.raises(IntegrityError, match="reverses_id"), transaction.atomic():
        entry(reverses=first)
    own = new_id()
    with pytest.raises(IntegrityError, match="entry_not_reversing_itself"), transaction.atomic():
        entry(id=own, reverses_id=own)


def test_postings_have_an_amount(books: Books) -> None:
    with pytest.raises(IntegrityError, match="posting_amount_not_zero"), transaction.atomic():
        posting(books, entry(), 0)


def test_nobody_owes_themselves(books: Books) -> None:
    with pytest.raises(IntegrityError, match="posting_counterparty_is_another"), transaction.atomic():
        posting(books, entry(), 1, counterparty_id=books.a)


@pytest.mark.parametrize("what", ["ledger_account", "period"])
def test_account_and_month_belong_to_the_entity(books: Books, what: str) -> None:
    others = {"ledger_account": account_of(books.b, Chart.BANK), "period": month_of(books.b)}
    name = {"ledger_account": "posting_account_of_its_entity", "period": "posting_period_of_its_entity"}[what]
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        posting(books, entry(), 1, **{what: others[what]})


def write(books: Books, amounts: dict[str, list[int]]) -> None:
    """An entry past the services, with these amounts per entity, up to what commit would check."""
    with transaction.atomic():
        under = entry()
        for which, cents in amounts.items():
            entity = getattr(books, which)
            bank, month = account_of(entity, Chart.BANK), month_of(entity)
            for amount in cents:
                posting(books, under, amount, entity_id=entity, ledger_account=bank, period=month)
        commit_checks()


@pytest.mark.parametrize(
    "amounts",
    [{"a": [100, -99]}, {"a": [100], "b": [-100]}, {"a": [1, -1], "b": [1]}],
    ids=["off by a cent", "balanced in all but not per entity", "one entity of two"],
)
def test_every_entity_balances_at_commit(books: Books, amounts: dict[str, list[int]]) -> None:
    with pytest.raises(IntegrityError, match="does not balance") as broken:
        write(books, amounts)
    assert broken.value.__cause__.diag.constraint_name == "entry_balances_per_entity"  # type: ignore[union-attr]


def test_an_entry_has_postings(books: Books) -> None:
    with pytest.raises(IntegrityError, match="no postings") as broken:
        write(books, {})
    assert broken.value.__cause__.diag.constraint_name == "entry_has_postings"  # type: ignore[union-attr]


def test_what_balances_is_written(books: Books) -> None:
    write(books, {"a": [3, -1, -2], "b": [5, -5]})
    assert Posting.objects.unscoped("test").count() == 5


def test_nothing_is_posted_into_a_closed_month_or_outside_its_month(books: Books) -> None:
    with pytest.raises(IntegrityError, match="closed month or outside"), transaction.atomic():
        posting(books, entry(), 1, booked_on=dt.date(2026, 2, 1))
    AccountingPeriod.objects.unscoped("test").filter(entity=books.a).update(status=PeriodStatus.CLOSED, closed_at=now())
    with pytest.raises(IntegrityError, match="closed month or outside"), transaction.atomic():
        posting(books, entry(), 1)


@pytest.mark.parametrize("act", ["update", "delete"])
@pytest.mark.parametrize("model", [Entry, Posting])
def test_entries_and_postings_are_final(books: Books, model: type[Any], act: str) -> None:
    posted(books)
    rows = model.objects.unscoped("test").all()
    change = {"description": "x"} if model is Entry else {"amount": 1}
    with pytest.raises(IntegrityError, match="reverse the entry"), transaction.atomic():
        # Raw deletion: Django would collect, and be stopped by, the rows that point here first.
        rows.update(**change) if act == "update" else rows._raw_delete("default")


def test_an_entry_cannot_lie_about_its_transaction(books: Books) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "insert into foundation_entry (id, type, description, occurred_on, posted_at, source_type, source_key, xid)"
            " values (%s, 'journal', '', %s, now(), '', 'liar', '1'::xid8) returning xid = pg_current_xact_id()",
            [new_id(), DAY],
        )
        assert cursor.fetchone() == (True,)
        transaction.set_rollback(True)
