"""Posting whole and once: again, in other wrapping, with one key twice, damaged, killed half-way."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Conflict, NotVisible, Refusal
from medguild.foundation.ledger.models import Entry, Posting
from medguild.foundation.ledger.periods import open_books
from medguild.foundation.ledger.rules import Chart
from medguild.foundation.organization.people import BillingIdentity
from medguild.foundation.work.models import UnownedNeed
from medguild.revenue.claims.rules import ClaimStatus
from medguild.revenue.remittances import importing
from medguild.revenue.remittances.importing import import_remittances
from medguild.revenue.remittances.models import Remittance, RemittanceClaim, RemittanceFile, RemittanceLine
from medguild.revenue.remittances.releasing import check_again, place_claim, place_payee, set_aside
from medguild.revenue.remittances.rules import Outcome
from medguild.x12 import Delimiters
from medguild.x12.records.remittance import Remittance as Content
from tests.factories.remittances import ENVELOPE, Desk, answer, as_file, plb, service
from tests.factories.revenue import set_identity
from tests.factories.world import HOUSE
from tests.integration.remittances.test_posting_remittances import needs, stands

pytestmark = pytest.mark.django_db


def rows() -> Any:
    return Remittance.objects.unscoped("the test looks")


def everything() -> dict[str, int]:
    models = (Remittance, RemittanceClaim, RemittanceLine, RemittanceFile, Entry, Posting, Event, UnownedNeed)
    return {model.__name__: model.objects.unscoped("the test counts").count() for model in models}


@pytest.fixture
def payment(desk: Desk) -> Content:
    """A claim with two lines, one paid and one refused, and interest."""
    claim = desk.sent("99213", "93000")
    first, second = desk.lines(claim)
    said = answer(
        claim.number, service(first, 12_000, ("CO", "45", 5_500)), service(second, 0, ("CO", "97", second.amount))
    )
    return desk.remittance(said, plb=[plb("L6", -321)])


def only(desk: Desk, content: bytes, **given: Any) -> importing.RemittanceOutcome:
    (one,) = import_remittances(content=content, filename="era.835", by=HOUSE, **given).remittances
    return one


OTHER_WRAPPINGS = [
    replace(ENVELOPE, delimiters=Delimiters("|", ">", "!", "^")),
    replace(ENVELOPE, newline="\r\n"),
    replace(ENVELOPE, sender_id="CLEARING", created=datetime(2026, 11, 30, 9, 9), usage="T"),
]


@pytest.mark.parametrize("envelope", OTHER_WRAPPINGS, ids=["delimiters", "newlines", "sender"])
def test_the_same_payment_in_another_wrapping_changes_nothing(desk: Desk, payment: Content, envelope: Any) -> None:
    assert only(desk, as_file(payment)).outcome is Outcome.POSTED
    before = everything()

    one = only(desk, as_file(payment, envelope=envelope, start=77))

    assert one.outcome is Outcome.ALREADY_POSTED
    after = everything()
    assert {name: after[name] for name in ("Remittance", "Entry", "Posting", "UnownedNeed")} == {
        name: before[name] for name in ("Remittance", "Entry", "Posting", "UnownedNeed")
    }


def test_the_same_bytes_change_nothing_at_all(desk: Desk, payment: Content) -> None:
    content = as_file(payment)
    only(desk, content)
    before = everything()
    assert only(desk, content).outcome is Outcome.ALREADY_POSTED
    assert everything() == before


def test_claims_in_another_order_are_the_same_payment(desk: Desk) -> None:
    claim, other = desk.sent(), desk.sent()
    said = [answer(one.number, service(desk.lines(one)[0], 17_500)) for one in (claim, other)]
    made = desk.remittance(*said)
    only(desk, as_file(made))

    assert only(desk, as_file(replace(made, claims=tuple(reversed(said))))).outcome is Outcome.ALREADY_POSTED


def test_two_payments_with_one_key_go_to_a_person(desk: Desk, payment: Content) -> None:
    only(desk, as_file(payment))
    claim = payment.claims[0]
    other = replace(payment, claims=(replace(claim, payer_control="ANOTHER"),))

    one = only(desk, as_file(other))

    assert one.outcome is Outcome.CONFLICT
    assert len(needs("remittance.conflict")) == 1
    assert stands(Chart.UNDEPOSITED) == payment.header.payment_cents
    row = rows().get(pk=one.remittance_id)
    assert row.conflicts_with == rows().get(status="posted")
    assert only(desk, as_file(other)).outcome is Outcome.CONFLICT
    assert len(needs("remittance.conflict")) == 1
    with pytest.raises(Conflict):
        check_again(remittance=row, by=HOUSE)
    set_aside(remittance=row, reason="Sent by mistake", by=HOUSE)
    assert needs("remittance.conflict") == []
    assert only(desk, as_file(other)).outcome is Outcome.SET_ASIDE


def test_what_does_not_balance_posts_nothing_and_is_never_released(desk: Desk, payment: Content) -> None:
    odd = replace(payment, header=replace(payment.header, payment_cents=payment.header.payment_cents + 1))

    one = only(desk, as_file(odd))

    assert (one.outcome, one.hold, abs(one.difference)) == (Outcome.QUARANTINED, "unbalanced", 1)
    assert stands(Chart.UNDEPOSITED) == 0
    assert not RemittanceClaim.objects.unscoped("the test looks").exists()
    (need,) = needs("remittance.quarantine")
    row = rows().get()
    assert check_again(remittance=row, by=HOUSE).status == "quarantined"
    with pytest.raises(Refusal):
        set_aside(remittance=row, reason=" ", by=HOUSE)
    assert needs("remittance.quarantine") == [need]


def test_a_good_copy_replaces_the_damaged_one(desk: Desk, payment: Content) -> None:
    whole = as_file(payment)
    cut = whole.replace(b"SE*", b"SE*9", 1)
    assert only(desk, cut).outcome is Outcome.QUARANTINED
    assert rows().get().hold == "damaged"

    assert only(desk, whole).outcome is Outcome.POSTED
    assert [row.status for row in rows()] == ["posted"]
    assert needs("remittance.quarantine") == []


def test_without_books_it_waits_until_they_are_open(desk: Desk) -> None:
    second = desk.world.second.entity
    set_identity(second)
    identity = BillingIdentity.objects.unscoped("the test looks").get(entity=second)
    made = desk.remittance(answer("LOST1", charge_cents=500, paid_cents=500))
    payee = replace(made.header.payee, id=identity.group_npi, references=())
    made = replace(made, header=replace(made.header, payee=payee))

    one = only(desk, as_file(made))
    assert (one.outcome, one.hold) == (Outcome.QUARANTINED, "no_books")
    assert not RemittanceClaim.objects.unscoped("the test looks").exists()

    open_books(entity=second, start=now().date().replace(day=1), by=HOUSE)
    assert check_again(remittance=rows().get(), by=HOUSE).status == "posted"
    assert stands(Chart.UNAPPLIED, entity_id=second.pk) == -500


def test_killed_half_way_leaves_nothing(desk: Desk, payment: Content, monkeypatch: pytest.MonkeyPatch) -> None:
    other = desk.sent()
    second = desk.remittance(answer(other.number, service(desk.lines(other)[0], 17_500)))
    before = everything()
    calls = iter([importing.post_remittance, None])

    def dies(**given: Any) -> Any:
        step = next(calls)
        if step is None:
            raise KeyboardInterrupt
        return step(**given)

    monkeypatch.setattr(importing, "post_remittance", dies)
    with pytest.raises(KeyboardInterrupt):
        import_remittances(content=as_file(payment, second), filename="era.835", by=HOUSE)
    assert everything() == before
    assert desk.claim(other).status == ClaimStatus.SENT

    monkeypatch.undo()
    found = import_remittances(content=as_file(payment, second), filename="era.835", by=HOUSE)
    assert [one.outcome for one in found.remittances] == [Outcome.POSTED, Outcome.POSTED]


def test_a_payment_of_tomorrow_counts_today(desk: Desk, payment: Content) -> None:
    ahead = replace(payment, header=replace(payment.header, payment_date=now().date() + timedelta(days=3)))
    assert only(desk, as_file(ahead)).outcome is Outcome.POSTED


def test_unreadable_and_other_files(desk: Desk) -> None:
    found = import_remittances(content=b"%PDF-1.7 no", filename="a.pdf", by=HOUSE)
    assert (found.readable, found.ok) == (False, False)
    assert not RemittanceFile.objects.unscoped("the test looks").exists()


def test_an_unknown_payee_waits_and_is_placed(desk: Desk, payment: Content) -> None:
    payee = replace(payment.header.payee, id="1999999984", references=())
    stranger = replace(payment, header=replace(payment.header, payee=payee))

    one = only(desk, as_file(stranger), unit_id=desk.entity_id)

    assert (one.outcome, one.payee_known, one.suspended) == (Outcome.POSTED, False, 1)
    assert stands(Chart.UNAPPLIED) == -payment.header.payment_cents
    assert stands(Chart.INTEREST) == 0
    assert [need.category for need in needs("remittance.suspense")] == ["unknown_payee"]

    row = place_payee(remittance=rows().get(), entity_id=desk.entity_id, by=HOUSE)
    assert row.payee_known
    assert stands(Chart.UNAPPLIED) == 0
    assert stands(Chart.INTEREST) == -321
    assert stands(Chart.CONTRACTUAL) == 5_500
    assert needs("remittance.suspense") == []
    assert len(needs("denial.bundling")) == 1
    assert RemittanceClaim.objects.unscoped("the test looks").get().first
    with pytest.raises(Conflict):
        place_payee(remittance=row, entity_id=desk.entity_id, by=HOUSE)


def test_a_lost_claim_is_placed_once(desk: Desk) -> None:
    claim = desk.sent()
    (line,) = desk.lines(claim)
    lost = answer("LOST1", service(line, 12_000, ("CO", "45", 5_500)))
    only(desk, as_file(desk.remittance(lost)))
    held = RemittanceClaim.objects.unscoped("the test looks").get()

    with pytest.raises(Refusal):
        place_claim(suspended=held, number="NOPE", by=HOUSE)
    place_claim(suspended=held, number=claim.number, by=HOUSE)

    assert stands(Chart.UNAPPLIED) == stands(Chart.INSURANCE_AR) == 0
    assert desk.claim(claim).status == ClaimStatus.PAID
    assert needs("remittance.suspense") == []
    with pytest.raises(Conflict):
        place_claim(suspended=held, number=claim.number, by=HOUSE)


def test_nobody_posts_for_another_member(desk: Desk, payment: Content) -> None:
    open_books(entity=desk.world.member_a.entity, start=now().date().replace(day=1), by=HOUSE)
    stranger = desk.world.actor(Role.PAYMENT_POSTER, desk.world.member_a.entity)

    (one,) = import_remittances(content=as_file(payment), filename="era.835", by=stranger).remittances

    assert (one.outcome, one.remittance_id) == (Outcome.REFUSED, None)
    assert not rows().exists()
    only(desk, as_file(payment))
    with pytest.raises(NotVisible):
        set_aside(remittance=rows().get(), reason="mine", by=stranger)


def test_a_reader_may_not_import(desk: Desk, payment: Content) -> None:
    reader = desk.world.actor(Role.AUDITOR)
    with pytest.raises(Refusal):
        import_remittances(content=as_file(payment), filename="era.835", by=reader, unit_id=desk.entity_id)


def test_several_payments_in_one_file(desk: Desk, payment: Content) -> None:
    """A bad one does not hold up the good one beside it."""
    other = desk.sent()
    good = desk.remittance(answer(other.number, service(desk.lines(other)[0], 17_500)))
    odd = replace(payment, header=replace(payment.header, payment_cents=1))

    found = import_remittances(content=as_file(odd, good), filename="era.835", by=HOUSE)

    assert [one.outcome for one in found.remittances] == [Outcome.QUARANTINED, Outcome.POSTED]
    assert not found.ok
