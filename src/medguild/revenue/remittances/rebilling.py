"""A claim that went to the wrong payer goes to the right one: under another coverage of the patient.

With the same payer (a wrong member number) the claim is replaced (frequency 7). With another payer nothing was owed by
the first one: what stands open moves in the books to the other, and its charges go on an original claim of their own.
Where the first payer paid anything, its claim is called back first (frequency 8).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.access.demand import demand
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import day_of, now
from medguild.foundation.kernel.errors import Conflict, NotVisible, Refusal
from medguild.foundation.ledger.ports import TRANSFER
from medguild.foundation.ledger.rules import Chart, credit, debit
from medguild.foundation.ledger.rules import Line as Posted
from medguild.foundation.ledger.services import post
from medguild.patients.coverage.models import Coverage
from medguild.patients.coverage.rules import Line
from medguild.patients.coverage.selectors import coverages_on
from medguild.patients.identity.selectors import alias_ids
from medguild.payers.payers.rules import PayerKind
from medguild.revenue.charges.models import Charge
from medguild.revenue.charges.rules import ChargeStatus
from medguild.revenue.claims.correcting import replace_claim
from medguild.revenue.claims.models import Claim, ClaimLine
from medguild.revenue.claims.rules import ClaimStatus, Frequency
from medguild.revenue.claims.selectors import replacement_of
from medguild.revenue.claims.services import lock_claim, make_claims
from medguild.revenue.receipts.recording import lock_account
from medguild.revenue.receipts.standing import standings
from medguild.revenue.remittances.denials import settle_replaced
from medguild.revenue.remittances.models import Denial
from medguild.revenue.remittances.permissions import RemittancesRight
from medguild.revenue.remittances.work import HANDLED_AT_THE_DESK, answered_by

OTHER_COVER = declare_event("claim.other_cover", gettext_lazy("Claim goes to another payer"), icon="switch-horizontal")
_OWN = "the claim was found in the scope of the actor"


def covers_for(claim: Claim) -> list[Coverage]:
    """Coverages of the patient, other than the claim's, that held on its first and last day; health first, by rank."""
    ids = alias_ids(claim.patient_id)
    last = {one.pk for line in Line for one in coverages_on(ids, claim.service_to, line=line)}
    found = [one for line in Line for one in coverages_on(ids, claim.service_from, line=line)]
    return [
        one for one in found if one.pk in last and one.pk != claim.coverage_id and one.payer.kind != PayerKind.SELF_PAY
    ]


def why_not(claim: Claim) -> Refusal | None:
    """What stands against billing another coverage, whichever it is."""
    if claim.status != ClaimStatus.DENIED:
        return Refusal(
            _("The payer paid a part of this claim. Call the claim back first, and send the void."), code="paid_in_part"
        )
    if claim.frequency == Frequency.VOID:
        return Refusal(_("A void is not billed."), code="void")
    if replacement_of(claim.pk) is not None:
        return Conflict(_("Another claim stands in its place already."), code="replaced_already")
    return None


