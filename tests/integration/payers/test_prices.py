from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.payers.payers import selectors as payers
from medguild.payers.payers import services as payer_services
from medguild.payers.payers.rules import PayerKind, PlanKind
from medguild.payers.pricing import selectors, services
from medguild.payers.pricing.rules import percent_of, pick
from medguild.payers.pricing.services import Fee, Rate
from tests.factories.payers import make_contract, make_fees, make_payer, make_plan
from tests.factories.world import HOUSE, START, World

DAY = dt.date(2026, 11, 22)


def test_a_charge_is_that_of_the_entity_the_day_and_the_modifier(world: World) -> None:
    entity = world.main.entity
    schedule = make_fees(entity, c99213=15_000)
    services.set_fees(schedule=schedule, fees=[Fee("93000", 6_000), Fee("93000", 2_000, "26")], by=HOUSE)
    assert selectors.charge_for(entity.pk, "99213", [], DAY) == 15_000
    assert selectors.charge_for(entity.pk, "93000", ["25", "26"], DAY) == 2_000
    assert selectors.charge_for(entity.pk, "93000", ["25"], DAY) == 6_000
    assert selectors.charge_for(entity.pk, "99499", [], DAY) is None
    assert selectors.charge_for(world.second.entity.pk, "99213", [], DAY) is None
    assert selectors.charge_for(entity.pk, "99213", [], START - dt.timedelta(days=1)) is None


def test_a_new_schedule_ends_the_open_one(world: World) -> None:
    old = make_fees(world.main.entity, c99213=15_000)
    new = services.open_fee_schedule(entity=world.main.entity, name="2026", start=dt.date(2026, 1, 1), by=HOUSE)
    services.set_fees(schedule=new, fees=[Fee("99213", 16_000)], by=HOUSE)
    old.refresh_from_db()
    assert old.period.upper == dt.date(2026, 1, 1)
    assert selectors.charge_for(world.main.entity.pk, "99213", [], dt.date(2025, 12, 31)) == 15_000
    assert selectors.charge_for(world.main.entity.pk, "99213", [], DAY) == 16_000
    with pytest.raises(Refusal, match="Another fee schedule"):
        services.open_fee_schedule(entity=world.main.entity, name="Again", start=dt.date(2025, 1, 1), by=HOUSE)


def test_setting_a_fee_again_replaces_it(world: World) -> None:
    schedule = make_fees(world.main.entity, c99213=15_000)
    services.set_fees(schedule=schedule, fees=[Fee("99213", 1)], by=HOUSE)
    assert selectors.charge_for(world.main.entity.pk, "99213", [], DAY) == 1


def test_expected_is_the_rate_of_the_code_else_of_all_codes_else_unknown(world: World) -> None:
    entity, payer = world.main.entity, make_payer()
    make_fees(entity, c99213=15_000, c99214=20_001)
    contract = make_contract(entity, payer, c99213=9_000)
    assert selectors.expected_allowed(entity.pk, payer.pk, "99213", DAY) == 9_000
    assert selectors.expected_allowed(entity.pk, payer.pk, "99214", DAY) is None
    services.set_rates(
        contract=contract, rates=[Rate(percent=5_000), Rate("99213", allowed=1, modifier="26")], by=HOUSE
    )
    assert selectors.expected_allowed(entity.pk, payer.pk, "99214", DAY) == 10_001
    assert selectors.expected_allowed(entity.pk, payer.pk, "99214", DAY, charge=100) == 50
    assert selectors.expected_allowed(entity.pk, payer.pk, "99213", DAY, modifiers=["26"]) == 1
    assert selectors.expected_allowed(entity.pk, payer.pk, "99499", DAY) is None
    assert selectors.expected_allowed(world.second.entity.pk, payer.pk, "99213", DAY) is None


def test_fees_never_cross(world: World) -> None:
    theirs = make_fees(world.member_a.entity, c99213=1)
    make_contract(world.member_a.entity, make_payer(), c99213=1)
    for role, unit in (
        (Role.BILLER, world.member_b.entity),
        (Role.BILLER, world.main.entity),
        (Role.IPA_STAFF, world.ipa),
        (Role.REVENUE_DIRECTOR, world.ipa),
    ):
        actor = world.actor(role, unit)
        assert list(selectors.fee_schedules(actor)) == []
        assert list(selectors.fee_lines(actor, theirs.pk)) == []
        assert list(selectors.contracts(actor)) == []
        with pytest.raises(NotVisible):
            selectors.fee_schedule(actor, theirs.pk)
    own = world.actor(Role.BILLER, world.member_a.entity)
    assert [schedule.pk for schedule in selectors.fee_schedules(own)] == [theirs.pk]
    assert selectors.fee_schedules(own)[0].line_count == 1
    assert selectors.contracts(own)[0].rate_count == 1


