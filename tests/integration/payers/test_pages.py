from __future__ import annotations

import pytest
from django.test import Client

from medguild.foundation.access.rules import Role
from medguild.foundation.standards.rules import Dimension
from medguild.foundation.standards.services import set_standard
from medguild.payers.payers.models import Payer, Plan
from tests.factories.payers import make_contract, make_fees, make_payer
from tests.factories.world import HOUSE, World


def sign_in(client: Client, world: World, role: Role) -> Client:
    client.force_login(world.user(role), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_a_payer_is_added_and_gets_a_plan(client: Client, world: World) -> None:
    sign_in(client, world, Role.BILLER)
    sent = {"name": "Cascade Health", "kind": "commercial", "payer_id": "cas01"}
    answer = client.post("/payers/new/", sent, follow=True)
    assert "Cascade Health" in answer.content.decode()
    payer = Payer.objects.get(payer_id="CAS01")
    answer = client.post(f"/payers/{payer.pk}/", {"name": "Gold", "kind": "hmo"}, follow=True)
    assert "Gold" in answer.content.decode()
    assert Plan.objects.get(payer=payer).kind == "hmo"
    assert client.post("/payers/new/", sent).status_code == 422


def test_who_only_reads_adds_no_plan(client: Client, world: World) -> None:
    payer = make_payer()
    answer = sign_in(client, world, Role.FRONT_DESK).post(f"/payers/{payer.pk}/", {"name": "Gold", "kind": "hmo"})
    assert answer.status_code == 200
    assert not Plan.objects.exists()


@pytest.mark.parametrize(("role", "offered"), [(Role.SCHEDULER, False), (Role.BILLER, True)])
def test_fee_schedules_are_offered_to_those_who_may_open_them(
    client: Client, world: World, role: Role, offered: bool
) -> None:
    page = sign_in(client, world, role).get("/payers/").content.decode()
    assert ("Fee schedules" in page.split("<main")[1]) is offered
    assert (client.get("/payers/fees/").status_code == 200) is offered


def test_lists_show_what_the_actor_may_see(client: Client, world: World) -> None:
    mine, theirs = make_fees(world.main.entity, c99213=15_000), make_fees(world.member_a.entity)
    make_contract(world.main.entity, make_payer("Cascade"), c99213=1)
    sign_in(client, world, Role.BILLER)
    assert "Cascade" in client.get("/payers/").content.decode()
    page = client.get("/payers/fees/").content.decode()
    assert f"/payers/fees/{mine.pk}/" in page
    assert f"/payers/fees/{theirs.pk}/" not in page
    assert "$150.00" in client.get(f"/payers/fees/{mine.pk}/").content.decode()
    assert client.get(f"/payers/fees/{theirs.pk}/").status_code == 404
    assert "Cascade" in client.get("/payers/contracts/").content.decode()


def test_a_standard_names_the_payer_that_it_holds_for(client: Client, world: World) -> None:
    payer = make_payer("Cascade Health")
    set_standard(
        key="checkin.copay", unit=world.main.entity, value=2_500, dimension=Dimension.PAYER, target=str(payer.pk),
        by=HOUSE,
    )  # fmt: skip
    sign_in(client, world, Role.PRACTICE_MANAGER)
    page = client.get("/standards/of/checkin.copay/").content.decode()
    assert "Cascade Health" in page
    assert str(payer.pk) not in page
    assert "Cascade Health" in client.get("/standards/of/checkin.copay/set/").content.decode()
