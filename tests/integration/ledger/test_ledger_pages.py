"""Pages of the books: from a month to an account to an entry; who sees what; closing by button."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.ledger import checks, ports, selectors, services
from medguild.foundation.ledger.models import AccountingPeriod, Entry, LedgerAccount, Posting
from medguild.foundation.ledger.periods import open_books
from medguild.foundation.ledger.ports import CHARGE, PAYMENT, Named
from medguild.foundation.ledger.rules import Chart, credit, debit
from tests.factories.world import HOUSE, World
from tests.integration.ledger.conftest import BEGIN, DAY, Books

PATIENT, ACCOUNT = new_id(), new_id()


@pytest.fixture(autouse=True)
def _password_is_enough(settings: Any) -> None:
    settings.FORCE_SECOND_FACTOR = False


@pytest.fixture
def charged(books: Books) -> Entry:
    """A charge of 123.45 in the first entity's March."""
    dims = {"patient_id": PATIENT, "account_id": ACCOUNT, "service_date": DAY}
    lines = [
        debit(books.a, Chart.INSURANCE_AR, 123_45, **dims),  # type: ignore[arg-type]
        credit(books.a, Chart.CHARGES, 123_45, **dims),  # type: ignore[arg-type]
    ]
    return services.post(
        entry_type=CHARGE, lines=lines, occurred_on=DAY, source_key="visit:1", by=HOUSE, description="Visit",
        source_type="thing", source_id=PATIENT,
    )  # fmt: skip