def test_wrong_prices_are_refused(world: World) -> None:
    schedule = make_fees(world.main.entity)
    contract = make_contract(world.main.entity, make_payer(), c99213=1)
    for fee, code in (
        (Fee("9 9", 1), "code_form"),
        (Fee("99213", -1), "fee_negative"),
        (Fee("99213", 1, "2"), "modifier_form"),
    ):
        with pytest.raises(Refusal) as error:
            services.set_fees(schedule=schedule, fees=[fee], by=HOUSE)
        assert error.value.code == code
    for rate in (Rate("99213"), Rate("99213", allowed=1, percent=1)):
        with pytest.raises(Refusal, match="either"):
            services.set_rates(contract=contract, rates=[rate], by=HOUSE)
    with pytest.raises(Refusal, match="legal entity"):
        services.open_fee_schedule(entity=world.main.site_unit, name="X", start=START, by=HOUSE)
    with pytest.raises(Refusal, match="Another contract"):
        services.sign_contract(entity=world.main.entity, payer=contract.payer, name="X", start=START, by=HOUSE)
    with pytest.raises(Refusal, match="name"):
        services.open_fee_schedule(entity=world.second.entity, name=" ", start=START, by=HOUSE)


def test_payers_and_plans(world: World) -> None:
    payer = make_payer("Cascade", payer_id="ab-12", originator="1990000001")
    assert (payer.payer_id, payer.filing_indicator) == ("AB12", "CI")
    assert payers.payer_by_number("ab12") == payers.payer_by_number("1990000001") == payer
    assert payers.payer_by_number("none!") is None
    plan = make_plan(payer)
    assert list(payers.plans(on=DAY, payer_id=payer.pk)) == [plan]
    assert payers.filing_indicator(payer, plan) == "CI"
    payer_services.end_payer(payer=payer, on=dt.date(2026, 1, 1), by=HOUSE)
    assert list(payers.payers(on=DAY)) == []
    assert [row.plan_count for row in payers.payers()] == [1]
    with pytest.raises(NotVisible):
        payers.payer(world.main.entity.pk)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"payer_id": "AB12"}, "payer_id_taken"),
        ({"payer_id": ""}, "payer_id_form"),
        ({"name": " "}, "name_needed"),
        ({"filing_indicator": "??"}, "filing_unknown"),
    ],
)
def test_wrong_payers_are_refused(db: None, given: dict[str, str], code: str) -> None:
    make_payer(payer_id="AB12")
    values = {"name": "P", "payer_id": "CD34", "kind": PayerKind.COMMERCIAL} | given
    with pytest.raises(Refusal) as error:
        payer_services.add_payer(by=HOUSE, **values)  # type: ignore[arg-type]
    assert error.value.code == code


def test_wrong_plans_and_ends_are_refused(db: None) -> None:
    payer = make_payer()
    make_plan(payer)
    with pytest.raises(Refusal, match="plan of that name"):
        payer_services.add_plan(payer=payer, name="Cascade PPO", kind=PlanKind.PPO, by=HOUSE)
    with pytest.raises(Refusal, match="after the first day"):
        payer_services.end_payer(payer=payer, on=START, by=HOUSE)
    assert payer_services.add_payer(name="Self-pay", kind=PayerKind.SELF_PAY, by=HOUSE).payer_id == ""


@given(st.integers(0, 10**9), st.integers(0, 10_000))
def test_a_share_lies_between_nothing_and_the_whole(charge: int, basis_points: int) -> None:
    share = percent_of(charge, basis_points)
    assert 0 <= share <= charge
    assert abs(share * 10_000 - charge * basis_points) <= 5_000


def test_the_first_modifier_with_a_price_wins() -> None:
    assert pick({"": 1, "26": 2, "TC": 3}, ["25", "TC", "26"]) == 3
    assert pick({}, ["25"]) is None
