"""A claim denied because another cover held goes there: claims, charges, denials and the books agree afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.errors import Conflict, NotAllowed, Refusal
from medguild.foundation.ledger.models import Posting
from medguild.foundation.ledger.rules import Chart
from medguild.foundation.work.duties import assign_duty
from medguild.foundation.work.models import WorkItem
from medguild.patients.coverage.models import Coverage
from medguild.patients.coverage.rules import Rank
from medguild.revenue.charges.models import Charge
from medguild.revenue.claims.models import Claim, ClaimLine
from medguild.revenue.claims.rules import ClaimStatus, Frequency
from medguild.revenue.remittances.models import Denial
from medguild.revenue.remittances.rebilling import bill_other_cover, covers_for
from medguild.revenue.remittances.rules import DenialOutcome
from medguild.revenue.remittances.work import HANDLED_AT_THE_DESK, denial_type
from tests.factories.patients import make_coverage
from tests.factories.payers import make_plan
from tests.factories.remittances import Desk, answer, service
from tests.factories.world import HOUSE, START

pytestmark = pytest.mark.django_db
_LOOK = "the test looks"


@pytest.fixture(autouse=True)
def _owned(desk: Desk) -> None:
    """Denials of cover have an owner at the desk, so that they become work."""
    for category in HANDLED_AT_THE_DESK:
        assign_duty(
            work_type=denial_type(category), unit=desk.world.enterprise, role=Role.FRONT_DESK, start=START, by=HOUSE
        )


def denied(desk: Desk, *services: str, reason: str = "31", paid: int = 0) -> tuple[Claim, Denial]:
    """A claim refused because the payer does not know the member (CO-31), or the other plan goes first (CO-22)."""
    claim = desk.sent(*(services or ("93000",)))
    lines = desk.lines(claim)
    said = [service(line, 0, ("CO", reason, line.amount)) for line in lines]
    if paid:
        said[0] = service(lines[0], paid, ("CO", "45", lines[0].amount - paid))
    desk.take(desk.remittance(answer(claim.number, *said, status="1" if paid else "4")))
    return desk.claim(claim), Denial.objects.unscoped(_LOOK).filter(claim=claim).order_by("pk")[0]


def other_cover(claim: Claim, **given: Any) -> Coverage:
    """A second coverage of the patient, with another payer unless a plan is given."""
    plan = given.pop("plan", None) or make_plan()
    return make_coverage(claim.patient, plan, **{"rank": Rank.SECONDARY, **given})


def owed_by(claim: Claim) -> dict[Any, int]:
    rows = Posting.objects.unscoped(_LOOK).filter(account_id=claim.account_id, ledger_account__code=Chart.INSURANCE_AR)
    sums: dict[Any, int] = {}
    for payer_id, amount in rows.values_list("payer_id", "amount"):
        sums[payer_id] = sums.get(payer_id, 0) + amount
    return {payer_id: total for payer_id, total in sums.items() if total}


def test_the_claim_goes_to_the_other_payer_and_the_debt_with_it(desk: Desk) -> None:
    claim, denial = denied(desk, "93000", "99213")
    right = other_cover(claim)
    assert covers_for(claim) == [right]
    assert owed_by(claim) == {claim.payer_id: claim.charge}
    fresh = bill_other_cover(denial=denial, coverage=right, by=desk.world.actor(Role.BILLER))
    assert fresh is not None
    assert (fresh.frequency, fresh.payer_id, fresh.coverage_id, fresh.charge) == (
        Frequency.ORIGINAL, right.payer_id, right.pk, claim.charge,
    )  # fmt: skip
    assert owed_by(claim) == {right.payer_id: claim.charge}
    live = ClaimLine.objects.unscoped(_LOOK).filter(live=True, charge__account_id=claim.account_id)
    assert {line.claim_id for line in live} == {fresh.pk}
    assert {one.coverage_id for one in Charge.objects.unscoped(_LOOK).filter(account_id=claim.account_id)} == {right.pk}
    outcomes = Denial.objects.unscoped(_LOOK).filter(claim=claim).values_list("outcome", flat=True)
    assert set(outcomes) == {DenialOutcome.RESUBMITTED}
    item = WorkItem.objects.unscoped(_LOOK).get(source=denial.source)
    assert item.outcome == DenialOutcome.RESUBMITTED
    told = Event.objects.unscoped(_LOOK).get(type="claim.other_cover")
    assert told.data["by_claim"] == str(fresh.pk)
    with pytest.raises(Conflict):
        bill_other_cover(denial=denial, coverage=right, by=desk.world.actor(Role.BILLER))
    assert desk.claim(claim).status == ClaimStatus.DENIED, "what was sent stays as sent"


def test_a_wrong_member_number_at_the_same_payer_is_a_replacement(desk: Desk) -> None:
    claim, denial = denied(desk)
    right = other_cover(claim, plan=desk.billing.plan, member_id="RIGHT123")
    fresh = bill_other_cover(denial=denial, coverage=right, by=desk.world.actor(Role.BILLER))
    assert fresh is not None
    assert (fresh.frequency, fresh.replaces_id, fresh.coverage_id) == (Frequency.REPLACEMENT, claim.pk, right.pk)
    assert owed_by(claim) == {claim.payer_id: claim.charge}
    assert Denial.objects.unscoped(_LOOK).get(pk=denial.pk).settled_at is None, "answered when it is sent"
    with pytest.raises(Conflict):
        bill_other_cover(denial=denial, coverage=right, by=desk.world.actor(Role.BILLER))


def test_what_was_paid_in_part_is_called_back_first(desk: Desk) -> None:
    claim, denial = denied(desk, "93000", "99213", paid=3_000)
    with pytest.raises(Refusal, match="Call the claim back"):
        bill_other_cover(denial=denial, coverage=other_cover(claim), by=desk.world.actor(Role.BILLER))
    assert list(owed_by(claim)) == [claim.payer_id]


def test_a_cover_of_another_day_or_of_somebody_else_is_refused(desk: Desk) -> None:
    claim, denial = denied(desk)
    later = other_cover(claim, start=claim.service_from.replace(year=claim.service_from.year + 1))
    stranger = other_cover(desk.sent("99213"))
    for wrong in (later, stranger, claim.coverage):
        with pytest.raises(Refusal) as caught:
            bill_other_cover(denial=denial, coverage=wrong, by=HOUSE)
        assert caught.value.code == "cover_not_valid"


def test_the_desk_answers_its_own_denials_and_sees_no_payment(desk: Desk, client: Client) -> None:
    claim, denial = denied(desk)
    right = other_cover(claim)
    clerk = desk.world.user(Role.FRONT_DESK)
    client.force_login(clerk)
    item = WorkItem.objects.unscoped(_LOOK).get(source=denial.source)
    page = reverse("remittances:desk", args=[claim.pk])
    assert page in client.get(reverse("work:item", args=[item.pk])).content.decode()
    assert client.get(reverse("remittances:denial", args=[denial.pk])).status_code == 403
    assert client.get(reverse("claims:show", args=[claim.pk])).status_code == 403
    shown = client.get(page).content.decode()
    assert claim.patient.label() in shown
    assert "CO-31" in shown
    assert "$" not in shown
    answered = client.post(reverse("remittances:desk_cover", args=[claim.pk]), {"coverage": str(right.pk)}, follow=True)
    assert "was made for the other cover" in answered.content.decode()
    assert owed_by(claim) == {right.payer_id: claim.charge}
    assert "Answered by a new claim" in client.get(page).content.decode()


def test_other_denials_are_none_of_the_desks(desk: Desk, client: Client) -> None:
    claim, denial = denied(desk, reason="197")
    client.force_login(desk.world.user(Role.FRONT_DESK))
    assert client.get(reverse("remittances:desk", args=[claim.pk])).status_code == 404
    with pytest.raises(NotAllowed):
        bill_other_cover(denial=denial, coverage=other_cover(claim), by=desk.world.actor(Role.FRONT_DESK))
    client.force_login(desk.world.user(Role.REFERRAL_COORDINATOR))
    page = client.get(reverse("remittances:desk", args=[claim.pk]))
    assert page.status_code == 200
    assert "Bill this cover" not in page.content.decode()


def test_billers_choose_it_on_the_page_of_the_denial(desk: Desk, client: Client) -> None:
    claim, denial = denied(desk)
    right = other_cover(claim)
    client.force_login(desk.world.user(Role.BILLER))
    page = client.get(reverse("remittances:denial", args=[denial.pk])).content.decode()
    assert str(right.pk) in page
    refused = client.post(reverse("remittances:other_cover", args=[denial.pk]), {"coverage": ""}, follow=True)
    assert "Choose a cover" in refused.content.decode()
    done = client.post(reverse("remittances:other_cover", args=[denial.pk]), {"coverage": str(right.pk)})
    fresh = Claim.objects.unscoped(_LOOK).get(payer_id=right.payer_id)
    assert done["Location"] == reverse("claims:show", args=[fresh.pk])
