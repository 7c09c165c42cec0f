"""Entries by hand, taking them back, months with who closed them, and money between entities, on their pages."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.errors import NotAllowed, NotVisible, Refusal
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.ledger import selectors, services
from medguild.foundation.ledger.closings import between_entities, months_page
from medguild.foundation.ledger.errors import CannotReverse, NotBalanced
from medguild.foundation.ledger.journal import ControlAccount, may_take_back, post_by_hand, take_back
from medguild.foundation.ledger.models import Entry, LedgerAccount
from medguild.foundation.ledger.periods import close_period, reopen_period
from medguild.foundation.ledger.ports import PAYMENT
from medguild.foundation.ledger.rules import Chart, Line, credit, debit
from tests.factories.world import HOUSE
from tests.integration.ledger.conftest import BEGIN, DAY, Books

KEY = UUID(int=7)


@pytest.fixture(autouse=True)
def _password_is_enough(settings: Any) -> None:
    settings.FORCE_SECOND_FACTOR = False


def accrual(books: Books, cents: int = 50_00) -> list[Line]:
    return [debit(books.a, Chart.OVER_SHORT, cents), credit(books.a, Chart.BANK, cents)]


def by_hand(books: Books, lines: list[Line], **given: Any) -> Entry:
    chosen = {"occurred_on": DAY, "reason": "Found in the drawer", "key": KEY, "by": HOUSE, **given}
    return post_by_hand(lines=lines, **chosen)


def test_an_entry_by_hand_is_posted_once_with_its_reason(books: Books) -> None:
    entry = by_hand(books, accrual(books))
    assert by_hand(books, accrual(books)).pk == entry.pk
    assert (entry.type, entry.description) == ("journal", "Found in the drawer")
    assert selectors.balance(HOUSE, codes=[Chart.OVER_SHORT], entity_id=books.a) == 50_00


def test_what_an_entry_by_hand_needs(books: Books) -> None:
    with pytest.raises(Refusal, match="why"):
        by_hand(books, accrual(books), reason=" ")
    with pytest.raises(NotBalanced, match="Harbor"):
        by_hand(books, accrual(books)[:1])
    with pytest.raises(NotBalanced):
        by_hand(books, [])
    with pytest.raises(ControlAccount, match="1210"):
        by_hand(books, [debit(books.a, Chart.PATIENT_AR, 1), credit(books.a, Chart.BANK, 1)])
    poster = books.world.actor(Role.PAYMENT_POSTER)
    by_hand(books, accrual(books), by=poster)
    with pytest.raises(NotAllowed):
        by_hand(books, [debit(books.b, Chart.BANK, 1), credit(books.b, Chart.OPENING, 1)], by=poster, key=new_id())
    assert not Entry.objects.unscoped("test").exclude(source_key=f"journal:{KEY}").exists()


def test_lines_of_two_entities_owe_each_other(books: Books) -> None:
    lines = [debit(books.a, Chart.BANK, 70_00), credit(books.b, Chart.INTEREST, 70_00)]
    with pytest.raises(NotBalanced, match=r"Harbor.*Cedar|Cedar.*Harbor"):
        by_hand(books, lines)
    by_hand(books, lines, between=True)
    rows = {row.entity.pk: row for row in between_entities(HOUSE)}
    assert (rows[books.a].due_to, rows[books.a].net, rows[books.a].mirrored) == (70_00, -70_00, True)
    assert (rows[books.b].due_from, rows[books.b].net, rows[books.b].mirrored) == (70_00, 70_00, True)
    own = between_entities(books.world.actor(Role.BILLER))
    assert [(row.entity.pk, row.mirrored) for row in own] == [(books.a, None)]
    settle = [debit(books.a, Chart.DUE_TO, 70_00, counterparty_id=books.b), credit(books.a, Chart.BANK, 70_00)]
    settle += [debit(books.b, Chart.BANK, 70_00), credit(books.b, Chart.DUE_FROM, 70_00, counterparty_id=books.a)]
    by_hand(books, settle, key=new_id())
    assert between_entities(HOUSE) == []


def test_only_what_was_made_by_hand_is_taken_back_by_hand(books: Books) -> None:
    entry = by_hand(books, accrual(books))
    poster = books.world.actor(Role.PAYMENT_POSTER)
    assert may_take_back(poster, entry)
    assert not may_take_back(books.world.actor(Role.BILLER), entry)
    with pytest.raises(Refusal, match="why"):
        take_back(entry_id=entry.pk, reason="", by=poster)
    back = take_back(entry_id=entry.pk, reason="Twice", by=poster)
    assert take_back(entry_id=entry.pk, reason="Twice", by=poster).pk == back.pk
    assert selectors.balance(HOUSE, codes=[Chart.OVER_SHORT], entity_id=books.a) == 0
    with pytest.raises(NotVisible):
        take_back(
            entry_id=entry.pk, reason="x", by=books.world.actor(Role.REVENUE_DIRECTOR, books.world.member_a.entity)
        )
    with pytest.raises(NotAllowed):
        take_back(entry_id=entry.pk, reason="x", by=books.world.actor(Role.BILLER))
    paid = services.post(entry_type=PAYMENT, lines=accrual(books), occurred_on=DAY, source_key="p", by=HOUSE)
    with pytest.raises(CannotReverse):
        take_back(entry_id=paid.pk, reason="x", by=HOUSE)
    with pytest.raises(CannotReverse):
        take_back(entry_id=back.pk, reason="x", by=HOUSE)


def test_months_say_who_closed_them(books: Books) -> None:
    director = books.world.actor(Role.REVENUE_DIRECTOR)
    by_hand(books, accrual(books))
    close_period(entity_id=books.a, month=BEGIN, by=director)
    page = months_page(director, entity=str(books.a), today=dt.date(2026, 4, 2))
    rows = {row.period.month.month: row for row in page.rows}
    assert page.may_close
    assert rows[1].closed_by == books.world.user(Role.REVENUE_DIRECTOR).label()
    assert (rows[1].may_reopen, rows[2].next_to_close, rows[3].next_to_close) == (True, True, False)
    assert (rows[1].entries, rows[3].entries) == (0, 1)
    reopen_period(entity_id=books.a, month=BEGIN, reason="A bill was late", by=director)
    page = months_page(director, entity=str(books.a), today=dt.date(2026, 4, 2))
    assert [event.type for event in page.history] == ["ledger.period_reopened", "ledger.period_closed"]
    assert not months_page(books.world.actor(Role.BILLER), today=DAY).may_close


def test_posting_and_taking_back_on_the_pages(books: Books, client: Client) -> None:
    client.force_login(books.world.user(Role.REVENUE_DIRECTOR))
    accounts = LedgerAccount.objects.unscoped("test").filter(entity=books.a)
    bank, short = (accounts.get(code=code).pk for code in (Chart.BANK, Chart.OVER_SHORT))
    page = client.get(reverse("ledger:new_entry")).content.decode()
    assert str(bank) in page
    assert str(accounts.get(code=Chart.PATIENT_AR).pk) not in page
    given = {
        "occurred_on": "2026-03-10", "reason": "Count of the drawer", "key": str(KEY),
        "form-TOTAL_FORMS": "3", "form-INITIAL_FORMS": "0",
        "form-0-account": str(short), "form-0-debit": "12.34", "form-1-account": str(bank), "form-1-credit": "12.30",
    }  # fmt: skip
    refused = client.post(reverse("ledger:new_entry"), given)
    assert refused.status_code == 422
    assert "$0.04" in refused.content.decode()
    assert client.post(reverse("ledger:new_entry"), {**given, "form-1-debit": "1"}).status_code == 422
    more = client.post(reverse("ledger:new_entry"), {**given, "more": "1"}).content.decode()
    assert 'name="form-6-account"' in more
    right = {**given, "form-1-credit": "12.34"}
    answer = client.post(reverse("ledger:new_entry"), right)
    assert client.post(reverse("ledger:new_entry"), right).headers["Location"] == answer.headers["Location"]
    shown = client.get(answer.headers["Location"]).content.decode()
    assert "Take it back" in shown
    entry = Entry.objects.unscoped("test").get(source_key=f"journal:{KEY}")
    client.post(reverse("ledger:take_back", args=[entry.pk]), {"reason": ""})
    assert not Entry.objects.unscoped("test").filter(reverses=entry).exists()
    client.post(reverse("ledger:take_back", args=[entry.pk]), {"reason": "Wrong day"})
    assert Entry.objects.unscoped("test").filter(reverses=entry, description="Wrong day").exists()
    assert "Wrong day" in client.get(reverse("ledger:journal")).content.decode()
    closed = client.post(reverse("ledger:close", args=[books.a, "2026-01"]), {"from": "months"})
    assert closed.headers["Location"].startswith(reverse("ledger:months"))
    assert "Month closed" in client.get(reverse("ledger:months")).content.decode()
    assert client.get(reverse("ledger:between")).status_code == 200


def test_a_line_between_entities_names_the_other_one(books: Books, client: Client) -> None:
    """Settling what one entity owes another: the line tells the pair, so that the page of pairs comes to nothing."""
    director = books.world.actor(Role.REVENUE_DIRECTOR)
    taken_for_b = [debit(books.a, Chart.BANK, 50_00), credit(books.b, Chart.OVER_SHORT, 50_00)]
    by_hand(books, taken_for_b, between=True, key=UUID(int=8))
    (pair,) = between_entities(director)
    assert (pair.other.pk, pair.due_to) == (books.b, 50_00)
    client.force_login(books.world.user(Role.REVENUE_DIRECTOR))
    accounts = LedgerAccount.objects.unscoped("test").filter(entity=books.a)
    bank, due = (str(accounts.get(code=code).pk) for code in (Chart.BANK, Chart.DUE_TO))
    assert 'name="form-0-other"' in client.get(reverse("ledger:new_entry")).content.decode()
    given = {
        "occurred_on": "2026-03-10", "reason": "Paid by transfer", "key": str(KEY),
        "form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0",
        "form-0-account": bank, "form-0-credit": "50", "form-1-account": due, "form-1-debit": "50",
    }  # fmt: skip
    for wrong in ({}, {"form-1-other": str(books.a)}, {"form-0-other": str(books.b), "form-1-other": str(books.b)}):
        assert client.post(reverse("ledger:new_entry"), {**given, **wrong}).status_code == 422
    done = client.post(reverse("ledger:new_entry"), {**given, "form-1-other": str(books.b)})
    assert done.status_code == 302
    assert between_entities(director) == []
