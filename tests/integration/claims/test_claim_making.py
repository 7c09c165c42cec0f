"""What becomes a claim and what waits; and what a claim that was sent, or is another's, refuses."""

from __future__ import annotations

import pytest

from medguild.foundation.events.dispatch import dispatch_pending
from medguild.foundation.kernel.errors import Conflict, NotVisible
from medguild.foundation.work.models import UnownedNeed
from medguild.operations.chart.lines import add_diagnosis, add_service
from medguild.operations.chart.services import sign_note
from medguild.operations.visits.rules import VisitStatus
from medguild.revenue.charges.models import Charge
from medguild.revenue.charges.rules import ChargeStatus
from medguild.revenue.claims import rules
from medguild.revenue.claims.export import export_claims
from medguild.revenue.claims.models import Claim, ClaimLine
from medguild.revenue.claims.rules import ClaimStatus
from medguild.revenue.claims.services import authorize_claim, check_claim, make_claims, void_claim
from tests.factories.remittances import Desk
from tests.factories.revenue import charged_visit, insured_patient, make_billing, ready_claim
from tests.factories.visits import clinician_actor, make_note, make_visit
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db
_LOOK = "the test looks"


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world, make_billing(world))


def test_claims_are_made_of_the_sites_that_were_asked_for(desk: Desk) -> None:
    charged_visit(desk.world, desk.billing)
    assert make_claims(by=HOUSE, unit_ids=[desk.world.second.site_unit.pk]) == []
    (claim,) = make_claims(by=HOUSE, unit_ids=[desk.billing.office.site_unit.pk])
    assert claim.site_id == desk.billing.office.site_unit.pk


def test_without_a_billing_identity_the_charge_waits_and_is_work(desk: Desk) -> None:
    _visit, (charge,) = charged_visit(desk.world, desk.billing)
    identities = desk.billing.office.entity.billing_identities.unscoped(_LOOK)
    kept = identities.get()
    identities.all().delete()
    assert make_claims(by=HOUSE) == []
    charge.refresh_from_db()
    assert charge.status == ChargeStatus.READY
    sources = UnownedNeed.objects.unscoped(_LOOK).values_list("source", flat=True)
    assert f"claim.no_billing_identity:{charge.entity_id}:{charge.site_id}" in list(sources)
    kept.save(force_insert=True)
    assert len(make_claims(by=HOUSE)) == 1


def test_more_services_than_a_claim_holds_go_on_two(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit of the form is fifty lines; here two, so that the test is short."""
    monkeypatch.setattr(rules, "MOST_LINES", 2)
    _visit, charges = charged_visit(desk.world, desk.billing, services=("93000", "99213", "99214"))
    made = make_claims(by=HOUSE)
    assert sorted(ClaimLine.objects.unscoped(_LOOK).filter(claim=one).count() for one in made) == [1, 2]
    assert sum(one.charge for one in made) == sum(one.amount for one in charges)
    assert {one.status for one in Charge.objects.unscoped(_LOOK).all()} == {ChargeStatus.BILLED}


def test_more_diagnoses_than_a_claim_holds_go_on_two(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_DIAGNOSES", 1)
    patient, _ = insured_patient(desk.world, desk.billing)
    visit = make_visit(desk.world, desk.billing.office, to=VisitStatus.WITH_CLINICIAN, patient=patient)
    by = clinician_actor(desk.world, desk.billing.office)
    note = make_note(visit, by, services=False)
    add_diagnosis(note=note, code="I10", by=by)
    for code, pointer in (("99213", 1), ("93000", 2)):
        add_service(note=note, code=code, pointers=[pointer], by=by)
    sign_note(note=note, by=by)
    dispatch_pending()
    assert sorted(one.diagnoses for one in Charge.objects.unscoped(_LOOK).filter(visit=visit)) == [["I10"], ["J06.9"]]
    assert sorted(one.diagnoses for one in make_claims(by=HOUSE)) == [["I10"], ["J06.9"]]


def test_a_sent_claim_stays_as_sent(desk: Desk) -> None:
    claim = desk.sent()
    before = desk.claim(claim)
    for act in (
        lambda: check_claim(claim=claim, by=HOUSE),
        lambda: void_claim(claim=claim, by=HOUSE),
        lambda: authorize_claim(claim=claim, prior_authorization="A1", by=HOUSE),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.code == "claim_sent"
    after = desk.claim(claim)
    assert (after.status, after.revision, after.prior_authorization) == (ClaimStatus.SENT, before.revision, "")


def test_a_claim_that_is_gone_is_not_visible(desk: Desk) -> None:
    with pytest.raises(NotVisible):
        check_claim(claim=Claim(number="NONE"), by=HOUSE)


def test_files_are_written_for_one_entity_or_payer_alone(desk: Desk) -> None:
    claim = ready_claim(desk.world, desk.billing)
    assert export_claims(by=HOUSE, entity_id=desk.world.second.entity.pk) == []
    other = make_billing(desk.world, desk.world.second).plan.payer
    assert export_claims(by=HOUSE, payer_id=other.pk) == []
    assert desk.claim(claim).status == ClaimStatus.READY
    (written,) = export_claims(by=HOUSE, entity_id=claim.entity_id, payer_id=claim.payer_id)
    assert written.file.claim_count == 1
    assert desk.claim(claim).status == ClaimStatus.SENT


def test_what_became_wrong_since_it_was_checked_stays_behind_as_work(desk: Desk) -> None:
    claim = ready_claim(desk.world, desk.billing)
    claim.coverage.__class__.objects.unscoped(_LOOK).filter(pk=claim.coverage_id).update(member_id=" ")
    assert export_claims(by=HOUSE) == []
    held = desk.claim(claim)
    assert (held.status, held.sent_at) == (ClaimStatus.EDIT_FAILED, None)
    assert UnownedNeed.objects.unscoped(_LOOK).filter(source=f"claim.mend:{claim.pk}").exists()
