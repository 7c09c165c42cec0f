"""Each constraint of charges and claims, violated once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.ids import new_id
from medguild.revenue.charges.models import Charge
from medguild.revenue.claims.export import export_claims
from medguild.revenue.claims.models import Claim, ClaimFile, ClaimFinding, ClaimLine, ControlSequence
from medguild.revenue.claims.services import make_claims
from tests.factories.revenue import charged_visit, make_billing, ready_claim
from tests.factories.world import HOUSE, World

_TEST = "the test breaks it"


def refused(name: str, act: Callable[[], Any]) -> None:
    """The database refuses the act and names the constraint."""
    with pytest.raises(IntegrityError, match=name):
        _in_one_go(act)


@transaction.atomic
def _in_one_go(act: Callable[[], Any]) -> None:
    """Constraints that wait for the commit are asked at once."""
    act()
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")


CHARGE = [
    ("charge_status_known", {"status": "lost"}),
    ("charge_hold_reason_known", {"status": "held", "hold_reason": "mood"}),
    ("charge_held_has_reason", {"status": "held", "hold_reason": ""}),
    ("charge_amount_is_price_times_units", {"amount": 1}),
    ("charge_ready_is_whole", {"account_id": None}),
    ("charge_units_positive", {"units": 0, "amount": 0}),
    ("charge_code_form", {"code": "9921"}),
]


@pytest.mark.parametrize(("name", "change"), CHARGE, ids=[name for name, _ in CHARGE])
def test_charges(world: World, name: str, change: dict[str, Any]) -> None:
    _, (charge,) = charged_visit(world, make_billing(world))
    refused(name, lambda: Charge.objects.unscoped(_TEST).filter(pk=charge.pk).update(**change))


CLAIM = [
    ("claim_number_form", {"number": "with space"}),
    ("claim_status_known", {"status": "lost", "sent": {"as": "sent"}, "sent_at": now()}),
    ("claim_frequency_known", {"frequency": "3"}),
    ("claim_dates_in_order", {"service_to": dt.date(2000, 1, 1)}),
    ("claim_charge_not_negative", {"charge": -1}),
    ("claim_sent_is_whole", {"status": "sent"}),
    ("claim_replacement_names_its_claim", {"frequency": "7"}),
]


@pytest.mark.parametrize(("name", "change"), CLAIM, ids=[name for name, _ in CLAIM])
def test_claims(world: World, name: str, change: dict[str, Any]) -> None:
    claim = ready_claim(world, make_billing(world))
    refused(name, lambda: Claim.objects.unscoped(_TEST).filter(pk=claim.pk).update(**change))


LINE = [
    ("claim_line_number_range", {"number": 51}),
    ("claim_line_amount_not_negative", {"amount": -1}),
]


@pytest.mark.parametrize(("name", "change"), LINE, ids=[name for name, _ in LINE])
def test_claim_lines(world: World, name: str, change: dict[str, Any]) -> None:
    claim = ready_claim(world, make_billing(world))
    refused(name, lambda: ClaimLine.objects.unscoped(_TEST).filter(claim=claim).update(**change))


def test_numbers_are_given_once(world: World) -> None:
    billing = make_billing(world)
    first = ready_claim(world, billing)
    second = ready_claim(world, billing)
    lines = ClaimLine.objects.unscoped(_TEST)
    line, other = lines.get(claim=first), lines.get(claim=second)
    claims = Claim.objects.unscoped(_TEST)
    refused("claim_number_once", lambda: claims.filter(pk=second.pk).update(number=first.number))
    refused("claim_line_control_once", lambda: lines.filter(pk=other.pk).update(control=line.control))
    refused("claim_line_number_once", lambda: lines.filter(pk=other.pk).update(claim=first))
    refused("claim_line_charge_on_one_claim", lambda: lines.filter(pk=other.pk).update(charge=line.charge_id))


def test_findings_name_their_rule_and_weight(world: World) -> None:
    claim = ready_claim(world, make_billing(world))
    made = ClaimFinding.objects.create
    refused("claim_finding_severity_known", lambda: made(claim=claim, rule="x", severity="grave"))
    refused("claim_finding_has_rule", lambda: made(claim=claim, rule="", severity="error"))


def test_control_numbers_have_nine_digits_and_one_row_per_kind(db: None) -> None:
    ControlSequence.objects.create(kind="group", last=7)
    refused("control_sequence_once", lambda: ControlSequence.objects.create(kind="group"))
    refused("control_sequence_nine_digits", lambda: ControlSequence.objects.create(kind="other", last=1_000_000_000))


def test_a_file_is_kept_once_and_holds_claims(world: World) -> None:
    ready_claim(world, make_billing(world))
    (exported,) = export_claims(by=HOUSE)
    file = exported.file

    def copy(**change: Any) -> ClaimFile:
        values: dict[str, Any] = {
            "id": new_id(), "entity_id": file.entity_id, "document_id": file.document_id, "filename": "x.837",
            "digest": "other", "interchange_control": 999, "claim_count": 1, "charge": 1, "written_at": now(),
        }  # fmt: skip
        return ClaimFile.objects.create(**(values | change))

    refused("claim_file_control_once", lambda: copy(interchange_control=file.interchange_control))
    refused("claim_file_digest_once", lambda: copy(digest=file.digest))
    refused("claim_file_has_claims", lambda: copy(claim_count=0))
    assert make_claims(by=HOUSE) == []
