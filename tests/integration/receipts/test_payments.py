"""Taking payments: what they settle, what is kept, and what happens to it later."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Conflict, NotAllowed, NotVisible, Refusal
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.ledger.models import Entry
from medguild.foundation.ledger.rules import Chart
from medguild.foundation.ledger.selectors import balances_of
from medguild.operations.visits.rules import VisitStatus
from medguild.revenue.charges.services import void_charge
from medguild.revenue.receipts.applying import apply_unapplied
from medguild.revenue.receipts.drawers import close_drawer
from medguild.revenue.receipts.errors import DrawerClosed, NoDrawer, NotVoidable
from medguild.revenue.receipts.models import Allocation, Receipt
from medguild.revenue.receipts.rules import Method, Purpose
from medguild.revenue.receipts.services import void_receipt
from medguild.revenue.receipts.standing import debts, standings
from tests.factories.patients import make_account, make_patient
from tests.factories.receipts import books, drawer, is_balanced, make_desk, settle_events
from tests.factories.revenue import make_billing
from tests.factories.visits import make_visit
from tests.factories.world import HOUSE, World

DAY = dt.timedelta(days=1)


def test_cash_lies_in_the_drawer_and_settles_the_oldest_service_first(world: World) -> None:
    desk = make_desk(world)
    drawer(desk)
    today = now().date()
    desk.owe(4_000, today - 40 * DAY)
    (charge,) = desk.charge()
    receipt = desk.pay(10_000, method=Method.CASH)
    assert books()[Chart.DRAWER] == 10_000
    assert [(one.charge_id, one.amount) for one in Allocation.objects.unscoped("test").order_by("pk")] == [
        (None, 4_000),
        (charge.pk, 6_000),
    ]
    assert {debt.charge_id: debt.owed for debt in debts(desk.account.pk)} == {None: 0, charge.pk: 11_500}
    assert is_balanced()
    event = Event.objects.unscoped("test").get(type="receipt.taken")
    assert (event.subject_id, event.patient_id, event.data["amount"]) == (receipt.pk, desk.patient.pk, 10_000)


def test_more_than_is_owed_is_kept_and_applied_once_when_a_debt_arises(world: World) -> None:
    desk = make_desk(world)
    desk.owe(1_000)
    desk.pay(5_000, purpose=Purpose.PREPAYMENT)
    stands = balances_of([desk.account.pk])[desk.account.pk]
    assert (stands.patient, stands.unapplied) == (0, 4_000)
    desk.charge()
    stands = balances_of([desk.account.pk])[desk.account.pk]
    assert (stands.patient, stands.unapplied) == (13_500, 0)
    assert apply_unapplied(account_id=desk.account.pk, by=HOUSE) == []
    settle_events()
    assert balances_of([desk.account.pk])[desk.account.pk] == stands
    assert is_balanced()


def test_a_co_pay_waits_for_its_own_visit(world: World) -> None:
    desk = make_desk(world, insured=True)
    desk.owe(3_000, now().date() - 90 * DAY)
    visit = make_visit(world, patient=desk.patient, to=VisitStatus.ARRIVED)
    desk.pay(2_000, purpose=Purpose.COPAY, visit=visit)
    stands = balances_of([desk.account.pk])[desk.account.pk]
    assert (stands.patient, stands.unapplied) == (3_000, 2_000)
    apply_unapplied(account_id=desk.account.pk, by=HOUSE)
    assert balances_of([desk.account.pk])[desk.account.pk] == stands


def test_a_co_pay_settles_the_share_of_its_visit_and_what_is_left_the_old_balance(world: World) -> None:
    desk = make_desk(world, insured=True)
    desk.owe(3_000, now().date() - 90 * DAY)
    (charge,) = desk.charge()
    desk.pay(2_000, purpose=Purpose.COPAY, visit=charge.visit)
    assert balances_of([desk.account.pk])[desk.account.pk].unapplied == 2_000
    desk.insurer_answers(charge, paid=9_000, share=1_500)
    apply_unapplied(account_id=desk.account.pk, by=HOUSE)
    assert {debt.charge_id: debt.owed for debt in debts(desk.account.pk)} == {None: 2_500, charge.pk: 0}
    assert is_balanced()


def test_a_share_that_falls_gives_its_payment_back_to_other_debts(world: World) -> None:
    desk = make_desk(world)
    first, second = desk.charge("99213", "93000")
    desk.pay(24_000)
    void_charge(charge=first, reason="double", by=world.actor(Role.BILLER))
    settle_events()
    stands = balances_of([desk.account.pk])[desk.account.pk]
    assert (stands.patient, stands.unapplied) == (0, first.amount)
    desk.owe(1_000)
    apply_unapplied(account_id=desk.account.pk, by=HOUSE)
    stands = balances_of([desk.account.pk])[desk.account.pk]
    assert (stands.patient, stands.unapplied) == (0, first.amount - 1_000)
    (left,) = [one for one in standings(desk.account.pk) if one.charge == second]
    assert left.left == 0
    assert is_balanced()


def test_what_comes_free_is_the_money_of_the_debt_that_fell(world: World) -> None:
    """Two services, each paid by its own receipt: taking one service back leaves the other's payment where it is."""
    desk = make_desk(world)
    (first,) = desk.charge("93000")
    one = desk.pay(first.amount)
    (second,) = desk.charge()
    other = desk.pay(second.amount)
    void_charge(charge=first, reason="double", by=world.actor(Role.BILLER))
    apply_unapplied(account_id=desk.account.pk, by=HOUSE)
    placed = Allocation.objects.unscoped("test").order_by("pk").values_list("receipt_id", "charge_id", "amount")
    assert list(placed.filter(receipt=other)) == [(other.pk, second.pk, second.amount)]
    assert list(placed.filter(receipt=one)) == [(one.pk, first.pk, first.amount), (one.pk, first.pk, -first.amount)]
    stands = balances_of([desk.account.pk])[desk.account.pk]
    assert (stands.patient, stands.unapplied) == (0, first.amount)
    assert is_balanced()


