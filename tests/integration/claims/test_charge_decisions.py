"""Charges that wait, go on or are taken back: each decision is made once, moves the books once, and says why not."""

from __future__ import annotations

import pytest

from medguild.foundation.access.rules import Role
from medguild.foundation.events.dispatch import dispatch_pending
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.errors import Conflict, NotVisible, Refusal
from medguild.foundation.ledger.models import Entry
from medguild.foundation.work.models import UnownedNeed
from medguild.operations.chart.lines import add_service
from medguild.operations.chart.services import sign_note
from medguild.operations.visits.rules import VisitStatus
from medguild.payers.pricing.models import FeeLine
from medguild.revenue.charges.models import Charge
from medguild.revenue.charges.rules import ChargeStatus
from medguild.revenue.charges.services import capture_visit, release_charge, void_charge
from medguild.revenue.claims.services import make_claims, void_claim
from tests.factories.patients import make_account, make_coverage, make_patient
from tests.factories.receipts import books
from tests.factories.revenue import Billing, charged_visit, insured_patient, make_billing
from tests.factories.visits import clinician_actor, make_note, make_visit
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db
_LOOK = "the test looks"


@pytest.fixture
def billing(world: World) -> Billing:
    return make_billing(world)


def without_fee(world: World, billing: Billing) -> Charge:
    """A charge that is held because the charge master lost the fee of its code."""
    patient, _ = insured_patient(world, billing)
    visit = make_visit(world, billing.office, to=VisitStatus.WITH_CLINICIAN, patient=patient)
    by = clinician_actor(world, billing.office)
    note = make_note(visit, by, services=False)
    add_service(note=note, code="93000", by=by)
    FeeLine.objects.unscoped(_LOOK).filter(code="93000").update(code="93001")
    sign_note(note=note, by=by)
    dispatch_pending()
    charge: Charge = Charge.objects.unscoped(_LOOK).get(visit=visit)
    return charge


def told(charge: Charge) -> list[str]:
    rows = Event.objects.unscoped(_LOOK).filter(subject_type="charge", subject_id=charge.pk)
    return list(rows.order_by("pk").values_list("type", flat=True))


def needs(charge: Charge) -> int:
    waiting = UnownedNeed.objects.unscoped(_LOOK).filter(settled_at__isnull=True)
    count: int = waiting.filter(source=f"charge.held:{charge.pk}").count()
    return count


def test_a_visit_without_a_signed_note_is_charged_nothing(world: World) -> None:
    visit = make_visit(world, to=VisitStatus.LEFT)
    assert capture_visit(visit_id=visit.pk, by=HOUSE) == []
    assert not Charge.objects.unscoped(_LOOK).exists()


def test_a_held_charge_goes_on_once_its_fee_is_there(world: World, billing: Billing) -> None:
    charge = without_fee(world, billing)
    biller = world.actor(Role.BILLER)
    with pytest.raises(Refusal) as refused:
        release_charge(charge=charge, by=biller)
    assert refused.value.code == "no_fee"
    assert (books(), needs(charge)) == ({}, 1)
    FeeLine.objects.unscoped(_LOOK).filter(code="93001").update(code="93000")
    released = release_charge(charge=charge, by=biller)
    assert (released.status, released.amount, released.hold_reason) == (ChargeStatus.READY, 6_500, "")
    assert sorted(map(abs, books().values())) == [6_500, 6_500]
    assert needs(charge) == 0
    assert told(charge) == ["charge.held", "charge.released"]
    with pytest.raises(Conflict) as again:
        release_charge(charge=charge, by=biller)
    assert again.value.code == "not_held"
    assert sorted(map(abs, books().values())) == [6_500, 6_500]


def test_a_patient_without_an_account_is_charged_when_there_is_one(world: World, billing: Billing) -> None:
    patient = make_patient(world, unit=billing.office.site_unit)
    make_coverage(patient, billing.plan)
    _visit, (charge,) = charged_visit(world, billing, patient)
    assert (charge.status, charge.hold_reason) == (ChargeStatus.HELD, "no_account")
    with pytest.raises(Refusal) as refused:
        release_charge(charge=charge, by=HOUSE)
    assert refused.value.code == "no_account"
    account = make_account(world, patient, billing.office.entity)
    assert release_charge(charge=charge, by=HOUSE).account == account
    assert sorted(map(abs, books().values())) == [17_500, 17_500]


def test_a_service_without_price_is_charged_and_moves_no_money(world: World, billing: Billing) -> None:
    FeeLine.objects.unscoped(_LOOK).filter(code="99213").update(amount=0)
    _visit, (charge,) = charged_visit(world, billing)
    assert (charge.status, charge.amount) == (ChargeStatus.READY, 0)
    assert not Entry.objects.unscoped(_LOOK).filter(source_key=f"charge:{charge.pk}").exists()


def test_a_charge_is_taken_back_with_a_reason_once_and_not_from_a_claim(world: World, billing: Billing) -> None:
    _visit, (charge,) = charged_visit(world, billing)
    biller = world.actor(Role.BILLER)
    with pytest.raises(Refusal) as silent:
        void_charge(charge=charge, reason=" ", by=biller)
    assert silent.value.field == "reason"
    (claim,) = make_claims(by=HOUSE)
    with pytest.raises(Refusal) as claimed:
        void_charge(charge=charge, reason="Charted twice", by=biller)
    assert claimed.value.code == "on_claim"
    void_claim(claim=claim, by=biller)
    assert void_charge(charge=charge, reason="Charted twice", by=biller).status == ChargeStatus.VOID
    assert books() == {}
    with pytest.raises(Conflict) as again:
        void_charge(charge=charge, reason="Again", by=biller)
    assert again.value.code == "void_already"
    assert told(charge) == ["charge.captured", "charge.voided"]
    assert Entry.objects.unscoped(_LOOK).count() == 2


def test_a_held_charge_taken_back_ends_its_work_and_leaves_the_books_alone(world: World, billing: Billing) -> None:
    charge = without_fee(world, billing)
    assert void_charge(charge=charge, reason="Not done", by=HOUSE).hold_reason == ""
    assert needs(charge) == 0
    assert not Entry.objects.unscoped(_LOOK).exists()


def test_another_members_biller_meets_no_charge(world: World, billing: Billing) -> None:
    _visit, (charge,) = charged_visit(world, billing)
    stranger = world.actor(Role.BILLER, world.member_a.entity)
    for act in (
        lambda: release_charge(charge=charge, by=stranger),
        lambda: void_charge(charge=charge, reason="mine", by=stranger),
    ):
        with pytest.raises(NotVisible):
            act()
    assert Charge.objects.unscoped(_LOOK).get().status == ChargeStatus.READY
