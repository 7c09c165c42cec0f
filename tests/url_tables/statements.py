"""Balances and statements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.clock import now
from medguild.foundation.ledger.ports import ADJUSTMENT
from medguild.foundation.ledger.rules import Chart, credit, debit
from medguild.foundation.ledger.services import post
from medguild.revenue.claims.models import ClaimLine
from tests.factories.world import HOUSE, World
from tests.url_tables import Row
from tests.url_tables.receipts import account_of
from tests.url_tables.revenue import _claim


def _owing(world: World) -> Mapping[str, Any]:
    """The account with a balance that no charge explains."""
    account = account_of(world)
    at = {"account_id": account.pk, "patient_id": account.guarantor_patient_id}
    post(
        entry_type=ADJUSTMENT, occurred_on=now().date(), source_key=f"table:{account.pk}", by=HOUSE,
        lines=[
            debit(account.entity_id, Chart.PATIENT_AR, 9_000, **at),
            credit(account.entity_id, Chart.OPENING, 9_000),
        ],
    )  # fmt: skip
    return {"account_id": account.pk}


def _number(world: World) -> str:
    _owing(world)
    return str(account_of(world).number)


def _service(world: World) -> Mapping[str, Any]:
    line = ClaimLine.objects.unscoped("a row of the table").select_related("charge").get(claim=_claim(world))
    return {"account_id": line.charge.account_id, "charge_id": line.charge_id}


BILLER = Role.BILLER
URLS = {
    "statements:list": Row(BILLER, wrong=Role.CLINICIAN, other="own", shows=_number),
    "statements:account": Row(BILLER, wrong=Role.CLINICIAN, kwargs=_owing),
    "statements:brought_forward": Row(BILLER, wrong=Role.CLINICIAN, kwargs=_owing),
    "statements:service": Row(BILLER, wrong=Role.CLINICIAN, kwargs=_service),
    "statements:make": Row(BILLER, wrong=Role.FRONT_DESK, kwargs=_owing, method="post"),
}
