"""Every constraint of drawers, receipts, allocations and statements is broken once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from medguild.foundation.access.rules import Role
from medguild.foundation.documents.models import Document
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.ids import new_id
from medguild.revenue.receipts.drawers import close_drawer
from medguild.revenue.receipts.models import Allocation, Drawer, Receipt
from medguild.revenue.receipts.rules import Method, Purpose
from medguild.revenue.receipts.services import void_receipt
from medguild.revenue.statements.models import Statement
from medguild.revenue.statements.services import make_statement
from tests.factories.patients import make_account, make_patient
from tests.factories.receipts import Desk, drawer, make_desk
from tests.factories.world import World


@pytest.fixture
def desk(world: World) -> Desk:
    return make_desk(world)


def refuses(name: str, act: Callable[[], object]) -> None:
    """The database refuses, naming the constraint (in the message, or in the diagnostics of a trigger)."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        act()
    cause: Any = caught.value.__cause__
    assert name in (cause.diag.constraint_name or "") or name in str(caught.value), caught.value


def new_drawer(desk: Desk, **changes: Any) -> Drawer:
    values: dict[str, Any] = {
        "site": desk.office.site_unit, "entity": desk.office.entity, "opened_by": new_id(), "opened_by_label": "Desk",
        "opened_at": now(), "float_amount": 0,
    }  # fmt: skip
    return Drawer.objects.create(**(values | changes))


def new_receipt(desk: Desk, **changes: Any) -> Receipt:
    values: dict[str, Any] = {
        "number": f"R{Receipt.objects.unscoped('test').count() + 90_000_000:08d}", "patient": desk.patient,
        "account": desk.account, "entity": desk.office.entity, "site": desk.office.site_unit, "amount": 100,
        "method": Method.CARD, "purpose": Purpose.BALANCE, "taken_at": now(), "taken_by_label": "Desk",
    }  # fmt: skip
    return Receipt.objects.create(**(values | changes))


CLOSED = {"status": "closed", "counted": 0, "expected": 0}


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("drawer_status_known", {"status": "lost"}),
        ("drawer_float_not_negative", {"float_amount": -1}),
        ("drawer_counted_not_negative", CLOSED | {"counted": -1, "difference_reason": "x", "closed_at": "later"}),
        ("drawer_closed_is_counted", {"status": "closed"}),
        ("drawer_closed_is_counted", CLOSED),
        ("drawer_closed_is_counted", {"counted": 5, "expected": 5}),
        ("drawer_difference_has_reason", CLOSED | {"counted": 5, "closed_at": "later"}),
    ],
)
def test_drawers(desk: Desk, name: str, changes: dict[str, Any]) -> None:
    if changes.get("closed_at"):
        changes = changes | {"closed_at": now() + dt.timedelta(minutes=1)}
    refuses(name, lambda: new_drawer(desk, **changes))


def test_one_open_drawer_and_a_closed_one_stays(desk: Desk) -> None:
    held = drawer(desk)
    refuses("drawer_one_open_per_user_and_site", lambda: new_drawer(desk, opened_by=held.opened_by))
    close_drawer(drawer=held, counted=10_000, by=desk.by)
    rows = Drawer.objects.unscoped("test").filter(pk=held.pk)
    refuses("drawer_closed_is_final", lambda: rows.update(counted=1))
    refuses("drawer_closed_is_final", rows.delete)
    drawer(desk)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("receipt_number_form", {"number": "X1"}),
        ("receipt_amount_in_range", {"amount": 0}),
        ("receipt_amount_in_range", {"amount": 10_000_001}),
        ("receipt_method_known", {"method": "shells"}),
        ("receipt_purpose_known", {"purpose": "gift"}),
        ("receipt_cash_has_drawer", {"method": "cash"}),
        ("receipt_copay_has_visit", {"purpose": "copay"}),
        ("receipt_void_is_whole", {"voided_at": "now"}),
        ("receipt_void_is_whole", {"void_reason": "why"}),
    ],
)
def test_receipts(desk: Desk, name: str, changes: dict[str, Any]) -> None:
    if "voided_at" in changes:
        changes = changes | {"voided_at": now() + dt.timedelta(minutes=1)}
    refuses(name, lambda: new_receipt(desk, **changes))


