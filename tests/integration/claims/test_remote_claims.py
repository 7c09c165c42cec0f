"""Claims of visits by video and phone say what the payer's rule asks, and wait where nobody knows."""

from __future__ import annotations

import pgtrigger
import pytest
from django.db import IntegrityError, transaction

from medguild.operations.scheduling.rules import Mode
from medguild.operations.visits.models import CheckInMark
from medguild.operations.visits.rules import LOCATION, PatientPlace
from medguild.payers.remote.models import RemoteRule
from medguild.payers.remote.rules import RemoteMode, RemoteTerms
from medguild.payers.remote.services import set_remote_rule
from medguild.revenue.claims.correcting import cancel_claim, correct_claim
from medguild.revenue.claims.export import export_claims
from medguild.revenue.claims.models import Claim, ClaimFinding, ClaimLine
from medguild.revenue.claims.rules import ClaimStatus, LineCorrection
from medguild.revenue.claims.services import check_claim, make_claims
from tests.factories.remittances import Desk, answer, service
from tests.factories.revenue import Billing, charged_visit, make_billing, ready_claim
from tests.factories.world import HOUSE, START, World
from tests.support_x12 import pyx12_errors

pytestmark = pytest.mark.django_db
VIDEO = RemoteTerms(True, "10", "02", ("95",))


@pytest.fixture
def billing(world: World) -> Billing:
    return make_billing(world)


def put(billing: Billing, terms: RemoteTerms = VIDEO) -> None:
    set_remote_rule(payer=billing.plan.payer, mode=RemoteMode.VIDEO, terms=terms, start=START, by=HOUSE)


def findings(claim: Claim) -> list[str]:
    return sorted(ClaimFinding.objects.unscoped("test").filter(claim=claim).values_list("rule", flat=True))


def modifiers(claim: Claim) -> list[list[str]]:
    rows = ClaimLine.objects.unscoped("test").filter(claim=claim).order_by("number")
    return list(rows.values_list("modifiers", flat=True))


def sent_text(claim: Claim) -> str:
    (written,) = export_claims(by=HOUSE, claim_ids=[claim.pk])
    assert pyx12_errors(written.content) == []
    return written.content.decode()


@pytest.mark.parametrize(("place", "code"), [(PatientPlace.HOME, "10"), (PatientPlace.ELSEWHERE, "02")])
def test_the_rule_sets_place_and_modifiers(world: World, billing: Billing, place: PatientPlace, code: str) -> None:
    put(billing)
    claim = ready_claim(world, billing, services=("99213", "93000"), mode=Mode.VIDEO, place=place)
    assert (claim.status, claim.place_of_service, findings(claim)) == (ClaimStatus.READY, code, [])
    assert modifiers(claim) == [["95"], ["95"]]
    text = sent_text(claim)
    assert f"*{code}:B:1*" in text
    assert "SV1*HC:99213:95*" in text


def test_where_nobody_asked_the_claim_says_at_home_and_warns(world: World, billing: Billing) -> None:
    put(billing)
    claim = ready_claim(world, billing, mode=Mode.VIDEO)
    assert (claim.status, claim.place_of_service) == (ClaimStatus.READY, "10")
    assert findings(claim) == ["patient_place_assumed"]
    (line,) = ClaimLine.objects.unscoped("test").filter(claim=claim)
    claim = correct_claim(
        claim=claim, diagnoses=claim.diagnoses, place_of_service="02", by=HOUSE,
        lines={line.pk: LineCorrection(["GT"], [1])},
    )  # fmt: skip
    assert (findings(claim), claim.place_of_service, modifiers(claim)) == ([], "02", [["GT"]])  # the biller's word


def test_without_a_rule_the_claim_waits_for_it(world: World, billing: Billing) -> None:
    claim = ready_claim(world, billing, mode=Mode.VIDEO, place=PatientPlace.HOME)
    assert (claim.status, findings(claim)) == (ClaimStatus.EDIT_FAILED, ["remote_rule_missing"])
    put(billing)
    claim = check_claim(claim=claim, by=HOUSE)
    assert (claim.status, claim.place_of_service, modifiers(claim)) == (ClaimStatus.READY, "10", [["95"]])


