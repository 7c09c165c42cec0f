"""Prices are kept on pages and from files; all of a file or nothing, a second time nothing."""

from __future__ import annotations

import datetime as dt
import json
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.payers.pricing import selectors, services
from medguild.payers.pricing.loading import PricesRefused, load_fees, load_rates
from medguild.payers.pricing.models import FeeSchedule
from medguild.payers.pricing.permissions import FeesRight
from tests.factories.payers import make_contract, make_fees, make_payer
from tests.factories.world import HOUSE, World

DAY = dt.date(2026, 11, 22)
FILE = b"code,modifier,amount\n99213,,150\n99214,,210.50\n93000,26,20\n"


@pytest.fixture(autouse=True)
def _password_is_enough(settings: Any) -> None:
    settings.FORCE_SECOND_FACTOR = False


def _events(type_: str) -> int:
    return Event.objects.unscoped("test").filter(type=type_).count()


def _client(world: World, role: Role) -> Client:
    client = Client()
    client.force_login(world.user(role))
    return client


def test_the_same_file_twice_changes_nothing(world: World) -> None:
    schedule = make_fees(world.main.entity, c99213=1)
    told = _events("fee_schedule.fees_set")
    first = load_fees(schedule=schedule, content=FILE, by=HOUSE, dry_run=True)
    assert (first.added, first.changed, first.same) == (2, 1, 0)
    assert selectors.charge_for(world.main.entity.pk, "99213", [], DAY) == 1
    assert load_fees(schedule=schedule, content=FILE, by=HOUSE) == first
    assert selectors.charge_for(world.main.entity.pk, "99214", [], DAY) == 210_50
    again = load_fees(schedule=schedule, content=FILE, by=HOUSE)
    assert again.nothing
    assert again.same == 3
    assert _events("fee_schedule.fees_set") == told + 1


def test_one_wrong_row_loads_nothing(world: World) -> None:
    schedule = make_fees(world.main.entity, c99213=1)
    with pytest.raises(PricesRefused) as refused:
        load_fees(schedule=schedule, content=FILE + b"?,,1\n", by=HOUSE)
    assert [error.line for error in refused.value.errors] == [5]
    assert selectors.charge_for(world.main.entity.pk, "99214", [], DAY) is None


def test_rates_are_loaded_once(world: World) -> None:
    payer = make_payer()
    contract = make_contract(world.main.entity, payer, c99213=1)
    content = b"code,modifier,allowed,percent\n99213,,92,\n*,,,62.5\n"
    assert load_rates(contract=contract, content=content, by=HOUSE).added == 1
    assert load_rates(contract=contract, content=content, by=HOUSE).nothing
    assert selectors.expected_allowed(world.main.entity.pk, payer.pk, "99213", DAY) == 92_00
    assert selectors.expected_allowed(world.main.entity.pk, payer.pk, "99499", DAY, charge=100_00) == 62_50


def test_fees_are_kept_on_pages(world: World) -> None:
    schedule = make_fees(world.main.entity, c99213=150_00)
    client = _client(world, Role.REVENUE_DIRECTOR)
    page = reverse("payers:load_fees", args=[schedule.pk])
    answer = client.post(page, {"file": SimpleUploadedFile("fees.csv", FILE + b"?,,1\n")})
    assert answer.status_code == 422
    assert "Line 5:" in answer.content.decode()
    answer = client.post(page, {"file": SimpleUploadedFile("fees.csv", FILE)})
    assert "2 new, 0 changed, 1 the same" in answer.content.decode()
    assert (
        client.post(reverse("payers:new_fee", args=[schedule.pk]), {"code": "g0101", "amount": "40"}).status_code == 302
    )
    assert selectors.charge_for(world.main.entity.pk, "G0101", [], DAY) == 40_00
    line = schedule.lines.unscoped("test").get(code="G0101")
    shown = client.get(reverse("payers:fee_schedule", args=[schedule.pk])).content.decode()
    assert reverse("payers:fee", args=[line.pk]) in shown
    assert client.post(reverse("payers:fee", args=[line.pk]), {"amount": "41"}).status_code == 302
    assert selectors.charge_for(world.main.entity.pk, "G0101", [], DAY) == 41_00
    assert client.post(reverse("payers:fee", args=[line.pk]), {"act": "remove"}).status_code == 302
    assert selectors.charge_for(world.main.entity.pk, "G0101", [], DAY) is None


