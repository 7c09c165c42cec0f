"""What people decide about denials: the books move once, and never past a limit, a contract or what is owed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.foundation.events.dispatch import dispatch_pending
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import Conflict, NotAllowed, NotVisible, Refusal
from medguild.foundation.ledger.models import Entry, Posting
from medguild.foundation.ledger.rules import Chart
from medguild.foundation.work.models import WorkItem
from medguild.revenue.claims.correcting import replace_claim
from medguild.revenue.claims.export import export_claims
from medguild.revenue.claims.models import Claim
from medguild.revenue.remittances import denials
from medguild.revenue.remittances.models import Denial
from medguild.revenue.remittances.rules import DenialOutcome
from medguild.x12.records.common import Adjustment
from tests.factories.remittances import Desk, answer, service
from tests.factories.world import HOUSE

pytestmark = pytest.mark.django_db
_LOOK = "the test looks"


def biller(desk: Desk, role: Role = Role.BILLER) -> Actor:
    return desk.world.actor(role, desk.billing.office.entity)


def denied(desk: Desk, *reason: str, services: tuple[str, ...] = ("93000",)) -> tuple[Claim, Denial]:
    """A claim of one service that was refused whole, by default for the lack of an approval (CO-197)."""
    group, code = reason or ("CO", "197")
    claim = desk.sent(*services)
    said = [service(line, 0, (group, code, line.amount)) for line in desk.lines(claim)]
    desk.take(desk.remittance(answer(claim.number, *said, status="4")))
    rows = Denial.objects.unscoped(_LOOK).filter(claim=claim)
    return desk.claim(claim), rows.order_by("pk")[0]


def balance(claim: Claim, code: Chart) -> int:
    rows = Posting.objects.unscoped(_LOOK).filter(account_id=claim.account_id, ledger_account__code=code)
    return sum(rows.values_list("amount", flat=True))


def again(denial: Denial) -> Denial:
    found: Denial = Denial.objects.unscoped(_LOOK).get(pk=denial.pk)
    return found


def test_a_write_off_moves_what_is_owed_once_and_ends_the_work(desk: Desk) -> None:
    claim, denial = denied(desk)
    by = biller(desk)
    denials.write_off(denial=denial, reason="Too late for approval", by=by)
    assert balance(claim, Chart.INSURANCE_AR) == 0
    assert balance(claim, Chart.DENIAL_WRITE_OFF) == 6_500
    assert balance(claim, Chart.PATIENT_AR) == 0
    held = again(denial)
    assert (held.outcome, held.note, held.settled_by) == (DenialOutcome.WRITTEN_OFF, "Too late for approval", by.id)
    item = WorkItem.objects.unscoped(_LOOK).filter(source=denial.source).first()
    assert item is None or item.outcome == DenialOutcome.WRITTEN_OFF
    with pytest.raises(Conflict):
        denials.write_off(denial=denial, reason="Again", by=by)
    assert Entry.objects.unscoped(_LOOK).filter(source_key=f"{denial.source}:write_off").count() == 1


def test_above_the_limit_somebody_who_may_approve_decides(desk: Desk) -> None:
    claim, denial = denied(desk, services=("99214",))
    by = biller(desk)
    with pytest.raises(Refusal) as caught:
        denials.write_off(denial=denial, reason="Too late", by=by)
    assert caught.value.code == "over_limit"
    assert balance(claim, Chart.INSURANCE_AR) == 25_500
    denials.ask_write_off(denial=denial, reason="Too late", by=by)
    denials.ask_write_off(denial=denial, reason="Too late", by=by)
    assert again(denial).settled_at is None
    denials.write_off(denial=denial, reason="Agreed", by=biller(desk, Role.REVENUE_DIRECTOR))
    assert balance(claim, Chart.DENIAL_WRITE_OFF) == 25_500


def test_what_the_contract_forbids_is_not_asked_of_the_patient(desk: Desk) -> None:
    claim, denial = denied(desk)
    with pytest.raises(Refusal) as caught:
        denials.bill_patient(denial=denial, reason="They said so", by=biller(desk))
    assert caught.value.code == "not_billable"
    assert balance(claim, Chart.PATIENT_AR) == 0


def test_without_a_contract_the_patient_may_be_asked(desk: Desk) -> None:
    claim, denial = denied(desk, "PI", "96")
    denials.bill_patient(denial=denial, reason="Signed for it", by=biller(desk))
    assert balance(claim, Chart.PATIENT_AR) == 6_500
    assert balance(claim, Chart.INSURANCE_AR) == 0
    assert again(denial).outcome == DenialOutcome.TO_PATIENT


def test_money_that_is_owed_is_not_closed_away(desk: Desk) -> None:
    claim, denial = denied(desk)
    by = biller(desk)
    with pytest.raises(Refusal) as caught:
        denials.close(denial=denial, reason="Nothing to do", by=by)
    assert caught.value.code == "money_open"
    with pytest.raises(Refusal):
        denials.write_off(denial=denial, reason="  ", by=by)
    assert again(denial).settled_at is None
    assert balance(claim, Chart.INSURANCE_AR) == 6_500


def test_what_the_patient_owes_already_can_be_closed(desk: Desk) -> None:
    claim, denial = denied(desk, "PR", "27")
    assert balance(claim, Chart.PATIENT_AR) == 6_500
    with pytest.raises(Refusal):
        denials.write_off(denial=denial, reason="x", by=biller(desk))
    denials.close(denial=denial, reason="The patient was told", by=biller(desk))
    assert again(denial).outcome == DenialOutcome.CLOSED
    assert balance(claim, Chart.PATIENT_AR) == 6_500


def test_a_replacement_that_is_sent_answers_the_denial(desk: Desk) -> None:
    claim, denial = denied(desk)
    fresh = replace_claim(claim=claim, by=HOUSE)
    dispatch_pending()
    assert again(denial).settled_at is None
    export_claims(by=HOUSE, claim_ids=[fresh.pk])
    dispatch_pending()
    assert again(denial).outcome == DenialOutcome.RESUBMITTED
    # The payer pays the new claim: nothing is left of either.
    (line,) = desk.lines(fresh)
    desk.take(desk.remittance(answer(fresh.number, service(line, 5_000, ("CO", "45", 1_500)), payer_control="NEW1")))
    assert balance(claim, Chart.INSURANCE_AR) == 0


def test_a_refused_claim_as_a_whole_is_shared_over_its_lines(desk: Desk) -> None:
    claim = desk.sent("99213", "93000")
    lines = desk.lines(claim)
    total = sum(line.amount for line in lines)
    whole = answer(claim.number, status="4", charge_cents=total, paid_cents=0)
    desk.take(desk.remittance(replace(whole, adjustments=(Adjustment("CO", "29", total),))))
    denial = Denial.objects.unscoped(_LOOK).get(claim=claim)
    denials.write_off(denial=denial, reason="Too late", by=HOUSE)
    assert balance(claim, Chart.INSURANCE_AR) == 0
    rows = Posting.objects.unscoped(_LOOK).filter(
        account_id=claim.account_id, ledger_account__code=Chart.DENIAL_WRITE_OFF
    )
    assert dict(rows.values_list("claim_line_id", "amount")) == {line.pk: line.amount for line in lines}


def test_readers_and_other_members_decide_nothing(desk: Desk) -> None:
    _claim, denial = denied(desk)
    with pytest.raises((NotVisible, NotAllowed)):
        denials.write_off(denial=denial, reason="x", by=biller(desk, Role.AUDITOR))
    other = desk.world.actor(Role.BILLER, desk.world.second.entity)
    with pytest.raises(NotVisible):
        denials.write_off(denial=denial, reason="x", by=other)
    assert again(denial).settled_at is None


@pytest.fixture
def client(desk: Desk, settings: Any) -> Client:
    settings.FORCE_SECOND_FACTOR = False
    made = Client()
    made.force_login(
        desk.world.user(Role.BILLER, desk.billing.office.entity),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return made


def page(client: Client, name: str, found: UUID) -> str:
    answered = client.get(reverse(name, args=[found]))
    assert answered.status_code == 200
    return answered.content.decode()


def test_the_claim_shows_the_answer_and_leads_to_the_denial(desk: Desk, client: Client) -> None:
    claim, denial = denied(desk)
    shown = page(client, "claims:show", claim.pk)
    assert "What the payer says" in shown
    assert reverse("remittances:denial", args=[denial.pk]) in shown
    shown = page(client, "remittances:denial", denial.pk)
    assert "CO-197" in shown
    assert "Correct and send again" in shown
    assert "Ask the patient</" not in shown
    client.post(reverse("remittances:write_off", args=[denial.pk]), {"reason": "Too late"})
    shown = page(client, "remittances:denial", denial.pk)
    assert "Too late" in shown
    assert "Correct and send again" not in shown
    assert "Written off" in page(client, "claims:show", claim.pk)


def test_our_own_fault_is_not_asked_of_the_patient(desk: Desk) -> None:
    _claim, denial = denied(desk, "PI", "18")  # a duplicate
    with pytest.raises(Refusal) as caught:
        denials.bill_patient(denial=denial, reason="x", by=biller(desk))
    assert caught.value.code == "not_billable"