def test_a_phone_visit_has_a_rule_of_its_own(world: World, billing: Billing) -> None:
    put(billing)
    assert findings(ready_claim(world, billing, mode=Mode.PHONE)) == ["remote_rule_missing"]


def test_what_the_payer_does_not_pay_is_not_sent_to_it(world: World, billing: Billing) -> None:
    put(billing, RemoteTerms(covered=False))
    claim = ready_claim(world, billing, mode=Mode.VIDEO, place=PatientPlace.HOME)
    assert (claim.status, findings(claim)) == (ClaimStatus.EDIT_FAILED, ["remote_not_paid"])


def test_a_claim_from_before_the_rule_is_coded_before_it_goes(world: World, billing: Billing) -> None:
    put(billing)
    claim = ready_claim(world, billing, mode=Mode.VIDEO, place=PatientPlace.HOME)
    Claim.objects.unscoped("made before there were rules").filter(pk=claim.pk).update(place_of_service="")
    assert export_claims(by=HOUSE, claim_ids=[claim.pk]) == []
    assert "*10:B:1*" in sent_text(claim)


@pytest.mark.parametrize("terms", [RemoteTerms(covered=False), RemoteTerms(True, "02", "02", ("93",)), None])
def test_a_void_says_what_was_sent_whatever_the_rule_is_now(
    world: World, billing: Billing, terms: RemoteTerms | None
) -> None:
    put(billing)
    desk = Desk(world, billing)
    claim = desk.sent(mode=Mode.VIDEO, place=PatientPlace.HOME)
    with pgtrigger.ignore("revenue.Claim:claim_sent_is_frozen"):
        Claim.objects.unscoped("sent before there were rules").filter(pk=claim.pk).update(place_of_service="")
    said = [service(line, 0, ("CO", "197", line.amount)) for line in desk.lines(claim)]
    desk.take(desk.remittance(answer(claim.number, *said, status="4")))
    RemoteRule.objects.all().delete()
    if terms is not None:
        put(billing, terms)
    void = cancel_claim(claim=desk.claim(claim), by=HOUSE)
    assert (void.status, void.place_of_service, modifiers(void)) == (ClaimStatus.READY, "", modifiers(claim))
    assert "*11:B:8*" in sent_text(void)


def test_a_visit_at_the_site_has_the_site_s_place(world: World, billing: Billing) -> None:
    put(billing)
    charged_visit(world, billing)
    (claim,) = make_claims(by=HOUSE)
    assert (claim.place_of_service, modifiers(claim)) == ("", [[]])
    assert "*11:B:1*" in sent_text(claim)


def test_a_place_has_two_digits(world: World, billing: Billing) -> None:
    claim = ready_claim(world, billing)
    with pytest.raises(IntegrityError, match="claim_place_form"), transaction.atomic():
        Claim.objects.unscoped("test").filter(pk=claim.pk).update(place_of_service="home")


def test_what_was_said_later_and_what_has_no_room_is_told(world: World, billing: Billing) -> None:
    put(billing)
    claim = ready_claim(world, billing, mode=Mode.VIDEO, place=PatientPlace.HOME)
    CheckInMark.objects.unscoped("test").filter(key=LOCATION).update(proof=PatientPlace.ELSEWHERE)
    assert findings(check_claim(claim=claim, by=HOUSE)) == ["patient_place_differs"]
    lines = ClaimLine.objects.unscoped("test").filter(claim=claim)
    lines.update(modifiers=["25", "59", "76", "77"])
    claim = check_claim(claim=claim, by=HOUSE)
    assert findings(claim) == ["patient_place_differs", "remote_modifiers_full"]
    assert claim.status == ClaimStatus.READY
