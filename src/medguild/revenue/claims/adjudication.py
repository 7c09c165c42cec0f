"""What remittances need of claims: finding and locking those that a payer answers, and setting what it decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from medguild.foundation.events.events import Happening, SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record_many
from medguild.foundation.kernel.actor import Actor
from medguild.revenue.claims.models import Claim, ClaimLine
from medguild.revenue.claims.rules import ADJUDICATED, ClaimStatus

DECIDED = declare_event("claim.adjudicated", _("Payer decided"), icon="gavel")
ANSWERABLE = ADJUDICATED | {ClaimStatus.SENT}

_MOVE = """
update revenue_claim claim
   set status = said.status, payer_control = said.control, adjudicated_at = said.decided, revision = revision + 1
  from unnest(%(ids)s::uuid[], %(statuses)s::text[], %(controls)s::text[], %(times)s::timestamptz[])
       as said (id, status, control, decided)
 where claim.id = said.id"""
_MATCHING = "a remittance is matched whoever imports it; the caller is told of its own entity's money only"


def lock_claims(numbers: Collection[str]) -> dict[str, Claim]:
    """Claims by number (CLP01), locked in order of their ids so that two remittances never wait for each other."""
    rows = Claim.objects.unscoped(_MATCHING).filter(number__in={number.strip().upper() for number in numbers})
    rows = rows.select_related("coverage__plan", "payer").select_for_update(of=("self",)).order_by("pk")
    return {claim.number: claim for claim in rows}


def lines_by_claim(claim_ids: Collection[UUID]) -> dict[UUID, list[ClaimLine]]:
    """Lines of many claims in one query, in order."""
    found: dict[UUID, list[ClaimLine]] = {claim_id: [] for claim_id in claim_ids}
    rows = ClaimLine.objects.unscoped(_MATCHING).filter(claim_id__in=list(claim_ids)).order_by("claim_id", "number")
    for line in rows:
        found[line.claim_id].append(line)
    return found


def choose_line(
    lines: Sequence[ClaimLine], *, control: str, procedures: Iterable[tuple[str, Sequence[str]]], charge: int
) -> ClaimLine | None:
    """The line that a payment is for: by REF*6R, else by code and modifiers, else by code and charge (cents).

    `procedures` are the code as paid and, where the payer changed it, as billed (SVC06).
    """
    codes = [(code, sorted(modifiers)) for code, modifiers in procedures if code]
    by_control = [line for line in lines if control and line.control == control]
    by_modifiers = [line for line in lines if (line.code, sorted(line.modifiers)) in codes]
    by_charge = [line for line in lines if line.code in {code for code, _ in codes} and line.amount == abs(charge)]
    for candidates in (by_control, by_modifiers, by_charge):
        if len(candidates) == 1:
            return candidates[0]
    return None


@dataclass(frozen=True, slots=True)
class Decision:
    """What stands of a claim now: its status, the payer's number of it, and what the event tells."""

    claim: Claim
    status: ClaimStatus
    payer_control: str
    data: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def set_decisions(*, decisions: Sequence[Decision], by: Actor, at: dt.datetime) -> None:
    """Move claims to what the payer decided, in one statement; the claims are locked by the caller."""
    for one in decisions:
        claim = one.claim
        claim.status = one.status
        claim.payer_control = one.payer_control or claim.payer_control
        claim.adjudicated_at = at if one.status in ADJUDICATED else None
        claim.revision += 1
    moved = [one.claim for one in decisions]
    with connection.cursor() as cursor:
        cursor.execute(
            _MOVE,
            {
                "ids": [claim.pk for claim in moved],
                "statuses": [str(claim.status) for claim in moved],
                "controls": [claim.payer_control for claim in moved],
                "times": [claim.adjudicated_at for claim in moved],
            },
        )
    record_many(
        DECIDED,
        [
            Happening(
                SubjectRef("claim", one.claim.pk, one.claim.number), one.claim.patient_id, one.claim.site_id,
                {"status": one.status, "account_id": one.claim.account_id, "payer_id": one.claim.payer_id, **one.data},
            )
            for one in decisions
        ],
        by=by,
        occurred_at=at,
    )  # fmt: skip
