"""From a signed note to an 837P that the judge accepts."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from medguild.foundation.access.rules import Role
from medguild.foundation.events.dispatch import dispatch_pending
from medguild.foundation.ledger.models import Posting
from medguild.foundation.work.models import UnownedNeed
from medguild.operations.chart.lines import add_service
from medguild.operations.chart.services import sign_note
from medguild.operations.visits.rules import VisitStatus
from medguild.patients.coverage.rules import Subscriber, SubscriberRelation
from medguild.payers.pricing.models import FeeLine
from medguild.revenue.charges.models import Charge
from medguild.revenue.charges.rules import ChargeStatus
from medguild.revenue.charges.services import capture_visit
from medguild.revenue.claims.export import export_claims
from medguild.revenue.claims.models import Claim, ClaimLine
from medguild.revenue.claims.rules import ClaimStatus
from medguild.revenue.claims.services import check_claim, make_claims, void_claim
from tests.factories.patients import make_account, make_coverage, make_patient
from tests.factories.revenue import charged_visit, insured_patient, make_billing, ready_claim
from tests.factories.visits import clinician_actor, make_note, make_visit
from tests.factories.world import HOUSE, World
from tests.support_x12 import pyx12_errors, read_transactions


def test_each_service_of_a_signed_note_is_charged_once_and_posted(world: World) -> None:
    billing = make_billing(world)
    visit, charges = charged_visit(world, billing, services=("99213", "93000"))
    assert [(charge.code, charge.amount, charge.status) for charge in charges] == [
        ("93000", 6_500, ChargeStatus.READY),
        ("99213", 17_500, ChargeStatus.READY),
    ]
    assert capture_visit(visit_id=visit.pk, by=HOUSE) == []
    owed = Posting.objects.unscoped("test").filter(patient_id=visit.patient_id, ledger_account__code="1220")
    assert sum(owed.values_list("amount", flat=True)) == 24_000


def test_a_code_without_fee_is_held_and_becomes_work(world: World) -> None:
    billing = make_billing(world)
    patient, _ = insured_patient(world, billing)
    visit = make_visit(world, billing.office, to=VisitStatus.WITH_CLINICIAN, patient=patient)
    by = clinician_actor(world, billing.office)
    note = make_note(visit, by, services=False)
    add_service(note=note, code="93000", by=by)
    FeeLine.objects.unscoped("test").filter(code="93000").delete()
    sign_note(note=note, by=by)
    dispatch_pending()
    charges = list(Charge.objects.unscoped("test").filter(visit=visit))
    assert charges[0].status == ChargeStatus.HELD
    assert UnownedNeed.objects.unscoped("test").filter(source=f"charge.held:{charges[0].pk}").exists()


def test_a_visit_that_leaves_without_a_signed_note_becomes_work(world: World) -> None:
    visit = make_visit(world, to=VisitStatus.LEFT)
    dispatch_pending()
    assert UnownedNeed.objects.unscoped("test").filter(source=f"charge.missing:{visit.pk}").exists()


def test_claims_are_clean_exported_and_accepted_by_the_judge(world: World) -> None:
    billing = make_billing(world)
    claim = ready_claim(world, billing, services=("99213", "93000"))
    assert claim.status == ClaimStatus.READY, list(claim.findings.unscoped("test").values_list("rule", flat=True))
    (exported,) = export_claims(by=world.actor(Role.BILLER, billing.office.entity))
    assert pyx12_errors(exported.content) == []
    (transaction_read,) = read_transactions(exported.content)
    (record,) = transaction_read.claims
    assert (record.control, record.charge_cents, record.billing.tax_id) == (
        claim.number,
        24_000,
        billing.office.entity.entity.ein,
    )
    sent = Claim.objects.unscoped("test").get(pk=claim.pk)
    assert sent.status == ClaimStatus.SENT
    assert sent.sent["control"] == claim.number
    assert export_claims(by=HOUSE) == []


def test_a_childs_claim_names_the_subscriber_and_passes_the_judge(world: World) -> None:
    billing = make_billing(world)
    child = make_patient(world, unit=billing.office.site_unit, birth_date=dt.date(2019, 5, 1))
    make_account(world, child, billing.office.entity)
    parent = Subscriber(
        "Ruiz", "Marta", dt.date(1985, 2, 2), line1="12 Oak Street", city="Portland", state="OR", postal_code="97201"
    )
    make_coverage(child, billing.plan, relation=SubscriberRelation.CHILD, subscriber=parent)
    ready_claim(world, billing, patient=child)
    (exported,) = export_claims(by=HOUSE)
    assert pyx12_errors(exported.content) == []


def test_a_sent_claim_and_its_lines_stay_as_sent(world: World) -> None:
    claim = ready_claim(world, make_billing(world))
    export_claims(by=HOUSE)
    for change in (
        lambda: Claim.objects.unscoped("test").filter(pk=claim.pk).update(charge=1),  # claim_sent_is_frozen
        lambda: Claim.objects.unscoped("test").filter(pk=claim.pk).update(status="ready"),
        lambda: Claim.objects.unscoped("test").filter(pk=claim.pk).delete(),  # claim_sent_is_kept
        lambda: ClaimLine.objects.unscoped("test").filter(claim=claim).update(amount=1),  # claim_line_sent_is_frozen
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    Claim.objects.unscoped("test").filter(pk=claim.pk).update(status="paid", payer_control="ICN1")


def test_a_faulty_claim_waits_with_its_finding_until_it_is_mended(world: World) -> None:
    billing = make_billing(world)
    patient, _ = insured_patient(world, billing, line1="")
    claim = ready_claim(world, billing, patient=patient)
    assert claim.status == ClaimStatus.EDIT_FAILED
    rules = set(claim.findings.unscoped("test").values_list("rule", flat=True))
    assert rules == {"patient_address_missing"}
    assert export_claims(by=HOUSE) == []
    type(patient).objects.unscoped("test").filter(pk=patient.pk).update(line1="12 Oak Street")
    assert check_claim(claim=claim, by=HOUSE).status == ClaimStatus.READY


def test_the_same_service_of_one_day_on_two_claims_is_found(world: World) -> None:
    billing = make_billing(world)
    patient, _ = insured_patient(world, billing)
    first = ready_claim(world, billing, patient=patient)
    _, charges = charged_visit(world, billing, patient=patient)
    (second,) = make_claims(by=HOUSE)
    assert second.status == ClaimStatus.EDIT_FAILED
    assert list(second.findings.unscoped("test").values_list("rule", flat=True)) == ["duplicate_service"]
    void_claim(claim=second, by=HOUSE)
    assert Charge.objects.unscoped("test").get(pk=charges[0].pk).status == ChargeStatus.READY
    assert first.number != second.number


def test_a_members_biller_neither_sees_nor_sends_claims_of_another(world: World) -> None:
    billing = make_billing(world, world.member_a)
    ready_claim(world, billing)
    stranger = world.actor(Role.BILLER, world.member_b.entity)
    assert not Claim.objects.visible_to(stranger).exists()
    assert not Charge.objects.visible_to(stranger).exists()
    assert export_claims(by=stranger) == []