def test_money_for_another_entitys_account_makes_due_to_and_due_from(world: World) -> None:
    desk = make_desk(world)
    make_billing(world, world.second)
    other = make_account(world, desk.patient, world.second.entity)
    receipt = desk.pay(7_500, account=other, purpose=Purpose.PREPAYMENT)
    assert receipt.entity == world.main.entity
    assert books(world.main.entity) == {Chart.UNDEPOSITED: 7_500, Chart.DUE_TO: -7_500}
    assert books(world.second.entity) == {Chart.DUE_FROM: 7_500, Chart.UNAPPLIED: -7_500}
    assert is_balanced()
    void_receipt(receipt=receipt, reason="wrong account", by=desk.by)
    assert books() == {}


def test_a_form_sent_twice_takes_once(world: World) -> None:
    desk = make_desk(world)
    key = new_id()
    first = desk.pay(2_000, receipt_id=key)
    assert desk.pay(2_000, receipt_id=key) == first
    with pytest.raises(Conflict):
        desk.pay(2_100, receipt_id=key)
    assert Receipt.objects.unscoped("test").count() == 1


def test_a_void_takes_everything_back(world: World) -> None:
    desk = make_desk(world)
    desk.owe(1_000)
    receipt = desk.pay(5_000)
    (charge,) = desk.charge()
    assert {debt.charge_id: debt.owed for debt in debts(desk.account.pk)} == {None: 0, charge.pk: 13_500}
    void_receipt(receipt=receipt, reason="Card was declined", by=desk.by)
    assert {debt.charge_id: debt.owed for debt in debts(desk.account.pk)} == {None: 1_000, charge.pk: 17_500}
    stands = balances_of([desk.account.pk])[desk.account.pk]
    assert (stands.patient, stands.unapplied) == (18_500, 0)
    assert Entry.objects.unscoped("test").filter(source_type="receipt", reverses__isnull=False).count() == 2
    assert is_balanced()
    with pytest.raises(NotVoidable):
        void_receipt(receipt=receipt, reason="again", by=desk.by)