def test_a_new_schedule_begins_with_the_fees_of_the_one_before(world: World) -> None:
    make_fees(world.main.entity, c99213=150_00)
    given = {
        "entity": world.main.entity.pk, "name": "2027", "kind": "standard", "start": "2027-01-01", "copy": "on",
    }  # fmt: skip
    answer = _client(world, Role.REVENUE_DIRECTOR).post(reverse("payers:new_fee_schedule"), given)
    assert answer.status_code == 302
    newest = FeeSchedule.objects.unscoped("test").get(name="2027")
    services.set_fees(schedule=newest, fees=[services.Fee("99213", 160_00)], by=HOUSE)
    assert selectors.charge_for(world.main.entity.pk, "99213", [], dt.date(2026, 12, 31)) == 150_00
    assert selectors.charge_for(world.main.entity.pk, "99213", [], dt.date(2027, 1, 1)) == 160_00


def test_contracts_are_kept_on_pages(world: World) -> None:
    payer = make_payer()
    client = _client(world, Role.REVENUE_DIRECTOR)
    given = {"entity": world.main.entity.pk, "payer": payer.pk, "name": "Agreement", "start": "2026-01-01"}
    answer = client.post(reverse("payers:new_contract"), given)
    contract = selectors.contract(HOUSE, UUID(answer.headers["Location"].rstrip("/").rsplit("/", 1)[-1]))
    assert client.post(reverse("payers:new_contract"), given).status_code == 422
    assert client.post(reverse("payers:new_rate", args=[contract.pk]), {"percent": "62.5"}).status_code == 302
    assert client.post(reverse("payers:new_rate", args=[contract.pk]), {"code": "99213"}).status_code == 422
    rate = contract.rates.unscoped("test").get()
    assert rate.percent == 6_250
    assert "All other codes" in client.get(reverse("payers:contract", args=[contract.pk])).content.decode()
    assert client.post(reverse("payers:rate", args=[rate.pk]), {"allowed": "", "percent": "70"}).status_code == 302
    assert selectors.expected_allowed(world.main.entity.pk, payer.pk, "99499", DAY, charge=100) == 70
    assert client.post(reverse("payers:rate", args=[rate.pk]), {"act": "remove"}).status_code == 302
    page = reverse("payers:load_rates", args=[contract.pk])
    answer = client.post(page, {"file": SimpleUploadedFile("rates.csv", b"code,allowed\n99213,92\n")})
    assert "1 new" in answer.content.decode()
    client.post(reverse("payers:end_contract", args=[contract.pk]), {"end": "2027-01-01"})
    assert selectors.expected_allowed(world.main.entity.pk, payer.pk, "99213", dt.date(2027, 1, 1)) is None
    with pytest.raises(Refusal, match="after it starts"):
        services.end_contract(contract=contract, on=dt.date(2026, 1, 1), by=HOUSE)


def test_who_may_only_read_prices_changes_none(world: World) -> None:
    schedule = make_fees(world.main.entity, c99213=150_00)
    biller = _client(world, Role.BILLER)
    assert "Load a file" not in biller.get(reverse("payers:fee_schedule", args=[schedule.pk])).content.decode()
    assert biller.post(reverse("payers:load_fees", args=[schedule.pk]), {}).status_code == 403
    with pytest.raises(NotVisible):
        selectors.fee_schedule(world.actor(Role.REVENUE_DIRECTOR, world.member_a.entity), schedule.pk, FeesRight.MANAGE)


def test_the_command_loads_and_names_wrong_rows(world: World, tmp_path: Path) -> None:
    schedule = make_fees(world.main.entity, c99213=1)
    file = tmp_path / "fees.csv"
    file.write_bytes(FILE)
    out = StringIO()
    call_command("fees_import", str(file), schedule=schedule.pk, json=True, stdout=out)
    assert json.loads(out.getvalue()) == {"added": 2, "changed": 1, "same": 0, "dry_run": False, "errors": []}
    out = StringIO()
    call_command("fees_import", str(file), entity=world.main.entity.name, stdout=out)
    assert out.getvalue().startswith("0 were added, 0 changed; 3 are the same")
    file.write_bytes(FILE + b"?,,1\n")
    with pytest.raises(CommandError, match="Line 5:"):
        call_command("fees_import", str(file), schedule=schedule.pk)
    with pytest.raises(SystemExit):
        call_command("fees_import", str(file), schedule=schedule.pk, json=True, stdout=StringIO())
    with pytest.raises(CommandError, match="--entity"):
        call_command("fees_import", str(file), entity="Nobody")
    with pytest.raises(CommandError, match="no such"):
        call_command("fees_import", str(file), contract=world.main.entity.pk)
    with pytest.raises(CommandError, match="cannot be opened"):
        call_command("fees_import", str(tmp_path / "none.csv"))
