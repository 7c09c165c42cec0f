"""Where the money goes, and what becomes of claims and of work."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db.models import Sum

from medguild.foundation.ledger.models import Posting
from medguild.foundation.ledger.rules import Chart
from medguild.foundation.work.models import UnownedNeed
from medguild.patients.coverage.rules import Rank
from medguild.revenue.claims.models import Claim
from medguild.revenue.claims.rules import ClaimStatus
from medguild.revenue.remittances.models import Denial, Remittance, RemittanceClaim, RemittanceLine
from medguild.revenue.remittances.rules import Outcome
from medguild.x12.records.common import Procedure
from tests.factories.patients import make_coverage
from tests.factories.payers import make_plan
from tests.factories.remittances import Desk, answer, plb, reversed_answer, service
from tests.factories.revenue import insured_patient

pytestmark = pytest.mark.django_db


def stands(code: Chart, **dimensions: object) -> int:
    """What an account stands at: debits less credits."""
    rows = Posting.objects.unscoped("the test adds up").filter(ledger_account__code=code, **dimensions)
    return int(rows.aggregate(total=Sum("amount"))["total"] or 0)


def needs(work_type: str) -> list[UnownedNeed]:
    rows = UnownedNeed.objects.unscoped("the test looks").filter(work_type=work_type, settled_at__isnull=True)
    return list(rows)


def test_a_paid_line_leaves_nothing_at_the_payer(desk: Desk) -> None:
    """Charge 175.00, allowed 120.00, deductible 50.00, 20 % of the rest."""
    claim = desk.sent()
    (line,) = desk.lines(claim)
    paid = service(line, 5_600, ("PR", "1", 5_000), ("PR", "2", 1_400), ("CO", "45", 5_500))

    (one,) = desk.take(desk.remittance(answer(claim.number, paid))).remittances

    assert (one.outcome, one.matched, one.suspended, one.denied) == (Outcome.POSTED, 1, 0, 0)
    assert stands(Chart.INSURANCE_AR) == 0
    assert stands(Chart.PATIENT_AR, account_id=claim.account_id) == 6_400
    assert stands(Chart.CONTRACTUAL) == 5_500
    assert stands(Chart.UNDEPOSITED) == 5_600
    held = desk.claim(claim)
    assert (held.status, held.payer_control) == (ClaimStatus.PAID, f"ICN{claim.number}")
    assert held.adjudicated_at is not None
    kept = RemittanceLine.objects.unscoped("the test looks").get()
    assert (kept.claim_line_id, kept.allowed) == (line.pk, 12_000)
    assert {one["effect"] for one in kept.adjustments} == {"patient", "contractual"}


def test_medicare_reductions_have_an_account_of_their_own(desk: Desk) -> None:
    claim = desk.sent()
    (line,) = desk.lines(claim)
    paid = service(line, 7_840, ("CO", "45", 7_500), ("CO", "253", 160), ("PR", "2", 2_000))

    desk.take(desk.remittance(answer(claim.number, paid)))

    assert stands(Chart.PAYER_REDUCTION) == 160
    assert stands(Chart.INSURANCE_AR) == 0


def test_every_posting_of_a_line_names_the_line(desk: Desk) -> None:
    claim = desk.sent("99213", "93000")
    first, second = desk.lines(claim)
    paid = [service(one, one.amount - 1_000, ("CO", "45", 1_000)) for one in (first, second)]
    desk.take(desk.remittance(answer(claim.number, *paid)))

    assert stands(Chart.INSURANCE_AR, claim_line_id=first.pk) == -first.amount
    assert stands(Chart.CONTRACTUAL, claim_line_id=second.pk) == 1_000
    row = Posting.objects.unscoped("the test looks").filter(claim_line_id=second.pk).first()
    assert row is not None
    assert (row.patient_id, row.clinician_id, row.site_id) == (claim.patient_id, claim.rendering_id, claim.site_id)


def test_a_denial_writes_nothing_off_and_becomes_work(desk: Desk) -> None:
    claim = desk.sent()
    (line,) = desk.lines(claim)
    denied = service(line, 0, ("CO", "197", 10_000), ("CO", "45", 7_500))

    (one,) = desk.take(desk.remittance(answer(claim.number, denied, status="4"))).remittances

    assert (one.outcome, one.denied) == (Outcome.POSTED, 1)
    assert stands(Chart.INSURANCE_AR) == line.amount
    assert stands(Chart.CONTRACTUAL) == 0
    assert desk.claim(claim).status == ClaimStatus.DENIED
    (need,) = needs("denial.authorization")
    assert need.patient_id == claim.patient_id
    assert Remittance.objects.unscoped("the test looks").get().entry is None  # no money moved
    row = Denial.objects.unscoped("the test looks").get(reason="197")
    assert (row.category, row.amount) == ("authorization", 10_000)


def test_a_partly_denied_claim(desk: Desk) -> None:
    claim = desk.sent("99213", "93000")
    first, second = desk.lines(claim)
    said = answer(
        claim.number, service(first, 12_000, ("CO", "45", first.amount - 12_000)),
        service(second, 0, ("CO", "97", second.amount)),
    )  # fmt: skip
    desk.take(desk.remittance(said))

    assert desk.claim(claim).status == ClaimStatus.PARTLY_PAID
    assert stands(Chart.INSURANCE_AR) == second.amount
    assert len(needs("denial.bundling")) == 1


def test_what_the_patient_owes_of_a_refused_service_is_a_denial_too(desk: Desk) -> None:
    claim = desk.sent()
    (line,) = desk.lines(claim)
    desk.take(desk.remittance(answer(claim.number, service(line, 0, ("PR", "27", line.amount)), status="4")))

    assert stands(Chart.PATIENT_AR) == line.amount
    assert desk.claim(claim).status == ClaimStatus.DENIED
    assert len(needs("denial.eligibility")) == 1


@pytest.mark.parametrize(("reasons", "remarks"), [([("PR", "2")], ("N782",)), ([("PR", "303")], ())])
def test_a_protected_patient_is_never_billed(
    desk: Desk, reasons: list[tuple[str, str]], remarks: tuple[str, ...]
) -> None:
    claim = desk.sent()
    (line,) = desk.lines(claim)
    said = [(group, reason, 2_000) for group, reason in reasons]
    desk.take(desk.remittance(answer(claim.number, service(line, line.amount - 2_000, *said, remarks=remarks))))

    assert stands(Chart.PATIENT_AR) == 0
    assert stands(Chart.INSURANCE_AR) == 2_000
    assert [need.category for need in needs("remittance.review")] == ["protected"]


def test_a_next_payer_is_asked_before_the_patient(desk: Desk) -> None:
    patient, _primary = insured_patient(desk.world, desk.billing)
    second = make_coverage(patient, make_plan(), rank=Rank.SECONDARY)
    claim = desk.sent(patient=patient)
    (line,) = desk.lines(claim)
    desk.take(desk.remittance(answer(claim.number, service(line, line.amount - 3_000, ("PR", "2", 3_000)))))

    assert stands(Chart.PATIENT_AR) == 0
    assert stands(Chart.INSURANCE_AR, payer_id=second.payer_id) == 3_000
    assert stands(Chart.INSURANCE_AR, payer_id=claim.payer_id) == 0
    assert len(needs("claim.bill_secondary")) == 1

    said = answer(claim.number, service(line, 2_000, ("OA", "23", line.amount - 3_000), ("PR", "3", 1_000)), status="2")
    desk.take(desk.remittance(said, trace_payer_id=second.payer.payer_id))
    assert stands(Chart.INSURANCE_AR) == 0
    assert stands(Chart.PATIENT_AR) == 1_000
    assert desk.claim(claim).status == ClaimStatus.PAID


def test_a_reversal_takes_everything_back(desk: Desk) -> None:
    claim = desk.sent()
    (line,) = desk.lines(claim)
    first = answer(claim.number, service(line, 10_000, ("CO", "45", 6_500), ("PR", "3", 1_000)))
    desk.take(desk.remittance(first))

    desk.take(desk.remittance(reversed_answer(first), plb=[plb("WO", -10_000)]))

    assert stands(Chart.INSURANCE_AR) == line.amount
    assert stands(Chart.PATIENT_AR) == 0
    assert stands(Chart.CONTRACTUAL) == 0
    assert stands(Chart.RECOUPMENT) == -10_000  # the payer will take it from a later payment
    assert desk.claim(claim).status == ClaimStatus.SENT

    fixed = answer(claim.number, service(line, 12_000, ("CO", "45", 5_500)), payer_control="ICN2")
    desk.take(desk.remittance(fixed, plb=[plb("WO", 10_000)]))
    assert stands(Chart.INSURANCE_AR) == stands(Chart.RECOUPMENT) == 0
    assert stands(Chart.UNDEPOSITED) == 12_000
    assert (desk.claim(claim).status, desk.claim(claim).payer_control) == (ClaimStatus.PAID, "ICN2")


def test_a_reversed_denial_writes_nothing_back(desk: Desk) -> None:
    claim = desk.sent()
    (line,) = desk.lines(claim)
    refused = answer(claim.number, service(line, 0, ("CO", "16", 10_000), ("CO", "45", 7_500)), status="4")
    desk.take(desk.remittance(refused))
    fixed = answer(claim.number, service(line, 10_000, ("CO", "45", 7_500)), payer_control="ICN2")
    desk.take(desk.remittance(reversed_answer(refused), fixed))

    assert stands(Chart.INSURANCE_AR) == 0
    assert stands(Chart.CONTRACTUAL) == 7_500
    assert desk.claim(claim).status == ClaimStatus.PAID
    assert needs("denial.missing_info") == []
    assert not Denial.objects.unscoped("the test looks").filter(settled_at__isnull=True).exists()


def test_a_claim_answered_as_a_whole_is_shared_over_its_lines(desk: Desk) -> None:
    claim = desk.sent("99213", "93000")
    first, second = desk.lines(claim)
    said = answer(
        claim.number, charge_cents=claim.charge, paid_cents=claim.charge - 4_001,
        adjustments=service(first, 0, ("CO", "45", 4_001)).adjustments,
    )  # fmt: skip
    desk.take(desk.remittance(said))

    assert stands(Chart.INSURANCE_AR) == 0
    assert (
        stands(Chart.CONTRACTUAL, claim_line_id=first.pk) + stands(Chart.CONTRACTUAL, claim_line_id=second.pk) == 4_001
    )
    assert stands(Chart.CONTRACTUAL, claim_line_id=None) == 0


def test_a_service_that_is_not_ours_stays_on_the_claim(desk: Desk) -> None:
    claim = desk.sent()
    (line,) = desk.lines(claim)
    strange = replace(service(line, line.amount, references=()), procedure=Procedure("HC", "99499"))
    desk.take(desk.remittance(answer(claim.number, strange)))

    assert stands(Chart.INSURANCE_AR, patient_id=claim.patient_id) == 0
    assert [need.category for need in needs("remittance.review")] == ["line_not_found"]


def test_a_line_is_found_without_its_control(desk: Desk) -> None:
    """The payer bundled the line under another code; SVC06 holds what was billed."""
    claim = desk.sent("99213", "93000")
    first, second = desk.lines(claim)
    changed = replace(service(first, first.amount, references=()), procedure=Procedure("HC", "99212"))
    changed = replace(changed, billed=Procedure("HC", "99213"))
    desk.take(desk.remittance(answer(claim.number, changed, service(second, second.amount, references=()))))

    rows = RemittanceLine.objects.unscoped("the test looks").order_by("number")
    assert [row.claim_line_id for row in rows] == [first.pk, second.pk]


def test_an_unclear_adjustment_asks(desk: Desk) -> None:
    claim = desk.sent()
    (line,) = desk.lines(claim)
    desk.take(desk.remittance(answer(claim.number, service(line, 10_000, ("OA", "121", 7_500)))))

    assert stands(Chart.INSURANCE_AR) == 7_500
    assert [need.category for need in needs("remittance.review")] == ["unclear"]


def test_money_beside_the_claims(desk: Desk) -> None:
    claim = desk.sent()
    (line,) = desk.lines(claim)
    said = answer(claim.number, service(line, line.amount))
    others = [plb("L6", -321), plb("CT", -150_000), plb("FB", 500), plb("CV", -127, "X")]

    desk.take(desk.remittance(said, plb=others))

    assert stands(Chart.INTEREST) == -321
    assert stands(Chart.CAPITATION) == -150_000
    assert stands(Chart.RECOUPMENT) == 500
    assert stands(Chart.UNAPPLIED) == -127
    assert stands(Chart.UNDEPOSITED) == line.amount + 321 + 150_000 - 500 + 127
    assert [need.category for need in needs("remittance.suspense")] == ["provider_adjustment"]


def test_capitated_services_are_written_off_only_with_capitation(desk: Desk) -> None:
    claim = desk.sent()
    (line,) = desk.lines(claim)
    said = answer(claim.number, service(line, 0, ("CO", "24", line.amount)))
    desk.take(desk.remittance(said, plb=[plb("CT", -150_000)]))
    assert stands(Chart.CONTRACTUAL) == line.amount
    assert desk.claim(claim).status == ClaimStatus.PAID

    other = desk.sent()
    (line,) = desk.lines(other)
    desk.take(desk.remittance(answer(other.number, service(line, 0, ("CO", "24", line.amount)))))
    assert desk.claim(other).status == ClaimStatus.DENIED
    assert len(needs("denial.eligibility")) == 1


def test_claims_that_are_not_found_wait_and_are_never_dropped(desk: Desk) -> None:
    claim = desk.sent()
    (line,) = desk.lines(claim)
    lost = answer("NOTOURS", service(line, 4_000, ("CO", "45", line.amount - 4_000)))

    (one,) = desk.take(desk.remittance(lost)).remittances

    assert (one.outcome, one.matched, one.suspended) == (Outcome.POSTED, 0, 1)
    assert stands(Chart.UNAPPLIED) == -4_000
    assert stands(Chart.CONTRACTUAL) == 0
    kept = RemittanceClaim.objects.unscoped("the test looks").get()
    assert (kept.state, kept.unmatched, kept.paid) == ("suspense", "no_claim", 4_000)
    assert [need.category for need in needs("remittance.suspense")] == ["unmatched_claim"]


def test_first_adjudication_is_marked_once(desk: Desk) -> None:
    claim = desk.sent()
    (line,) = desk.lines(claim)
    first = answer(claim.number, service(line, 0, ("CO", "16", line.amount)), status="4")
    desk.take(desk.remittance(first))
    desk.take(desk.remittance(reversed_answer(first), answer(claim.number, service(line, line.amount))))

    rows = RemittanceClaim.objects.unscoped("the test looks").filter(claim=claim).order_by("applied_at", "number")
    assert [row.first for row in rows] == [True, False, False]
    assert Claim.objects.unscoped("the test looks").get(pk=claim.pk).status == ClaimStatus.PAID