def test_a_void_needs_a_reason_the_same_day_and_the_taker_or_the_manager(world: World) -> None:
    desk = make_desk(world)
    receipt = desk.pay(1_000)
    with pytest.raises(Refusal):
        void_receipt(receipt=receipt, reason=" ", by=desk.by)
    with pytest.raises(NotVoidable):
        void_receipt(receipt=receipt, reason="late", by=desk.by, at=now() + 2 * DAY)
    with pytest.raises(NotAllowed):
        void_receipt(receipt=receipt, reason="not mine", by=world.actor(Role.BILLER))
    with pytest.raises(NotVisible):
        void_receipt(receipt=receipt, reason="stranger", by=world.actor(Role.PRACTICE_MANAGER, world.member_a.entity))
    void_receipt(receipt=receipt, reason="manager", by=world.actor(Role.PRACTICE_MANAGER))


def test_a_void_of_the_last_evening_stands_in_the_same_month(world: World) -> None:
    """Taken and taken back on January 31 in Oregon, which is February in UTC: January's books are as before."""
    desk = make_desk(world)
    evening = dt.datetime(2026, 1, 31, 17, 0, tzinfo=ZoneInfo("America/Los_Angeles"))
    receipt = desk.pay(5_000, at=evening)
    void_receipt(receipt=receipt, reason="Card was declined", by=desk.by, at=evening + dt.timedelta(minutes=10))
    days = Entry.objects.unscoped("test").filter(source_type="receipt").values_list("occurred_on", flat=True)
    assert list(days) == [dt.date(2026, 1, 31)] * 2
    assert books() == {}


def test_a_receipt_of_a_closed_drawer_is_not_voided(world: World) -> None:
    desk = make_desk(world)
    held = drawer(desk)
    receipt = desk.pay(1_000, method=Method.CASH)
    close_drawer(drawer=held, counted=11_000, by=desk.by)
    with pytest.raises(DrawerClosed):
        void_receipt(receipt=receipt, reason="late", by=desk.by)


def test_what_is_refused(world: World) -> None:
    desk = make_desk(world)
    with pytest.raises(NoDrawer):
        desk.pay(1_000, method=Method.CASH)
    with pytest.raises(NotAllowed):
        desk.pay(1_000, by=world.actor(Role.FRONT_DESK, world.second.entity))
    with pytest.raises(Refusal, match="another purpose"):
        desk.pay(1_000, purpose=Purpose.COPAY)
    for amount in (0, -5, 10_000_001):
        with pytest.raises(Refusal):
            desk.pay(amount)
    with pytest.raises(Refusal, match="not on this account"):
        desk.pay(1_000, patient=make_patient(world))
    with pytest.raises(Refusal, match="another patient") as theirs:
        desk.pay(1_000, visit=make_visit(world))
    assert theirs.value.code == "not_on_account"
    before = dt.datetime(2019, 6, 1, 18, tzinfo=dt.UTC)  # no entity stood over the site then
    for act in (lambda: desk.pay(1_000, at=before), lambda: drawer(desk, at=before)):
        with pytest.raises(Refusal) as ownerless:
            act()
        assert ownerless.value.code == "no_entity"
    stranger = make_patient(world, unit=world.member_a.site_unit)
    with pytest.raises(Refusal, match="share no records"), transaction.atomic():
        desk.pay(1_000, account=make_account(world, stranger, world.member_a.entity))
    assert not Receipt.objects.unscoped("test").exists()


def test_members_of_an_ipa_see_nothing_of_each_others_receipts(world: World) -> None:
    desk = make_desk(world, office=world.member_a)
    receipt = desk.pay(1_000)
    assert list(Receipt.objects.visible_to(desk.by)) == [receipt]
    for role in (Role.FRONT_DESK, Role.PRACTICE_MANAGER, Role.REVENUE_DIRECTOR):
        stranger = world.actor(role, world.member_b.entity)
        assert not Receipt.objects.visible_to(stranger).exists()
        assert not Allocation.objects.visible_to(stranger).exists()
    own = world.actor(Role.PATIENT, patient_id=desk.patient.pk)
    assert list(Receipt.objects.visible_to(own)) == [receipt]