def test_a_receipt_stays_as_written_in_an_open_drawer_of_its_site(world: World, desk: Desk) -> None:
    receipt = desk.pay(1_000)
    refuses("receipt_number_once", lambda: new_receipt(desk, number=receipt.number))
    rows = Receipt.objects.unscoped("test").filter(pk=receipt.pk)
    refuses("receipt_is_final", lambda: rows.update(amount=2_000))
    refuses("receipt_is_final", rows.delete)
    void_receipt(receipt=receipt, reason="test", by=desk.by)
    refuses("receipt_is_final", lambda: rows.update(void_reason="another"))
    elsewhere = new_drawer(desk, site=world.second.site_unit)
    refuses("receipt_in_open_drawer", lambda: new_receipt(desk, drawer=elsewhere))
    held = drawer(desk)
    close_drawer(drawer=held, counted=10_000, by=desk.by)
    refuses("receipt_in_open_drawer", lambda: new_receipt(desk, drawer=held))


def test_an_allocation_fits_its_receipt_and_account_and_stays(world: World, desk: Desk) -> None:
    """allocation_fits looks at every new row."""
    desk.owe(600)
    receipt = desk.pay(1_000)
    (one,) = Allocation.objects.unscoped("test").filter(receipt=receipt)
    again = {"receipt": receipt, "account": desk.account, "entry": one.entry, "made_at": now()}

    def allocate(**changes: Any) -> Callable[[], object]:
        return lambda: Allocation.objects.create(**(again | {"amount": 100} | changes))

    refuses("allocation_amount_not_zero", allocate(amount=0))
    refuses("allocation_within_receipt", allocate(amount=401))
    refuses("allocation_within_receipt", allocate(amount=-601))
    other = make_account(world, make_patient(world))
    refuses("allocation_one_account", allocate(account=other))
    (charge,) = make_other_charge(world, desk)
    refuses("allocation_one_account", allocate(charge=charge))
    rows = Allocation.objects.unscoped("test").filter(pk=one.pk)
    refuses("allocation_is_final", lambda: rows.update(amount=1))
    refuses("allocation_is_final", rows.delete)
    allocate(amount=400)()


def make_other_charge(world: World, desk: Desk) -> list[Any]:
    patient = make_patient(world)
    account = make_account(world, patient)
    return Desk(world, desk.billing, patient, account, desk.by).charge()


def test_statements(world: World, desk: Desk) -> None:
    desk.owe(5_000)
    made = make_statement(account=desk.account, by=world.actor(Role.BILLER))
    rows = Statement.objects.unscoped("test").filter(pk=made.pk)
    refuses("statement_is_final", lambda: rows.update(balance=1))
    refuses("statement_is_final", rows.delete)
    other = make_account(world, make_patient(world))
    letter = Document.objects.unscoped("test").get(pk=made.document_id)
    letter.pk = new_id()
    letter.save(force_insert=True)
    values: dict[str, Any] = {
        "number": "S99999999", "account": other, "entity": made.entity, "balance": 100, "made_on": made.made_on,
        "due_on": made.due_on, "document": letter, "created_at": now(),
    }  # fmt: skip
    for name, changes in (
        ("statement_number_once", {"number": made.number}),
        ("statement_number_form", {"number": "1"}),
        ("statement_once_per_account_and_day", {"account": made.account}),
        ("statement_only_when_owed", {"balance": 0}),
        ("statement_due_later", {"due_on": made.made_on}),
        ("statement_has_language", {"language": ""}),
        ("document", {"document": made.document}),
    ):
        refuses(name, lambda changes=changes: Statement.objects.create(**(values | changes)))  # type: ignore[misc]
