"""Work that follows from what payers said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.money import dollars
from medguild.foundation.work.rules import Priority
from medguild.foundation.work.services import need_item, settle
from medguild.revenue.remittances import work
from medguild.revenue.remittances.applying import Applied
from medguild.revenue.remittances.models import Denial, Remittance, RemittanceClaim
from medguild.revenue.remittances.posting_rules import Adjusted, Effect
from medguild.revenue.remittances.rules import DenialOutcome
from medguild.revenue.remittances.work import BILL_SECONDARY, CONFLICT, QUARANTINE, REVIEW, SUSPENSE

_URGENT_FROM = 100_000  # cents


def follow_up(row: Remittance, found: Sequence[tuple[RemittanceClaim, Applied]], *, by: Actor, at: dt.datetime) -> None:
    """Close denials that the payer has overtaken, open those it makes, and ask about what no rule can place."""
    _overtake(row, found, by=by, at=at)
    for held, one in found:
        for category, refused in one.refused_by_category.items():
            _deny(held, one, category, refused, by=by, at=at)
        _review(held, one, by=by, at=at)
        if one.needs_next_payer:
            _on_claim(BILL_SECONDARY, one, f"bill_secondary:{one.claim.pk}:{one.next_payer_id}", by=by, at=at)


def _deny(
    held: RemittanceClaim, one: Applied, category: str, refused: Sequence[Adjusted], *, by: Actor, at: dt.datetime
) -> None:
    amount = sum(each.amount for each in refused)
    codes = ", ".join(dict.fromkeys(f"{each.group}-{each.reason}" for each in refused))
    need_item(
        work_type=work.denial_type(category), unit_id=one.claim.site_id, by=by,
        subject=SubjectRef("claim", one.claim.pk, one.claim.number), patient_id=one.claim.patient_id,
        summary=f"{codes}: {dollars(amount)}", source=f"denial:{held.pk}:{category}", at=at,
        priority=Priority.HIGH if amount >= _URGENT_FROM else Priority.NORMAL,
    )  # fmt: skip


def _overtake(row: Remittance, found: Sequence[tuple[RemittanceClaim, Applied]], *, by: Actor, at: dt.datetime) -> None:
    """A new decision of the same payer settles its earlier denials; what is still refused opens anew."""
    claims = {one.claim.pk for _held, one in found}
    earlier = Denial.objects.unscoped("the payer decided anew").filter(claim_id__in=claims, settled_at__isnull=True)
    earlier = earlier.filter(remittance_claim__remittance__payer=row.payer)
    latest: dict[UUID, UUID] = {one.claim.pk: held.pk for held, one in found}
    rows = [one for one in earlier if latest[one.claim_id] != one.remittance_claim_id]
    for source in sorted({one.source for one in rows}):
        settle(source=source, outcome=DenialOutcome.DECIDED_ANEW, by=by, at=at)
    Denial.objects.unscoped("the payer decided anew").filter(pk__in=[one.pk for one in rows]).update(
        settled_at=at, outcome=DenialOutcome.DECIDED_ANEW
    )


def _review(held: RemittanceClaim, one: Applied, *, by: Actor, at: dt.datetime) -> None:
    asks = {
        "protected": bool(one.moved(Effect.PROTECTED)),
        "unclear": any(each.effect is Effect.UNCLEAR for line in one.lines for each in line.payment.adjustments),
        "line_not_found": any(line.is_lost for line in one.lines),
    }
    for category, needed in asks.items():
        if needed:
            _on_claim(REVIEW, one, f"review:{held.pk}:{category}", category=category, by=by, at=at)


def _on_claim(work_type: str, one: Applied, source: str, *, by: Actor, at: dt.datetime, category: str = "") -> None:
    need_item(
        work_type=work_type, unit_id=one.claim.site_id, by=by,
        subject=SubjectRef("claim", one.claim.pk, one.claim.number), patient_id=one.claim.patient_id,
        category=category, source=source, at=at,
    )  # fmt: skip


def _on_remittance(
    work_type: str, row: Remittance, source: str, *, by: Actor, at: dt.datetime, category: str = "", summary: str = ""
) -> None:
    need_item(
        work_type=work_type, unit_id=row.entity_id, by=by, subject=SubjectRef("remittance", row.pk, row.label()),
        category=category, summary=summary, source=source, at=at,
    )  # fmt: skip


def suspense_work(row: Remittance, *, unmatched: int, others: int, by: Actor, at: dt.datetime) -> None:
    """One item per remittance and kind; the suspense page lists the single claims."""
    if not row.payee_known:
        _on_remittance(SUSPENSE, row, suspense_source(row, "unknown_payee"), category="unknown_payee", by=by, at=at)
    elif unmatched:
        _on_remittance(SUSPENSE, row, suspense_source(row, "unmatched_claim"), category="unmatched_claim", by=by, at=at)
    if others:
        source = suspense_source(row, "provider_adjustment")
        _on_remittance(SUSPENSE, row, source, category="provider_adjustment", by=by, at=at)


def suspense_source(row: Remittance, category: str) -> str:
    return f"suspense:{row.pk}:{category}"


def quarantine_work(row: Remittance, *, by: Actor, at: dt.datetime) -> None:
    summary = f"{row.trace_number or row.control}: {row.hold}"
    _on_remittance(QUARANTINE, row, waiting_source(row), summary=summary, by=by, at=at)


def conflict_work(row: Remittance, *, by: Actor, at: dt.datetime) -> None:
    _on_remittance(CONFLICT, row, waiting_source(row), summary=row.trace_number, by=by, at=at)


def settle_waiting(row: Remittance, outcome: str, *, by: Actor, at: dt.datetime) -> None:
    settle(source=waiting_source(row), outcome=outcome, by=by, at=at)


def waiting_source(row: Remittance) -> str:
    return f"remittance.waiting:{row.pk}"
