"""Every constraint of this room, broken once past the services."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from medguild.foundation.kernel.clock import now
from medguild.revenue.remittances.models import (
    Denial,
    ProviderAdjustment,
    Remittance,
    RemittanceClaim,
    RemittanceFile,
    RemittanceLine,
)
from tests.factories.remittances import Desk, answer, plb, service

pytestmark = pytest.mark.django_db
_WHY = "the test breaks it"


@pytest.fixture
def posted(desk: Desk) -> Remittance:
    """A posted payment with a refused and a lost claim and money beside them."""
    claim = desk.sent()
    (line,) = desk.lines(claim)
    said = answer(claim.number, service(line, 0, ("CO", "50", line.amount)))
    lost = answer("LOST1", service(line, 4_000, ("CO", "45", line.amount - 4_000)))
    desk.take(desk.remittance(said, lost, plb=[plb("L6", -5)]))
    return Remittance.objects.unscoped(_WHY).select_related("file").get()


def waiting(posted: Remittance, **given: Any) -> Remittance:
    """A remittance in quarantine beside the posted one."""
    values: dict[str, Any] = {
        "file": posted.file, "position": 900, "entity_id": posted.entity_id, "status": "quarantined",
        "hold": "damaged", "received_at": now(), "trace_number": "T1",
    }  # fmt: skip
    return Remittance.objects.create(**(values | given))


def breaks(name: str, act: Callable[[], object]) -> None:
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        act()
    assert caught.value.__cause__.diag.constraint_name == name  # type: ignore[union-attr]


def key_of(row: Remittance) -> dict[str, Any]:
    names = ("payer_identifier", "payee_identifier", "trace_number", "payment_date", "amount")
    return {name: getattr(row, name) for name in names}


REMITTANCE_CASES: list[tuple[str, dict[str, Any]]] = [
    ("remittance_status_known", {"status": "odd"}),
    ("remittance_hold_known", {"hold": "odd"}),
    ("remittance_waiting_has_reason", {"hold": ""}),
    ("remittance_conflict_names_other", {"status": "conflict", "hold": "same_key"}),
    ("remittance_set_aside_has_note", {"status": "set_aside", "note": ""}),
    ("remittance_posted_has_time", {"status": "posted", "hold": ""}),
    ("remittance_posted_has_time", {"posted_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}),
    ("remittance_posted_balances", {"status": "posted", "posted_at": now(), "amount": 5, "claim_total": 4}),
    ("remittance_posted_balances", {"status": "posted", "posted_at": now(), "difference": 1}),
    ("remittance_twin_was_decided", {"twin_number": 2}),
]


@pytest.mark.parametrize(("name", "given"), REMITTANCE_CASES)
def test_a_remittance_is_whole(posted: Remittance, name: str, given: dict[str, Any]) -> None:
    breaks(name, lambda: waiting(posted, **given))


def test_one_posted_payment_per_key(posted: Remittance) -> None:
    given = key_of(posted) | {
        "status": "posted", "hold": "", "posted_at": now(), "digest": "x", "claim_total": posted.amount,
    }  # fmt: skip
    breaks("remittance_posted_once", lambda: waiting(posted, **given))


def test_one_row_per_content(posted: Remittance) -> None:
    breaks("remittance_content_once", lambda: waiting(posted, **key_of(posted), digest=posted.digest))


def test_one_row_per_place_in_a_file(posted: Remittance) -> None:
    breaks("remittance_place_in_file_once", lambda: waiting(posted, position=posted.position))


def test_a_posted_remittance_is_final(posted: Remittance) -> None:
    rows = Remittance.objects.unscoped(_WHY).filter(pk=posted.pk)
    breaks("remittance_posted_is_final", lambda: rows.update(amount=1, claim_total=1))
    breaks("remittance_posted_is_final", lambda: rows.update(status="quarantined", hold="damaged", posted_at=None))
    breaks("remittance_posted_is_final", lambda: rows.update(entity_id=posted.file_id))
    spare = waiting(posted)
    Remittance.objects.unscoped(_WHY).filter(pk=spare.pk).delete()  # what waits may go
    breaks("remittance_posted_is_final", lambda: rows._raw_delete(rows.db))


FILES: list[tuple[str, dict[str, Any]]] = [
    ("remittance_file_once", {}),
    ("remittance_file_hash_form", {"sha256": "ABC"}),
]


@pytest.mark.parametrize(("name", "given"), FILES)
def test_files(posted: Remittance, name: str, given: dict[str, Any]) -> None:
    file = posted.file
    values = {
        "entity_id": file.entity_id, "sha256": file.sha256, "filename": "x", "size": 1, "received_at": now(),
    }  # fmt: skip
    breaks(name, lambda: RemittanceFile.objects.create(**(values | given)))


CLAIMS: list[tuple[str, dict[str, Any]]] = [
    ("remittance_claim_applied_has_claim", {"state": "odd"}),
    ("remittance_claim_unmatched_known", {"unmatched": "odd"}),
    ("remittance_claim_applied_has_claim", {"state": "applied"}),
    ("remittance_claim_applied_has_claim", {"unmatched": ""}),
    ("remittance_claim_number_once", {"number": 1}),
]


@pytest.mark.parametrize(("name", "given"), CLAIMS)
def test_claims(posted: Remittance, name: str, given: dict[str, Any]) -> None:
    values: dict[str, Any] = {
        "remittance": posted, "number": 77, "state": "suspense", "unmatched": "no_claim", "patient_control": "X",
        "claim_status": "1", "charge": 1, "paid": 1, "adjudicated_on": dt.date(2026, 1, 1),
    }  # fmt: skip
    breaks(name, lambda: RemittanceClaim.objects.create(**(values | given)))


def test_a_claim_is_answered_for_the_first_time_once(posted: Remittance) -> None:
    first = RemittanceClaim.objects.unscoped(_WHY).get(first=True)
    values: dict[str, Any] = {
        "remittance": posted, "number": 78, "state": "applied", "claim_id": first.claim_id, "applied_at": now(),
        "patient_control": "X", "claim_status": "1", "charge": 1, "paid": 1, "adjudicated_on": dt.date(2026, 1, 1),
    }  # fmt: skip
    breaks("remittance_claim_first_once", lambda: RemittanceClaim.objects.create(**values, first=True))


@pytest.mark.parametrize(
    ("name", "given"), [("remittance_line_balances", {"adjusted": 1}), ("remittance_line_number_once", {"number": 1})]
)
def test_lines(posted: Remittance, name: str, given: dict[str, Any]) -> None:
    claim = RemittanceClaim.objects.unscoped(_WHY).get(first=True)
    values: dict[str, Any] = {"remittance_claim": claim, "number": 50, "charge": 5, "paid": 5, "adjusted": 0}
    breaks(name, lambda: RemittanceLine.objects.create(**(values | given)))


@pytest.mark.parametrize(
    ("name", "given"),
    [("provider_adjustment_has_account", {"account_code": ""}), ("provider_adjustment_number_once", {"number": 1})],
)
def test_money_beside_the_claims(posted: Remittance, name: str, given: dict[str, Any]) -> None:
    values: dict[str, Any] = {"remittance": posted, "number": 9, "reason": "L6", "amount": 1, "account_code": "4210"}
    breaks(name, lambda: ProviderAdjustment.objects.create(**(values | given)))


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("denial_amount_positive", {"amount": 0}),
        ("denial_has_category", {"category": ""}),
        ("denial_outcome_known", {"outcome": "odd", "settled_at": now()}),
        ("denial_outcome_has_time", {"outcome": "closed"}),
        ("denial_once_per_line", {"group": "CO", "reason": "50"}),
    ],
)
def test_denials(posted: Remittance, name: str, given: dict[str, Any]) -> None:
    held = Denial.objects.unscoped(_WHY).get()
    values: dict[str, Any] = {
        "remittance_claim_id": held.remittance_claim_id, "line_id": held.line_id, "claim_id": held.claim_id,
        "group": "OA", "reason": "18", "category": "duplicate", "amount": 1, "source": "x",
    }  # fmt: skip
    breaks(name, lambda: Denial.objects.create(**(values | given)))
