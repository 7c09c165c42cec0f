"""Networks: what is on file answers whether a visit is in network, on the day of the visit, part by part."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils.html import escape

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.payers.networks import selectors, services
from medguild.payers.networks.models import Network, NetworkClinician
from medguild.payers.networks.rules import Answer, Part, PlanRules, Standing, Why
from medguild.payers.networks.selectors import Place
from medguild.payers.payers.rules import PlanKind
from tests.factories.payers import make_network, make_payer, make_plan
from tests.factories.world import HOUSE, START, Office, World
from tests.support_queries import queries_at_most

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 6, 1)


def place(office: Office) -> Place:
    return Place(office.entity.pk, office.site_unit.pk, office.clinician.pk)


def test_in_network_when_plan_group_and_clinician_are_listed(world: World) -> None:
    plan, office = make_plan(), world.main
    make_network(plan, entity=office.entity, one=office.clinician)
    found = selectors.participation(plan=plan, place=place(office), on=DAY, new_patient=True)
    assert (found.answer, found.tier, found.network_name) == (Answer.IN, 1, "Cascade Preferred")
    assert [one.part for one in found.findings] == list(Part)
    assert found.deciding() == []


def test_what_nobody_wrote_down_is_unknown(world: World) -> None:
    plan, office = make_plan(), world.main
    assert selectors.participation(plan=plan, place=place(office), on=DAY).deciding()[0].why is Why.NO_NETWORK_ON_FILE
    make_network(plan, entity=office.entity)
    found = selectors.participation(plan=plan, place=place(office), on=DAY)
    assert (found.answer, found.tier) == (Answer.UNKNOWN, None)
    assert [(one.part, one.why) for one in found.deciding()] == [(Part.CLINICIAN, Why.NOT_ON_FILE)]


def test_the_day_of_the_visit_decides(world: World) -> None:
    plan, office = make_plan(), world.main
    network = make_network(plan, entity=office.entity, one=office.clinician)
    row = NetworkClinician.objects.get(network=network)
    services.end_listing(row=row, on=DAY, by=HOUSE)
    before = selectors.participation(plan=plan, place=place(office), on=DAY - dt.timedelta(days=1))
    assert before.answer is Answer.IN
    assert selectors.participation(plan=plan, place=place(office), on=DAY).deciding()[0].why is Why.ENDED


def test_the_best_of_several_networks_counts(world: World) -> None:
    plan, office = make_plan(), world.main
    make_network(plan, name="Narrow")
    wide = services.add_network(payer=plan.payer, name="Wide", start=START, by=HOUSE)
    services.use_network(network=wide, plan=plan, start=START, by=HOUSE, tier=2)
    given = {"network": wide, "entity": office.entity, "standing": Standing.IN, "start": START, "by": HOUSE}
    services.list_group(**given)
    services.list_clinician(clinician=office.clinician, **given)
    found = selectors.participation(plan=plan, place=place(office), on=DAY)
    assert (found.answer, found.tier, found.network_name) == (Answer.IN, 2, "Wide")


def test_a_plan_without_a_network_takes_everybody_while_it_is_in_force(world: World) -> None:
    plan = make_plan(kind=PlanKind.INDEMNITY)
    assert selectors.participation(plan=plan, place=place(world.main), on=DAY).answer is Answer.IN
    early = selectors.participation(plan=plan, place=place(world.main), on=START - dt.timedelta(days=1))
    assert (early.answer, early.deciding()[0].why) == (Answer.OUT, Why.NOT_IN_FORCE)


def test_many_places_cost_no_more_queries_than_one(world: World) -> None:
    plan = make_plan()
    make_network(plan, entity=world.main.entity, one=world.main.clinician)
    others = [world.clinician(world.main.site_unit) for _ in range(5)]
    places = [Place(world.main.entity.pk, world.main.site_unit.pk, one.pk) for one in others]
    assert selectors.participation(plan=plan, place=place(world.main), on=DAY).answer is Answer.IN
    with queries_at_most(3):
        found = selectors.participations(plan=plan, places=[place(world.main), *places], on=DAY)
    assert [one.answer for one in found.values()] == [Answer.IN] + [Answer.UNKNOWN] * 5


def test_terms_of_a_plan_win_over_those_of_its_kind_from_their_day_on() -> None:
    plan = make_plan(kind=PlanKind.HMO)
    open_access = PlanRules(needs_gatekeeper=False, needs_referral=False, covers_outside=False)
    services.set_terms(plan=plan, terms=open_access, start=DAY, by=HOUSE)
    assert selectors.plan_rules(plan, on=DAY - dt.timedelta(days=1)).needs_referral
    assert not selectors.plan_rules(plan, on=DAY).needs_referral
    services.set_terms(plan=plan, terms=PlanRules(True, True, False), start=DAY, by=HOUSE)
    assert selectors.plan_rules(plan, on=DAY).needs_referral


def test_refusals_say_what_is_in_the_way(world: World) -> None:
    plan, office = make_plan(), world.main
    network = make_network(plan, entity=office.entity)
    listed = {"network": network, "standing": Standing.IN, "start": DAY, "by": HOUSE}
    with pytest.raises(Refusal) as twice:
        services.list_group(entity=office.entity, **listed)
    assert twice.value.code == "listing_overlaps"
    with pytest.raises(Refusal) as practice:
        services.list_group(entity=office.practice, **listed)
    assert practice.value.code == "not_an_entity"
    with pytest.raises(Refusal) as other:
        services.use_network(network=network, plan=make_plan(make_payer("Other")), start=DAY, by=HOUSE)
    assert other.value.code == "other_payer"
    with pytest.raises(Refusal) as again:
        services.add_network(payer=plan.payer, name=network.name, by=HOUSE)
    assert again.value.code == "network_exists"
    with pytest.raises(Refusal) as nameless:
        services.add_network(payer=plan.payer, name=" ", by=HOUSE)
    assert nameless.value.code == "name_needed"
    with pytest.raises(Refusal) as backwards:
        services.list_clinician(clinician=office.clinician, entity=office.entity, end=DAY, **listed)
    assert backwards.value.code == "end_before_start"
    with pytest.raises(Refusal) as never:
        services.end_listing(row=network.groups.get(), on=START, by=HOUSE)
    assert never.value.code == "end_before_start"


def test_nobody_ends_the_listing_of_another_member(world: World) -> None:
    network = make_network(make_plan(), entity=world.member_a.entity)
    stranger = world.actor(Role.CREDENTIALING_SPECIALIST, world.member_b.entity)
    with pytest.raises(NotVisible):
        selectors.listing(stranger, "group", network.groups.get().pk)


def test_the_credentialing_specialist_keeps_a_network_and_the_desk_asks(client: Client, world: World) -> None:
    plan, office = make_plan(), world.main
    client.force_login(world.user(Role.CREDENTIALING_SPECIALIST))
    client.post("/payers/networks/new/", {"payer": plan.payer_id, "name": "Preferred", "start": "2026-01-01"})
    network = Network.objects.get()
    base = f"/payers/networks/{network.pk}"
    client.post(f"{base}/plans/new/", {"plan": plan.pk, "tier": 1, "start": "2026-01-01"})
    listed = {"entity": office.entity.pk, "standing": "in", "start": "2026-01-01"}
    client.post(f"{base}/groups/new/", listed)
    client.post(f"{base}/clinicians/new/", listed | {"clinician": office.clinician.pk, "open_panel": "on"})
    page = client.get(f"{base}/").content.decode()
    assert escape(office.clinician.label()) in page
    assert client.post(f"{base}/groups/new/", listed).status_code == 422

    client.force_login(world.user(Role.FRONT_DESK))
    asked = {
        "plan": plan.pk, "entity": office.entity.pk, "site": office.site_unit.pk,
        "clinician": office.clinician.pk, "on": "2026-06-01",
    }  # fmt: skip
    answer = client.get("/payers/networks/check/", asked).content.decode()
    assert "In network" in answer
    assert "Out of network" not in answer
    assert "Not known" in client.get("/payers/networks/check/", asked | {"on": "2025-12-31"}).content.decode()

    client.force_login(world.user(Role.CREDENTIALING_SPECIALIST))
    row = network.clinicians.get()
    client.post(f"/payers/networks/clinician/{row.pk}/end/", {"on": "2026-05-01"})
    assert "No longer listed" in client.get("/payers/networks/check/", asked).content.decode()
    client.post(f"/payers/plans/{plan.pk}/terms/", {"needs_referral": "on", "start": "2026-01-01"})
    assert "need a referral" in client.get("/payers/networks/check/", asked).content.decode()
