"""Two real connections: closing waits for postings, postings see a closing, one source posts once."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from medguild.foundation.kernel.ids import new_id
from medguild.foundation.ledger import periods, services
from medguild.foundation.ledger.models import AccountingPeriod, Entry, Posting
from medguild.foundation.ledger.periods import open_books
from medguild.foundation.ledger.ports import PAYMENT
from medguild.foundation.ledger.rules import Chart, PeriodStatus, credit, debit
from tests.factories.world import HOUSE, World
from tests.integration.ledger.conftest import BEGIN

DAY = dt.date(2026, 1, 20)


@pytest.fixture
def entity(transactional_log: None) -> Any:
    world = World()
    unit = world.main.entity
    open_books(entity=unit, start=BEGIN, by=HOUSE)
    return unit


def pay(entity: Any, key: str) -> Entry:
    lines = [debit(entity.pk, Chart.BANK, 100), credit(entity.pk, Chart.PATIENT_AR, 100)]
    return services.post(entry_type=PAYMENT, lines=lines, occurred_on=DAY, source_key=key, by=HOUSE)


class Other(threading.Thread):
    """Runs a function on a connection of its own and keeps what came of it."""

    def __init__(self, work: Callable[[], Any]) -> None:
        super().__init__(daemon=True)
        self.work, self.result, self.error = work, None, None  # type: ignore[var-annotated]
        self.start()

    def run(self) -> None:
        try:
            self.result = self.work()
        except Exception as error:  # noqa: BLE001 - told to the test
            self.error = error
        finally:
            connection.close()

    def outcome(self) -> Any:
        self.join(timeout=120)
        assert not self.is_alive(), "still waiting"
        if self.error is not None:
            raise self.error
        return self.result


def test_closing_waits_for_a_posting_in_progress(entity: Any) -> None:
    with transaction.atomic():
        entry = pay(entity, "1")
        closer = Other(lambda: periods.close_period(entity_id=entity.pk, month=BEGIN, by=HOUSE))
        time.sleep(0.4)
        assert closer.is_alive(), "the closing did not wait"
    assert closer.outcome().status == PeriodStatus.CLOSED
    assert Posting.objects.unscoped("test").filter(entry=entry, period__month=BEGIN).count() == 2


def test_a_posting_waits_for_a_closing_in_progress_and_goes_to_the_next_month(entity: Any) -> None:
    with transaction.atomic():
        periods.close_period(entity_id=entity.pk, month=BEGIN, by=HOUSE)
        payer = Other(lambda: pay(entity, "1"))
        time.sleep(0.4)
        assert payer.is_alive(), "the posting did not wait"
    entry = payer.outcome()
    assert set(Posting.objects.unscoped("test").filter(entry=entry).values_list("booked_on", flat=True)) == {
        dt.date(2026, 2, 1)
    }


def test_a_posting_past_the_services_waits_too_and_is_refused(entity: Any) -> None:
    """The trigger locks the month itself, so that bulk loads cannot slip behind a closing."""
    month = AccountingPeriod.objects.unscoped("test").get(entity=entity, month=BEGIN)
    account = entity.ledger_accounts.unscoped("test").get(code=Chart.BANK)

    def slip_in() -> None:
        with transaction.atomic():
            entry = Entry.objects.create(
                type=PAYMENT, occurred_on=DAY, posted_at=dt.datetime.now(dt.UTC), source_key=str(new_id())
            )
            Posting.objects.bulk_create(
                Posting(
                    entry=entry, entity=entity, ledger_account=account, period=month, booked_on=DAY, amount=amount
                )
                for amount in (5, -5)
            )  # fmt: skip

    with transaction.atomic():
        periods.close_period(entity_id=entity.pk, month=BEGIN, by=HOUSE)
        intruder = Other(slip_in)
        time.sleep(0.4)
        assert intruder.is_alive()
    with pytest.raises(IntegrityError, match="closed month"):
        intruder.outcome()
    assert not Posting.objects.unscoped("test").exists()


def test_one_source_posts_once_from_many_sides(entity: Any) -> None:
    others = [Other(lambda: pay(entity, "same")) for _ in range(6)]
    assert len({other.outcome().pk for other in others}) == 1
    assert Entry.objects.unscoped("test").count() == 1
    assert Posting.objects.unscoped("test").count() == 2


def test_two_closings_close_once(entity: Any) -> None:
    others = [Other(lambda: periods.close_period(entity_id=entity.pk, month=BEGIN, by=HOUSE)) for _ in range(3)]
    outcomes = []
    for other in others:
        other.join(timeout=120)
        outcomes.append(other.error is None)
    assert sorted(outcomes) == [False, False, True]


def test_postings_and_closings_together_leave_whole_books(entity: Any) -> None:
    """Postings of January race with its closing: none is lost, and each stands in a month that was open for it."""
    payers = [Other(lambda n=n: pay(entity, f"race:{n}")) for n in range(8)]  # type: ignore[misc]
    closer = Other(lambda: periods.close_period(entity_id=entity.pk, month=BEGIN, by=HOUSE))
    for payer in payers:
        payer.outcome()
    closer.outcome()
    months = Posting.objects.unscoped("test").values_list("booked_on", flat=True)
    assert len(months) == 16
    assert set(months) <= {DAY, dt.date(2026, 2, 1)}


def write(entry: Entry, like: Posting, *amounts: int) -> None:
    """Postings past the services."""
    for amount in amounts:
        Posting.objects.create(
            entry=entry, entity_id=like.entity_id, ledger_account_id=like.ledger_account_id, period_id=like.period_id,
            booked_on=like.booked_on, amount=amount,
        )  # fmt: skip


def test_postings_cannot_join_an_entry_of_an_earlier_transaction(entity: Any) -> None:
    entry = pay(entity, "1")
    first = Posting.objects.unscoped("test").filter(entry=entry)[0]
    with pytest.raises(IntegrityError, match="another transaction"), transaction.atomic():
        write(entry, first, 7, -7)


def test_an_entry_out_of_balance_is_refused_at_commit(entity: Any) -> None:
    good = Posting.objects.unscoped("test").filter(entry=pay(entity, "1"))[0]

    def commit() -> None:
        with transaction.atomic():
            moment = dt.datetime.now(dt.UTC)
            write(Entry.objects.create(type=PAYMENT, occurred_on=DAY, posted_at=moment, source_key="odd"), good, 1)

    with pytest.raises(IntegrityError, match="does not balance"):
        commit()
    assert not Entry.objects.unscoped("test").filter(source_key="odd").exists()
