"""Payers of each type, what the entities charge, and what each payer has agreed to allow."""

from __future__ import annotations

import datetime as dt

from medguild.demo import plan
from medguild.demo.group import LOADER, Group
from medguild.payers.payers import services as payer_services
from medguild.payers.payers.models import Payer
from medguild.payers.payers.rules import PayerKind, PlanKind
from medguild.payers.pricing import services
from medguild.payers.pricing.services import Fee, Rate

# name, payer id, kind, plan name, plan kind, share of patients, allowed as basis points of the charge
PAYERS = (
    ("Evergreen Health Plan", "EVGRN1", PayerKind.COMMERCIAL, "Evergreen Choice", PlanKind.PPO, 26, 6_800),
    ("Pacific Mutual Health", "PACMUT", PayerKind.COMMERCIAL, "Pacific Open Access", PlanKind.HMO, 20, 6_300),
    ("Medicare Part B", "MEDB01", PayerKind.MEDICARE, "Original Medicare", PlanKind.MEDICARE, 22, 5_200),
    ("Summit Advantage", "SUMADV", PayerKind.MEDICARE_ADVANTAGE, "Summit Advantage Plus", PlanKind.MEDICARE_ADVANTAGE, 8, 5_400),
    ("State Medicaid", "STMCD1", PayerKind.MEDICAID, "Medicaid Fee for Service", PlanKind.MEDICAID, 16, 4_100),
    ("Cascade Workers Fund", "CASCWC", PayerKind.WORK_COMP, "Workers' Compensation", PlanKind.WORK_COMP, 1, 7_500),
    ("Roadside Auto Insurance", "ROADAU", PayerKind.AUTO, "Medical Payments", PlanKind.OTHER, 1, 8_000),
    ("Self pay", "", PayerKind.SELF_PAY, "Self pay", PlanKind.OTHER, 6, 10_000),
)  # fmt: skip

# Numbers of services and the charge in cents; what they are called is in the demo's code set, in our own words.
CHARGES = {
    "99202": 14_500, "99203": 21_500, "99204": 31_500, "99205": 41_500,
    "99211": 5_500, "99212": 11_000, "99213": 17_500, "99214": 25_500, "99215": 35_500,
    "99381": 24_000, "99391": 21_000, "99392": 22_000, "99393": 22_500, "99395": 26_500, "99396": 29_000, "99397": 31_000,
    "93000": 6_500, "93306": 92_000, "36415": 2_500, "81002": 1_800, "87880": 4_200, "90471": 5_400, "90686": 4_800,
    "96372": 5_900, "17110": 21_000, "G0439": 27_500, "99406": 3_200, "59025": 14_800, "99394": 24_500, "83036": 4_200,
    "93015": 38_000,
}  # fmt: skip
# Member offices charge other prices: fees of one must never be seen by another.
MEMBER_FACTOR = {"member_1": 104, "member_2": 97, "member_3": 111}


def build_prices(group: Group, size: plan.Size, today: dt.date) -> None:
    """Payers, plans, one charge master per billing entity, one contract per entity and insurer."""
    payers = _add_payers(group)
    for entity in (*plan.GROUP, *plan.MEMBERS):
        factor = MEMBER_FACTOR.get(entity.key, 100)
        unit = group.units[entity.key]
        schedule = services.open_fee_schedule(entity=unit, name=f"Charges {today.year}", start=group.start, by=LOADER)
        fees = [Fee(code, amount * factor // 100) for code, amount in CHARGES.items()]
        services.set_fees(schedule=schedule, fees=fees, by=LOADER)
        for payer, share in payers:
            contract = services.sign_contract(
                entity=unit, payer=payer, name=f"{payer.name} {today.year}", start=group.start, by=LOADER
            )
            rates = [Rate(code, allowed=amount * factor * share // 1_000_000) for code, amount in CHARGES.items()]
            services.set_rates(contract=contract, rates=[*rates, Rate(percent=share)], by=LOADER)


def _add_payers(group: Group) -> list[tuple[Payer, int]]:
    insurers = []
    for name, number, kind, plan_name, plan_kind, weight, share in PAYERS:
        payer = payer_services.add_payer(
            name=name, kind=kind, payer_id=number, originator=f"1{number}"[:10] if number else "",
            line1="100 Payer Plaza", city="Salem", state=plan.STATE, postal_code="973010100", start=group.start,
            by=LOADER,
        )  # fmt: skip
        sold = payer_services.add_plan(payer=payer, name=plan_name, kind=plan_kind, start=group.start, by=LOADER)
        group.plans.append((sold, weight))
        if kind is not PayerKind.SELF_PAY:
            insurers.append((payer, share))
    return insurers
