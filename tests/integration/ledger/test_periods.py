"""Months are closed one after the other, when they are over, by those who may."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.errors import NotAllowed, NotVisible, Refusal
from medguild.foundation.ledger import periods
from medguild.foundation.ledger.errors import PeriodRefused
from medguild.foundation.ledger.models import AccountingPeriod, LedgerAccount
from medguild.foundation.ledger.rules import STANDARD_CHART, AccountKind, PeriodStatus, Side
from tests.factories.world import HOUSE, World
from tests.integration.ledger.conftest import BEGIN, Books

JANUARY, FEBRUARY, MARCH = (dt.date(2026, month, 1) for month in (1, 2, 3))
AT = dt.datetime(2026, 3, 20, tzinfo=dt.UTC)


def statuses(books: Books) -> dict[dt.date, str]:
    return dict(
        AccountingPeriod.objects.unscoped("test")
        .filter(entity=books.a)
        .values_list("month", "status")
        .order_by("month")
    )


def close(books: Books, month: dt.date, by: object = HOUSE) -> AccountingPeriod:
    return periods.close_period(entity_id=books.a, month=month, by=by, at=AT)  # type: ignore[arg-type]


def test_books_are_opened_once_with_the_standard_chart(books: Books, world: World) -> None:
    again = periods.open_books(entity=world.main.entity, start=FEBRUARY, by=HOUSE)
    assert len(again) == len(STANDARD_CHART)
    assert statuses(books) == {BEGIN: "open"}
    assert Event.objects.unscoped("test").filter(type="ledger.books_opened", subject_id=books.a).count() == 1
    with pytest.raises(Refusal):
        periods.open_books(entity=world.main.practice, start=BEGIN, by=HOUSE)


def test_an_account_of_ones_own(books: Books, world: World) -> None:
    director = world.actor(Role.REVENUE_DIRECTOR)
    given = {"code": "4300", "name": "Cosmetic services", "kind": AccountKind.INCOME, "side": Side.CREDIT}
    account = periods.open_account(entity=world.main.entity, by=director, **given)  # type: ignore[arg-type]
    assert LedgerAccount.objects.visible_to(director).filter(pk=account.pk).exists()
    with pytest.raises(Refusal, match="has an account"):
        periods.open_account(entity=world.main.entity, by=director, **given)  # type: ignore[arg-type]
    with pytest.raises(NotVisible):
        periods.open_account(entity=world.second.entity, by=director, **given)  # type: ignore[arg-type]


def test_months_close_in_order(books: Books) -> None:
    with pytest.raises(PeriodRefused, match="before it first"):
        close(books, FEBRUARY)
    assert close(books, JANUARY).closed_at == AT
    with pytest.raises(PeriodRefused, match="closed already"):
        close(books, JANUARY)
    close(books, FEBRUARY)
    with pytest.raises(PeriodRefused, match="not over"):
        close(books, MARCH)
    with pytest.raises(PeriodRefused, match="do not have"):
        close(books, dt.date(2025, 12, 1))
    assert statuses(books) == {JANUARY: "closed", FEBRUARY: "closed"}


def test_the_last_closed_month_opens_again_with_a_reason(books: Books) -> None:
    close(books, JANUARY)
    close(books, FEBRUARY)

    def reopen(month: dt.date, reason: str = "A deposit was missed.") -> AccountingPeriod:
        return periods.reopen_period(entity_id=books.a, month=month, reason=reason, by=HOUSE)

    with pytest.raises(PeriodRefused, match="later months first"):
        reopen(JANUARY)
    with pytest.raises(Refusal, match="why"):
        reopen(FEBRUARY, " ")
    assert reopen(FEBRUARY).status == PeriodStatus.OPEN
    with pytest.raises(PeriodRefused, match="not closed"):
        reopen(FEBRUARY)
    told = Event.objects.unscoped("test").get(type="ledger.period_reopened")
    assert told.data == {"month": "2026-02-01", "reason": "A deposit was missed."}


def test_only_those_with_the_right_on_these_books_close_them(books: Books, world: World) -> None:
    with pytest.raises(NotAllowed):
        close(books, JANUARY, world.actor(Role.BILLER))
    strangers = [world.actor(Role.REVENUE_DIRECTOR, world.member_a.entity), world.actor(Role.FRONT_DESK)]
    for stranger in strangers:
        with pytest.raises(NotVisible):
            close(books, JANUARY, stranger)
    closed = close(books, JANUARY, world.actor(Role.REVENUE_DIRECTOR))
    assert closed.closed_by == world.user(Role.REVENUE_DIRECTOR).pk


def test_a_month_is_over_when_its_last_evening_is_over_where_it_is_closed(books: Books) -> None:
    """In UTC the last evening of January in Oregon is February already; the desk still takes money then."""
    evening = dt.datetime(2026, 1, 31, 18, 0, tzinfo=ZoneInfo("America/Los_Angeles"))
    with timezone.override("America/Los_Angeles"):
        with pytest.raises(PeriodRefused, match="not over yet"):
            periods.close_period(entity_id=books.a, month=JANUARY, by=HOUSE, at=evening)
        assert statuses(books)[JANUARY] == "open"
        later = evening + dt.timedelta(hours=6)
        assert periods.close_period(entity_id=books.a, month=JANUARY, by=HOUSE, at=later).closed_at == later