@transaction.atomic
def bill_other_cover(*, denial: Denial, coverage: Coverage, by: Actor, at: dt.datetime | None = None) -> Claim | None:
    """Bill what was denied under another coverage. Returns the new claim; None when no claim could be made yet, because
    the entity has no billing identity for that payer (work says so, the charges wait).

    For billers, and for the desk where the denial is the desk's to answer. Raises Refusal (`paid_in_part`,
    `cover_not_valid`, `no_control`), Conflict (`replaced_already`, `settled_already`), NotVisible, NotAllowed.
    """
    moment = at or now()
    claim = lock_claim(_may_rebill(denial, by))
    lock_account(claim.account_id)
    if Denial.objects.unscoped(_OWN).filter(pk=denial.pk, settled_at__isnull=True).first() is None:
        raise Conflict(_("This denial was settled already."), code="settled_already")
    refused = why_not(claim)
    if refused is not None:
        raise refused
    if coverage.pk not in {one.pk for one in covers_for(claim)}:
        raise Refusal(
            _("This cover did not hold on the day of service."), code="cover_not_valid", field="coverage"
        )  # fmt: skip
    same_payer = coverage.payer_id == claim.payer_id
    fresh = (
        replace_claim(claim=claim, coverage=coverage, by=by, at=moment)
        if same_payer
        else _to_other_payer(claim, coverage, by=by, at=moment)
    )
    record(
        OTHER_COVER, subject=SubjectRef("claim", claim.pk, claim.number), by=by, patient_id=claim.patient_id,
        unit_id=claim.site_id, occurred_at=moment,
        data={
            "from_payer_id": claim.payer_id, "payer_id": coverage.payer_id, "coverage_id": coverage.pk,
            "by_claim": fresh.pk if fresh else None,
        },
    )  # fmt: skip
    return fresh


def _may_rebill(denial: Denial, by: Actor) -> Claim:
    """Billers at the entity; at the site those whose work this kind of denial is. Raises NotVisible, NotAllowed."""
    seen = Denial.objects.unscoped("asked for the claim's own place").select_related("claim").filter(pk=denial.pk)
    held = seen.first()
    if held is None:
        raise NotVisible
    claim = held.claim
    if held.category in HANDLED_AT_THE_DESK & answered_by(by.roles):
        demand(by, RemittancesRight.DESK, claim.site_id)
    else:
        demand(by, RemittancesRight.POST, claim.entity_id)
    return claim


def _to_other_payer(claim: Claim, coverage: Coverage, *, by: Actor, at: dt.datetime) -> Claim | None:
    lines = list(ClaimLine.objects.unscoped(_OWN).filter(claim=claim, live=True).order_by("number"))
    if not lines:
        raise Conflict(_("The charges of this claim are free already."), code="freed_already")
    charge_ids = [line.charge_id for line in lines]
    ClaimLine.objects.unscoped(_OWN).filter(pk__in=[line.pk for line in lines]).update(live=False)
    charges = Charge.objects.unscoped(_OWN).filter(pk__in=charge_ids)
    charges.update(coverage=coverage, status=ChargeStatus.READY)
    _move_debt(claim, coverage, lines, by=by, at=at)
    settle_replaced(claim=claim, by=by, at=at)
    made = make_claims(by=by, charge_ids=charge_ids, at=at)
    return made[0] if made else None


def _move_debt(claim: Claim, coverage: Coverage, lines: Sequence[ClaimLine], *, by: Actor, at: dt.datetime) -> None:
    """What still stands open of these services is owed by the other payer from now on."""
    pending = {one.charge.pk: one.pending for one in standings(claim.account_id) if one.charge is not None}
    moved = [posting for line in lines for posting in _moved(claim, coverage.payer_id, line, pending)]
    if moved:
        post(
            entry_type=TRANSFER, lines=moved, occurred_on=day_of(at), source_key=f"other_cover:{claim.pk}", by=by,
            description=f"Claim {claim.number} goes to another payer", source_type="claim", source_id=claim.pk, at=at,
        )  # fmt: skip


def _moved(claim: Claim, payer_id: UUID, line: ClaimLine, pending: dict[UUID, int]) -> list[Posted]:
    cents = pending.get(line.charge_id, 0)
    if cents <= 0:
        return []
    dimensions = {
        "site_id": claim.site_id, "clinician_id": claim.rendering_id, "patient_id": claim.patient_id,
        "account_id": claim.account_id, "claim_line_id": line.pk, "service_date": line.service_date,
    }  # fmt: skip
    return [
        debit(claim.entity_id, Chart.INSURANCE_AR, cents, payer_id=payer_id, **dimensions),
        credit(claim.entity_id, Chart.INSURANCE_AR, cents, payer_id=claim.payer_id, **dimensions),
    ]
