"""A claim that is wrong: corrected before it is sent, replaced or called back afterwards; every file is accepted."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.errors import Conflict, Refusal
from medguild.revenue.charges.models import Charge
from medguild.revenue.charges.rules import ChargeStatus
from medguild.revenue.claims.correcting import cancel_claim, correct_claim, free_charges, replace_claim
from medguild.revenue.claims.export import export_claims
from medguild.revenue.claims.models import Claim, ClaimLine
from medguild.revenue.claims.rules import ClaimStatus, Frequency, LineCorrection, tidy_diagnoses, tidy_modifiers
from medguild.revenue.claims.services import make_claims, void_claim
from tests.factories.remittances import Desk, answer, service
from tests.factories.revenue import make_billing
from tests.factories.world import HOUSE, World
from tests.support_x12 import pyx12_errors

pytestmark = pytest.mark.django_db
_LOOK = "the test looks"


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world, make_billing(world))


def answered(desk: Desk, *services: str) -> Claim:
    """A claim that the payer refused."""
    claim = desk.sent(*(services or ("99213",)))
    said = [service(line, 0, ("CO", "197", line.amount)) for line in desk.lines(claim)]
    desk.take(desk.remittance(answer(claim.number, *said, status="4")))
    return desk.claim(claim)


def sent_text(claim: Claim) -> str:
    (written,) = export_claims(by=HOUSE, claim_ids=[claim.pk])
    assert pyx12_errors(written.content) == []
    return written.content.decode()


def charges(claim: Claim) -> list[str]:
    rows = Charge.objects.unscoped(_LOOK).filter(claim_lines__claim=claim)
    return sorted(set(rows.values_list("status", flat=True)))


def test_a_corrected_replacement_names_the_payers_number_and_its_new_codes(desk: Desk) -> None:
    claim = answered(desk, "99213", "93000")
    fresh = replace_claim(claim=claim, by=HOUSE)
    first, second = desk.lines(fresh)
    fresh = correct_claim(
        claim=fresh, diagnoses=["j06.9", "I10"], by=HOUSE,
        lines={first.pk: LineCorrection(["25"], [1]), second.pk: LineCorrection([], [2, 1])},
    )  # fmt: skip
    assert fresh.status == ClaimStatus.READY
    text = sent_text(fresh)
    assert f"REF*F8*{claim.payer_control}" in text
    assert "B:7" in text
    assert "HC:99213:25" in text.replace("HC>99213>25", "HC:99213:25")
    assert [line.modifiers for line in desk.lines(claim)] == [[], []]  # what was sent stays as sent
    assert [line.live for line in desk.lines(claim)] == [False, False]


def test_codes_are_corrected_before_sending_only_and_not_over_each_other(desk: Desk) -> None:
    claim = answered(desk)
    with pytest.raises(Conflict):
        correct_claim(claim=claim, diagnoses=["I10"], lines={}, by=HOUSE)
    fresh = replace_claim(claim=claim, by=HOUSE)
    with pytest.raises(Conflict):
        correct_claim(claim=fresh, diagnoses=["I10"], lines={}, by=HOUSE, seen=fresh.revision - 1)
    (line,) = desk.lines(fresh)
    for diagnoses, wanted in (
        ([], LineCorrection([], [1])),
        (["I10"], LineCorrection(["ABC"], [1])),
        (["I10"], LineCorrection([], [2])),
        (["I10"], LineCorrection([], [])),
    ):
        with pytest.raises(Refusal):
            correct_claim(claim=fresh, diagnoses=diagnoses, lines={line.pk: wanted}, by=HOUSE)
    assert desk.claim(fresh).diagnoses == claim.diagnoses


def test_a_wrong_diagnosis_is_found_again(desk: Desk) -> None:
    fresh = replace_claim(claim=answered(desk), by=HOUSE)
    assert correct_claim(claim=fresh, diagnoses=["J06.99"], lines={}, by=HOUSE).status == ClaimStatus.EDIT_FAILED


def test_one_successor_at_a_time(desk: Desk) -> None:
    claim = answered(desk)
    fresh = replace_claim(claim=claim, by=HOUSE)
    for act in (replace_claim, cancel_claim):
        with pytest.raises(Conflict):
            act(claim=claim, by=HOUSE)
    sent_text(fresh)
    with pytest.raises(Conflict):
        replace_claim(claim=claim, by=HOUSE)


def test_a_replacement_taken_back_gives_the_charges_to_the_claim_before(desk: Desk) -> None:
    claim = answered(desk)
    void_claim(claim=replace_claim(claim=claim, by=HOUSE), by=HOUSE)
    assert [line.live for line in desk.lines(claim)] == [True]
    assert charges(claim) == [ChargeStatus.BILLED]
    assert make_claims(by=HOUSE) == []  # not billed a second time as a new claim
    assert replace_claim(claim=claim, by=HOUSE).status == ClaimStatus.READY


def test_a_claim_is_called_back_and_its_charges_go_again(desk: Desk) -> None:
    claim = answered(desk)
    void = cancel_claim(claim=claim, by=HOUSE)
    assert void.frequency == Frequency.VOID
    with pytest.raises(Conflict):
        free_charges(claim=void, by=HOUSE)
    text = sent_text(void)
    assert "B:8" in text
    assert f"REF*F8*{claim.payer_control}" in text
    assert make_claims(by=HOUSE) == []
    free_charges(claim=desk.claim(void), by=HOUSE)
    with pytest.raises(Conflict):
        free_charges(claim=desk.claim(void), by=HOUSE)
    (again,) = make_claims(by=HOUSE)
    assert again.frequency == Frequency.ORIGINAL
    live = ClaimLine.objects.unscoped(_LOOK).filter(live=True)
    assert set(live.values_list("claim_id", flat=True)) == {again.pk}


def test_without_the_payers_number_nothing_is_replaced(desk: Desk) -> None:
    claim = desk.sent()
    with pytest.raises(Refusal):
        replace_claim(claim=claim, by=HOUSE)
    (line,) = desk.lines(claim)
    said = answer(claim.number, service(line, 0, ("CO", "197", line.amount)), status="4", payer_control="")
    desk.take(desk.remittance(said))
    with pytest.raises(Refusal) as caught:
        replace_claim(claim=desk.claim(claim), by=HOUSE)
    assert caught.value.code == "no_control"


def test_codes_are_tidied() -> None:
    assert tidy_diagnoses([" j069", "I10", "J06.9", ""]) == ["J06.9", "I10"]
    assert tidy_modifiers(["lt", " 25 ", ""]) == ["LT", "25"]
    assert tidy_modifiers(["A"]) is None
    assert tidy_modifiers(["11", "22", "33", "44", "55"]) is None


def test_the_page_leads_to_where_a_fault_is_mended(desk: Desk, settings: Any) -> None:
    settings.FORCE_SECOND_FACTOR = False
    client = Client()
    client.force_login(
        desk.world.user(Role.BILLER, desk.billing.office.entity),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    fresh = replace_claim(claim=answered(desk), by=HOUSE)
    address = reverse("claims:correct", args=[fresh.pk])
    shown = client.get(address).content.decode()
    assert "modifiers" in shown
    said = {"seen": desk.claim(fresh).revision, "diagnoses": "J06.99", "modifiers_1": "", "pointers_1": "1"}
    assert client.post(address, said).status_code == 302
    shown = client.get(reverse("claims:show", args=[fresh.pk])).content.decode()
    assert "not valid on the day" in shown
    assert address in shown
    assert client.post(address, said).status_code == 422  # somebody else's form is older than the claim
    said |= {"seen": desk.claim(fresh).revision, "diagnoses": "J06.9"}
    client.post(address, said)
    assert desk.claim(fresh).status == ClaimStatus.READY