def text(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def reads() -> list[list[UUID] | None]:
    return list(
        Event.objects.unscoped("test").filter(type="record.read").order_by("id").values_list("patient_ids", flat=True)
    )


def test_from_the_month_down_to_the_entry(books: Books, charged: Entry, client: Client) -> None:
    client.force_login(books.world.user(Role.BILLER))
    page = text(client, "ledger:trial_balance", month="2026-03")
    assert page.count("$123.45") >= 4
    account = LedgerAccount.objects.unscoped("test").get(entity=books.a, code=Chart.INSURANCE_AR)
    assert reverse("ledger:account", args=[account.pk]) + "?booked_from=2026-03-01&amp;booked_to=2026-03-31" in page
    assert not reads()
    inside = text(client, "ledger:account", account.pk, booked_from="2026-03-01", booked_to="2026-03-31")
    assert reverse("ledger:entry", args=[charged.pk]) in inside
    assert reads() == [[PATIENT]]
    outside = text(client, "ledger:account", account.pk, booked_from="2026-04-01")
    assert reverse("ledger:entry", args=[charged.pk]) not in outside
    assert "Charge" in text(client, "ledger:entry", charged.pk)
    assert reads() == [[PATIENT]] * 2


def test_any_number_opens_to_its_postings(books: Books, charged: Entry, client: Client) -> None:
    client.force_login(books.world.user(Role.BILLER))
    page = text(client, "ledger:postings", code=Chart.INSURANCE_AR, account_id=str(ACCOUNT), as_of="2026-03-31")
    assert "$123.45" in page
    assert reverse("ledger:entry", args=[charged.pk]) in page
    assert reverse("ledger:entry", args=[charged.pk]) not in text(client, "ledger:postings", account_id=str(new_id()))
    for query in ({}, {"account_id": "x"}, {"as_of": "soon"}):
        assert client.get(reverse("ledger:postings"), query).status_code == 404


def test_the_list_is_a_file_too(books: Books, charged: Entry, client: Client) -> None:
    client.force_login(books.world.user(Role.BILLER))
    answer = client.get(reverse("ledger:postings"), {"account_id": str(ACCOUNT), "_export": "postings"})
    body = b"".join(answer.streaming_content).decode()  # type: ignore[arg-type]
    assert "123.45" in body
    assert "4010 Charges for services" in body


def test_names_come_from_the_wings_that_own_the_ids(
    books: Books, charged: Entry, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def names(actor: Actor, ids: Collection[UUID]) -> dict[UUID, Named]:
        return {one: Named("Ana Ruiz", "/somewhere/") for one in ids}

    monkeypatch.setitem(ports._names._entries, "patient_id", names)
    monkeypatch.setitem(ports._source_names._entries, "thing", names)
    client.force_login(books.world.user(Role.BILLER))
    assert text(client, "ledger:entry", charged.pk).count('<a href="/somewhere/">Ana Ruiz</a>') == 3


def test_an_entry_over_two_entities_shows_each_reader_their_own(books: Books) -> None:
    lines = [debit(books.b, Chart.BANK, 70_00), credit(books.a, Chart.INSURANCE_AR, 70_00)]
    entry = services.post_between(entry_type=PAYMENT, lines=lines, occurred_on=DAY, source_key="x", by=HOUSE)
    back = services.reverse(entry=entry, by=HOUSE, reason="wrong desk")
    own = selectors.entry_view(books.world.actor(Role.BILLER), entry.pk)
    assert {posting.entity_id for posting in own.postings} == {books.a}
    assert (own.whole, own.reversal_id) == (False, back.pk)
    assert selectors.entry_view(HOUSE, entry.pk).whole
    assert sum(posting.amount for posting in own.postings) == 0


def test_a_member_of_an_ipa_sees_no_books_but_its_own(books: Books, charged: Entry, client: Client) -> None:
    world = books.world
    open_books(entity=world.member_a.entity, start=BEGIN, by=HOUSE)
    accountant = world.user(Role.REVENUE_DIRECTOR, world.member_a.entity)
    actor = world.actor(Role.REVENUE_DIRECTOR, world.member_a.entity)
    account = LedgerAccount.objects.unscoped("test").get(entity=books.a, code=Chart.INSURANCE_AR)
    assert selectors.entities_with_books(actor) == [world.member_a.entity]
    assert selectors.balance(actor, account_id=ACCOUNT) == 0
    assert list(selectors.postings(actor, account_id=ACCOUNT)) == []
    assert not Entry.objects.visible_to(actor).exists()
    for wanted in (
        lambda: selectors.entry_view(actor, charged.pk),
        lambda: selectors.ledger_account(actor, account.pk),
    ):
        with pytest.raises(NotVisible) as hidden:
            wanted()
        assert hidden.value.message == NotVisible().message
    with pytest.raises(NotVisible):
        selectors.period_of(actor, books.a, BEGIN)
    client.force_login(accountant)
    assert "Aspen" in text(client, "ledger:trial_balance", entity=str(books.a), month="2026-03")
    assert "Harbor" not in text(client, "ledger:trial_balance", entity=str(books.a))
    for name, pk in (("ledger:entry", charged.pk), ("ledger:account", account.pk)):
        hidden_page = client.get(reverse(name, args=[pk]))
        missing = client.get(reverse(name, args=[new_id()]))
        assert hidden_page.status_code == missing.status_code == 404
        assert hidden_page.content.replace(str(pk).encode(), b"") == hidden_page.content
    closing = client.post(reverse("ledger:close", args=[books.a, "2026-01"]))
    assert closing.status_code == 404
    assert not reads()


def test_the_month_is_closed_and_opened_by_button(books: Books, charged: Entry, client: Client) -> None:
    client.force_login(books.world.user(Role.REVENUE_DIRECTOR))
    page = text(client, "ledger:trial_balance", entity=str(books.a), month="2026-01")
    assert reverse("ledger:close", args=[books.a, "2026-01"]) in page
    answer = client.post(reverse("ledger:close", args=[books.a, "2026-01"]), follow=True)
    assert "2026-01 is closed." in answer.content.decode()
    again = client.post(reverse("ledger:close", args=[books.a, "2026-01"]), follow=True)
    assert "closed already" in again.content.decode()
    assert "Reopen the month" in again.content.decode()
    silent = client.post(reverse("ledger:reopen", args=[books.a, "2026-01"]), {"reason": ""}, follow=True)
    assert "Write why" in silent.content.decode()
    client.post(reverse("ledger:reopen", args=[books.a, "2026-01"]), {"reason": "late deposit"})
    assert AccountingPeriod.objects.unscoped("test").get(entity=books.a, month=BEGIN).status == "open"
    assert client.post(reverse("ledger:close", args=[books.a, "soon"])).status_code == 404
    assert client.post(reverse("ledger:reopen", args=[new_id(), "2026-01"]), {"reason": "x"}).status_code == 404


def test_those_who_may_only_read_have_no_button(books: Books, charged: Entry, client: Client) -> None:
    client.force_login(books.world.user(Role.BILLER))
    assert "Close the month" not in text(client, "ledger:trial_balance", month="2026-01")
    assert client.post(reverse("ledger:close", args=[books.a, "2026-01"])).status_code == 403
    client.force_login(books.world.user(Role.FRONT_DESK))
    assert client.get(reverse("ledger:trial_balance")).status_code == 403


def test_empty_books_teach(world: World, client: Client) -> None:
    client.force_login(world.user(Role.BILLER))
    assert "No books yet" in text(client, "ledger:trial_balance")
    open_books(entity=world.main.entity, start=BEGIN, by=HOUSE)
    assert "Nothing stands in these books yet" in text(client, "ledger:trial_balance")


def test_the_pages_ask_few_questions(
    books: Books, charged: Entry, client: Client, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    client.force_login(books.world.user(Role.BILLER))
    text(client, "ledger:trial_balance")
    with django_assert_max_num_queries(12):
        text(client, "ledger:trial_balance")
    with django_assert_max_num_queries(12):
        text(client, "ledger:entry", charged.pk)


def test_ids_that_nobody_knows_are_told(books: Books, charged: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    known: set[UUID] = {PATIENT}
    monkeypatch.setitem(ports._existence._entries, "patient_id", lambda ids: known & set(ids))
    assert [one for one in checks.check_dimensions(by=HOUSE) if one.dimension == "patient_id"] == []
    known.clear()
    monkeypatch.setattr(checks, "_BATCH", 1)
    lost = [one for one in checks.check_dimensions(by=HOUSE) if one.dimension == "patient_id"]
    assert lost == [checks.Missing("patient_id", PATIENT)]
    told = Event.objects.unscoped("test").filter(type="ledger.dimension_missing", data__dimension="patient_id")
    assert told.get().data["count"] == 1


def test_ports_know_their_dimensions() -> None:
    with pytest.raises(ValueError, match="site_id"):
        ports.check_dimension("site_id", lambda ids: set(ids))
    with pytest.raises(ValueError, match="site_id"):
        ports.name_dimension("site_id", lambda actor, ids: {})
    with pytest.raises(ValueError, match="nonsense"):
        selectors.chosen(Posting.objects.unscoped("test"), nonsense=1)
    with pytest.raises(ValueError, match="nonsense"):
        selectors.balances_by(HOUSE, "nonsense")


def test_a_choice_may_name_several_values(books: Books, charged: Entry) -> None:
    assert selectors.balance(HOUSE, account_id=[ACCOUNT, new_id()], codes=[Chart.CHARGES]) == -123_45
    assert selectors.balance(HOUSE, since=DAY + dt.timedelta(days=1)) == 0
    assert selectors.balance(HOUSE, since=DAY, payer_id=None, codes=[Chart.CHARGES]) == -123_45
