"""Receipts and drawers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from medguild.foundation.access.rules import Role
from medguild.foundation.access.selectors import actor_of_user
from medguild.foundation.ledger.periods import open_books
from medguild.patients.accounts.models import GuarantorAccount
from medguild.revenue.receipts.drawers import open_drawer
from medguild.revenue.receipts.models import Drawer, Receipt
from medguild.revenue.receipts.rules import Method, Purpose
from medguild.revenue.receipts.services import take_payment
from tests.factories.patients import make_account, make_patient
from tests.factories.visits import make_visit
from tests.factories.world import HOUSE, START, World
from tests.url_tables import Row


def account_of(world: World) -> GuarantorAccount:
    """An account of the main entity, made once for all rows about money of patients."""
    if "paying_account" not in world.kept:
        open_books(entity=world.main.entity, start=START, by=HOUSE)
        patient = make_patient(world, family_name="Quillworth")
        world.kept["paying_account"] = make_account(world, patient)
    account: GuarantorAccount = world.kept["paying_account"]
    return account


def _account_id(world: World) -> Mapping[str, Any]:
    return {"account_id": account_of(world).pk}


def _drawer(world: World) -> Drawer:
    if "drawer" not in world.kept:
        by = actor_of_user(world.user(Role.FRONT_DESK))
        world.kept["drawer"] = open_drawer(site=world.main.site, float_amount=0, by=by)
    drawer: Drawer = world.kept["drawer"]
    return drawer


def _receipt(world: World) -> Receipt:
    if "receipt" not in world.kept:
        account, _ = account_of(world), _drawer(world)
        world.kept["receipt"] = take_payment(
            account=account, patient=account.guarantor_patient, site=world.main.site, amount=1_000,
            method=Method.CASH, purpose=Purpose.PREPAYMENT, by=actor_of_user(world.user(Role.FRONT_DESK)),
        )  # fmt: skip
    receipt: Receipt = world.kept["receipt"]
    return receipt


def _receipt_id(world: World) -> Mapping[str, Any]:
    return {"receipt_id": _receipt(world).pk}


def _drawer_id(world: World) -> Mapping[str, Any]:
    return {"drawer_id": _drawer(world).pk}


def _site_id(world: World) -> Mapping[str, Any]:
    return {"site_id": world.main.site_unit.pk}


def _patient_id(world: World) -> Mapping[str, Any]:
    return {"patient_id": account_of(world).guarantor_patient_id}


def _visit_id(world: World) -> Mapping[str, Any]:
    if "paying_visit" not in world.kept:
        clinician = world.clinician(world.main.site_unit)
        patient = account_of(world).guarantor_patient
        world.kept["paying_visit"] = make_visit(world, patient=patient, clinician=clinician)
    return {"visit_id": world.kept["paying_visit"].pk}


DESK = Role.FRONT_DESK
MANAGER = Role.PRACTICE_MANAGER
URLS = {
    "receipts:list": Row(DESK, wrong=Role.CLINICIAN, other="own", shows=lambda world: _receipt(world).number),
    "receipts:show": Row(DESK, wrong=Role.CLINICIAN, kwargs=_receipt_id),
    "receipts:pdf": Row(DESK, wrong=Role.CLINICIAN, kwargs=_receipt_id),
    "receipts:void": Row(DESK, wrong=Role.ADMINISTRATOR, kwargs=_receipt_id, method="post"),
    "receipts:my_drawer": Row(DESK, wrong=Role.CLINICIAN, other="own"),
    "receipts:drawer_of": Row(DESK, wrong=Role.CLINICIAN, kwargs=_site_id),
    "receipts:drawer": Row(DESK, wrong=Role.CLINICIAN, kwargs=_drawer_id),
    "receipts:close_drawer": Row(DESK, wrong=Role.CLINICIAN, kwargs=_drawer_id, method="post"),
    "receipts:day": Row(MANAGER, wrong=DESK, other="own"),
    "receipts:day_of": Row(MANAGER, wrong=DESK, kwargs=_site_id),
    "receipts:take_for": Row(DESK, wrong=Role.CLINICIAN, kwargs=_patient_id),
    "receipts:take": Row(DESK, wrong=Role.CLINICIAN, kwargs=_account_id),
    "receipts:take_at_visit": Row(DESK, wrong=Role.NURSE, kwargs=_visit_id, method="post"),
}
