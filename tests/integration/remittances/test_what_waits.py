"""Decisions about payments that wait: each refusal says why, and nothing moves by a decision that cannot be made."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from medguild.foundation.access.rules import Role
from medguild.foundation.documents.models import Document
from medguild.foundation.documents.selectors import content_of
from medguild.foundation.kernel.errors import Conflict, NotVisible, Refusal
from medguild.foundation.ledger.models import Posting
from medguild.foundation.ledger.rules import Chart
from medguild.foundation.work.models import UnownedNeed
from medguild.revenue.claims.services import make_claims
from medguild.revenue.remittances import denials
from medguild.revenue.remittances.importing import import_remittances
from medguild.revenue.remittances.models import Denial, Remittance, RemittanceClaim, RemittanceFile
from medguild.revenue.remittances.releasing import check_again, place_claim, place_payee, post_twin, set_aside
from medguild.revenue.remittances.rules import Outcome, RemittanceStatus, Unmatched
from medguild.x12.records.remittance import Remittance as Content
from tests.factories.patients import make_patient
from tests.factories.remittances import Desk, answer, as_file, service
from tests.factories.revenue import charged_visit
from tests.factories.world import HOUSE

pytestmark = pytest.mark.django_db
_LOOK = "the test looks"


def stands(code: str) -> int:
    rows = Posting.objects.unscoped(_LOOK).filter(ledger_account__code=code)
    return sum(rows.values_list("amount", flat=True))


def row(**wanted: Any) -> Remittance:
    found: Remittance = Remittance.objects.unscoped(_LOOK).select_related("file").get(**wanted)
    return found


def unbalanced(desk: Desk) -> bytes:
    """A payment that says one cent more than its claims."""
    made = desk.remittance(answer("LOST1", charge_cents=500, paid_cents=500))
    return as_file(replace(made, header=replace(made.header, payment_cents=501)))


def suspense(desk: Desk, **header: Any) -> RemittanceClaim:
    desk.take(desk.remittance(answer("LOST1", charge_cents=500, paid_cents=500), **header))
    held: RemittanceClaim = RemittanceClaim.objects.unscoped(_LOOK).get()
    return held


def stranger(desk: Desk, *claims: Any) -> Content:
    """A payment to a payee that we do not know."""
    made = desk.remittance(*claims)
    payee = replace(made.header.payee, id="1999999984", references=())
    return replace(made, header=replace(made.header, payee=payee))


def test_a_file_without_a_remittance_says_so_and_is_not_posted(desk: Desk) -> None:
    claim = desk.sent()
    sent = desk.claim(claim).file
    assert sent is not None
    kept = Document.objects.unscoped(_LOOK).get(pk=sent.document_id)
    found = import_remittances(content=content_of(kept), filename="claims.837", by=HOUSE)
    assert (found.readable, found.ok, found.remittances) == (True, False, ())
    assert "835" in found.problem
    assert not Remittance.objects.unscoped(_LOOK).exists()


def test_nobody_who_could_receive_it_is_a_refusal(desk: Desk) -> None:
    content = as_file(desk.remittance(answer("LOST1", charge_cents=500, paid_cents=500)))
    nobody = desk.world.actor(Role.PATIENT, patient_id=make_patient(desk.world).pk)
    with pytest.raises(Refusal) as refused:
        import_remittances(content=content, filename="era.835", by=nobody)
    assert (refused.value.code, refused.value.field) == ("no_entity", "unit")
    assert not RemittanceFile.objects.unscoped(_LOOK).exists()


def test_only_what_waits_is_set_aside(desk: Desk) -> None:
    desk.take(desk.remittance(answer("LOST1", charge_cents=500, paid_cents=500)))
    with pytest.raises(Conflict) as refused:
        set_aside(remittance=row(), reason="Not ours", by=HOUSE)
    assert refused.value.code == "not_waiting"
    assert row().status == RemittanceStatus.POSTED


def test_without_its_kept_file_nothing_is_read_again(desk: Desk) -> None:
    import_remittances(content=unbalanced(desk), filename="era.835", by=HOUSE)
    RemittanceFile.objects.unscoped(_LOOK).update(document_id=None)
    with pytest.raises(Refusal) as refused:
        check_again(remittance=row(), by=HOUSE)
    assert refused.value.code == "file_missing"
    assert row().status == RemittanceStatus.QUARANTINED
    assert stands(Chart.UNDEPOSITED) == 0


def test_a_twin_whose_file_turned_bad_is_not_posted(desk: Desk) -> None:
    """The kept bytes are the only proof of what the payer said; what cannot be read whole is not money."""
    first, second = desk.sent(), desk.sent()
    said = [answer(one.number, service(desk.lines(one)[0], 10_000, ("CO", "45", 7_500))) for one in (first, second)]
    desk.take(desk.remittance(said[0], trace_number="T1"))
    assert desk.take(desk.remittance(said[1], trace_number="T1")).remittances[0].outcome is Outcome.CONFLICT
    import_remittances(content=unbalanced(desk), filename="bad.835", by=HOUSE)
    bad = row(status="quarantined")
    twin = row(status="conflict")
    Remittance.objects.unscoped(_LOOK).filter(pk=bad.pk).update(position=9)
    Remittance.objects.unscoped(_LOOK).filter(pk=twin.pk).update(file=bad.file, position=bad.position)
    with pytest.raises(Refusal) as refused:
        post_twin(remittance=twin, reason="Both are on the bank statement", by=HOUSE)
    assert refused.value.code == "damaged"
    assert stands(Chart.UNDEPOSITED) == 10_000


def test_money_is_placed_on_a_claim_only_when_payee_and_claim_are_known_and_it_was_sent(desk: Desk) -> None:
    charged_visit(desk.world, desk.billing)
    (unsent,) = make_claims(by=HOUSE)
    held = suspense(desk)
    with pytest.raises(Refusal, match="never sent") as refused:
        place_claim(suspended=held, number=unsent.number, by=HOUSE)
    assert refused.value.field == "number"
    with pytest.raises(NotVisible):
        place_claim(suspended=RemittanceClaim(remittance_id=held.remittance_id), number=unsent.number, by=HOUSE)
    assert stands(Chart.UNAPPLIED) == -500


def test_the_payee_comes_before_the_claim(desk: Desk) -> None:
    claim = desk.sent()
    (line,) = desk.lines(claim)
    content = as_file(stranger(desk, answer(claim.number, service(line, 17_500))))
    import_remittances(content=content, filename="era.835", by=HOUSE, unit_id=desk.entity_id)
    held = RemittanceClaim.objects.unscoped(_LOOK).get()
    with pytest.raises(Refusal) as refused:
        place_claim(suspended=held, number=claim.number, by=HOUSE)
    assert refused.value.code == "unknown_payee"
    with pytest.raises(Refusal) as site:
        place_payee(remittance=row(), entity_id=desk.billing.office.site_unit.pk, by=HOUSE)
    assert site.value.field == "entity"
    assert stands(Chart.UNAPPLIED) == -17_500


def test_claims_that_the_payee_does_not_know_stay_in_its_suspense(desk: Desk) -> None:
    claim = desk.sent()
    (line,) = desk.lines(claim)
    lost = answer("LOST9", charge_cents=500, paid_cents=500)
    content = as_file(stranger(desk, answer(claim.number, service(line, 17_500)), lost))
    import_remittances(content=content, filename="era.835", by=HOUSE, unit_id=desk.entity_id)
    place_payee(remittance=row(), entity_id=desk.entity_id, by=HOUSE)
    assert (stands(Chart.UNAPPLIED), stands(Chart.INSURANCE_AR)) == (-500, 0)
    waiting = RemittanceClaim.objects.unscoped(_LOOK).get(state="suspense")
    assert (waiting.patient_control, waiting.unmatched) == ("LOST9", Unmatched.NO_CLAIM)
    needs = UnownedNeed.objects.unscoped(_LOOK).filter(work_type="remittance.suspense", settled_at__isnull=True)
    assert [need.category for need in needs] == ["unmatched_claim"]


def test_the_work_ends_with_the_last_claim_that_is_placed(desk: Desk) -> None:
    one, other = desk.sent(), desk.sent()
    lost = [
        answer(f"LOST{number}", service(desk.lines(claim)[0], 17_500)) for number, claim in enumerate((one, other), 1)
    ]
    desk.take(desk.remittance(*lost))
    needs = UnownedNeed.objects.unscoped(_LOOK).filter(work_type="remittance.suspense", settled_at__isnull=True)
    for claim, left in ((one, 1), (other, 0)):
        held = RemittanceClaim.objects.unscoped(_LOOK).filter(state="suspense").order_by("number")[0]
        place_claim(suspended=held, number=claim.number, by=HOUSE)
        assert needs.count() == left
    assert (stands(Chart.UNAPPLIED), stands(Chart.INSURANCE_AR)) == (0, 0)


def test_nothing_is_written_off_or_asked_for_once_the_payer_owes_nothing(desk: Desk) -> None:
    claim = desk.sent("93000")
    (line,) = desk.lines(claim)
    desk.take(desk.remittance(answer(claim.number, service(line, 0, ("PR", "27", line.amount)), status="4")))
    denial = Denial.objects.unscoped(_LOOK).get(claim=claim)
    for act in (denials.write_off, denials.ask_write_off):
        with pytest.raises(Refusal) as refused:
            act(denial=denial, reason="Too late", by=HOUSE)
        assert refused.value.code == "nothing_open"
    assert stands(Chart.DENIAL_WRITE_OFF) == 0
    assert not UnownedNeed.objects.unscoped(_LOOK).filter(source=denials.approval_source(denial.source)).exists()
