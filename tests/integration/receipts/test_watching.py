"""Money that is easily forgotten becomes work, and is no work any more when it was seen to."""

from __future__ import annotations

import datetime as dt

import pytest

from medguild.foundation.events.dispatch import dispatch_pending
from medguild.foundation.kernel.clock import now
from medguild.foundation.standards.services import set_standard
from medguild.foundation.work.models import UnownedNeed
from medguild.operations.visits.rules import VisitStatus
from medguild.revenue.receipts.applying import apply_unapplied
from medguild.revenue.receipts.rules import Purpose
from medguild.revenue.receipts.services import void_receipt
from medguild.revenue.receipts.watching import watch_credit
from tests.factories.receipts import Desk, make_desk
from tests.factories.visits import make_visit, walk_through
from tests.factories.world import HOUSE, START, World

pytestmark = pytest.mark.django_db


def open_work(work_type: str) -> list[str]:
    """What of this type is asked for, as the tests' house has no owners."""
    rows = UnownedNeed.objects.unscoped("the test looks").filter(work_type=work_type, settled_at__isnull=True)
    return [need.summary for need in rows]


def copay_of(world: World, cents: int) -> None:
    set_standard(key="checkin.copay", unit=world.main.entity, value=cents, start=START, by=HOUSE)


def test_a_co_pay_that_was_not_taken_is_work_until_it_is(world: World) -> None:
    desk = make_desk(world, insured=True)
    copay_of(world, 2_500)
    visit = make_visit(world, patient=desk.patient)
    visit = walk_through(visit, VisitStatus.WITH_CLINICIAN, room=desk.office.room)
    dispatch_pending()
    assert open_work("receipt.copay_missed") == []
    walk_through(visit, VisitStatus.LEFT)
    dispatch_pending()
    assert open_work("receipt.copay_missed") == ["$25.00"]
    desk.pay(1_000, purpose=Purpose.COPAY, visit=visit)
    dispatch_pending()
    assert open_work("receipt.copay_missed") == ["$25.00"]
    desk.pay(1_500, purpose=Purpose.COPAY, visit=visit)
    dispatch_pending()
    assert open_work("receipt.copay_missed") == []


def test_no_co_pay_no_work(world: World) -> None:
    desk = make_desk(world, insured=True)
    desk.charge()
    dispatch_pending()
    assert open_work("receipt.copay_missed") == []


def watched(desk: Desk) -> list[str]:
    watch_credit(account_id=desk.account.pk, by=HOUSE, at=now())
    return open_work("receipt.credit_left")


def test_a_credit_is_work_once_every_payer_has_answered(world: World) -> None:
    desk = make_desk(world, insured=True)
    (charge,) = desk.charge()
    desk.pay(4_000, purpose=Purpose.PREPAYMENT)
    assert watched(desk) == []  # the insurance may leave something to pay
    desk.insurer_answers(charge, paid=10_000, share=3_000)
    apply_unapplied(account_id=desk.account.pk, by=HOUSE)
    assert watched(desk) == ["$10.00"]
    assert watched(desk) == ["$10.00"]  # once
    desk.owe(1_000, now().date() - dt.timedelta(days=1))
    apply_unapplied(account_id=desk.account.pk, by=HOUSE)
    assert watched(desk) == []


def test_a_void_ends_the_credit(world: World) -> None:
    desk = make_desk(world)
    taken = desk.pay(2_000, purpose=Purpose.PREPAYMENT)
    assert watched(desk) == ["$20.00"]
    void_receipt(receipt=taken, reason="Wrong account", by=desk.by)
    dispatch_pending()
    assert open_work("receipt.credit_left") == []
