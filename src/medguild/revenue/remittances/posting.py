"""Posting one remittance whole: its entry in the books, the rows that tell where each amount went, events, work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.kernel.sql import copy_in
from medguild.foundation.ledger.models import Entry
from medguild.foundation.ledger.ports import REMITTANCE
from medguild.foundation.ledger.rules import Chart, Line
from medguild.foundation.ledger.services import post, post_between
from medguild.revenue.claims.adjudication import Decision, set_decisions
from medguild.revenue.claims.rules import ClaimStatus, adjudicated_status
from medguild.revenue.remittances.applying import Applied, apply, why_unmatched
from medguild.revenue.remittances.context import Known, known_for
from medguild.revenue.remittances.facts import ClaimSaid, said_of
from medguild.revenue.remittances.follow_up import follow_up, suspense_work
from medguild.revenue.remittances.models import (
    Denial,
    ProviderAdjustment,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
)
from medguild.revenue.remittances.posting_rules import (
    CAPITATION_PLB,
    Adjudication,
    amounts_in_force,
    cash,
    provider_adjustment_code,
    settle_provider_adjustment,
    suspend,
    together,
)
from medguild.revenue.remittances.rules import ClaimState, RemittanceStatus, Unmatched
from medguild.x12.records import remittance as x12

POSTED = declare_event("remittance.posted", _("Remittance posted"), icon="cash")


@dataclass(slots=True)
class Tally:
    """What became of the claims of a remittance."""

    claims: int = 0
    matched: int = 0
    suspended: int = 0
    denied: int = 0
    rows: list[RemittanceClaim] = field(default_factory=list)


def subject_of(row: Remittance) -> SubjectRef:
    return SubjectRef("remittance", row.pk, row.label())


@transaction.atomic
def post_remittance(*, row: Remittance, content: x12.Remittance, by: Actor, at: dt.datetime) -> Tally:
    """Post a balanced remittance in the books of `row.entity`; `row` is saved as posted.

    With an unknown payee all of it waits in suspense. Raises the refusals of the ledger.
    """
    on = counting_day(row.payment_date, at)
    said = [said_of(number, claim) for number, claim in enumerate(content.claims, start=1)]
    known = _known(row, content.provider_adjustments, said, on)
    applied, suspended = _parted(row, said, known)
    lines = [cash(row.entity_id, row.payer_id, row.amount), *_claim_lines(row, applied, suspended)]
    lines += _other_lines(row, content.provider_adjustments, suspended)
    row.entry = _entry(row, lines, on, by=by, at=at)
    row.status, row.hold, row.difference = RemittanceStatus.POSTED, "", 0
    row.posted_at, row.posted_by = at, by.id
    row.save()
    tally = _keep(row, content.provider_adjustments, applied, suspended, known, on, by=by, at=at)
    record(
        POSTED,
        subject=subject_of(row),
        by=by,
        unit_id=row.entity_id,
        occurred_at=at,
        data={
            "amount": row.amount, "claims": tally.claims, "matched": tally.matched, "suspended": tally.suspended,
            "payer_id": row.payer_id, "file_id": row.file_id, "entry_id": row.entry_id,
        },
    )  # fmt: skip
    return tally


def counting_day(payment_date: dt.date | None, at: dt.datetime) -> dt.date:
    """The day on which a payment counts: its own, or today while that lies ahead."""
    return min(payment_date or at.date(), at.date())


def _known(row: Remittance, others: Sequence[x12.ProviderAdjustment], said: Sequence[ClaimSaid], on: dt.date) -> Known:
    return known_for(
        {one.patient_control for one in said} if row.payee_known else (),
        {reason.reason for one in said for service in one.services for reason in service.reasons},
        payer=row.payer,
        capitated=any(one.reason == CAPITATION_PLB for one in others),
        on=on,
    )


def _parted(
    row: Remittance, said: Iterable[ClaimSaid], known: Known
) -> tuple[list[Applied], list[tuple[ClaimSaid, Unmatched]]]:
    """Claims that can be posted, and those whose money must wait. The history grows within the remittance."""
    applied: list[Applied] = []
    suspended: list[tuple[ClaimSaid, Unmatched]] = []
    for one in said:
        claim = known.claim(one.patient_control)
        why = why_unmatched(claim, row.entity_id) if row.payee_known else Unmatched.UNKNOWN_PAYEE
        if claim is None or why is not None:
            suspended.append((one, why or Unmatched.NO_CLAIM))
            continue
        fit = apply(one, claim, known)
        known.history.setdefault(claim.pk, []).append(fit.adjudication)
        applied.append(fit)
    return applied, suspended


def _claim_lines(
    row: Remittance, applied: Iterable[Applied], suspended: Iterable[tuple[ClaimSaid, Unmatched]]
) -> list[Line]:
    lines = [line for one in applied for line in one.postings]
    return lines + [suspend(row.entity_id, row.payer_id, said.paid) for said, _why in suspended]


def _other_lines(row: Remittance, others: Iterable[x12.ProviderAdjustment], suspended: object) -> list[Line]:
    """Amounts beside the claims; with an unknown payee they wait with the rest."""
    if not row.payee_known:
        return [suspend(row.entity_id, row.payer_id, -one.amount_cents) for one in others]
    return [settle_provider_adjustment(row.entity_id, row.payer_id, one.reason, one.amount_cents) for one in others]


def _entry(row: Remittance, lines: Iterable[Line], on: dt.date, *, by: Actor, at: dt.datetime) -> Entry | None:
    """The entry of the remittance; none where no money moves (everything denied, or nothing found)."""
    wanted = together(lines)
    if not wanted:
        return None
    return post(
        entry_type=REMITTANCE, lines=wanted, occurred_on=on, source_key=f"remittance:{row.pk}", by=by,
        description=f"Remittance {row.trace_number}".strip(), source_type="remittance", source_id=row.pk, at=at,
    )  # fmt: skip


def _keep(
    row: Remittance,
    others: Sequence[x12.ProviderAdjustment],
    applied: Sequence[Applied],
    suspended: Sequence[tuple[ClaimSaid, Unmatched]],
    known: Known,
    on: dt.date,
    *,
    by: Actor,
    at: dt.datetime,
) -> Tally:
    _keep_others(row, others)
    held = [suspended_row(row, said, why, on) for said, why in suspended]
    copy_in([one for one, _lines in held])
    copy_in([line for _one, lines in held for line in lines])
    rows = keep_applied(row, applied, known, on, by=by, at=at)
    follow_up(row, list(zip(rows, applied, strict=True)), by=by, at=at)
    suspense_work(row, unmatched=len(held), others=_unplaced(row, others), by=by, at=at)
    return Tally(
        claims=len(held) + len(rows),
        matched=len(rows),
        suspended=len(held),
        denied=sum(1 for one in applied if any(one.refusals)),
        rows=rows,
    )


def _unplaced(row: Remittance, others: Iterable[x12.ProviderAdjustment]) -> int:
    if not row.payee_known:
        return 0
    return sum(1 for one in others if provider_adjustment_code(one.reason) == Chart.UNAPPLIED and one.amount_cents)


def _keep_others(row: Remittance, others: Iterable[x12.ProviderAdjustment]) -> None:
    ProviderAdjustment.objects.bulk_create(
        ProviderAdjustment(
            remittance=row, number=number, provider_id=one.provider_id, fiscal_period_end=one.fiscal_period_end,
            reason=one.reason, reference=one.reference, amount=one.amount_cents,
            account_code=provider_adjustment_code(one.reason) if row.payee_known else Chart.UNAPPLIED,
        )
        for number, one in enumerate(others, start=1)
    )  # fmt: skip


def suspended_row(
    row: Remittance, said: ClaimSaid, why: Unmatched, on: dt.date
) -> tuple[RemittanceClaim, list[RemittanceLine]]:
    """A claim that waits, with its lines as said: nothing of it is lost until it finds its place."""
    one = _claim_row(row, said, on)
    one.state, one.unmatched = ClaimState.SUSPENSE, why
    lines = [
        RemittanceLine(
            remittance_claim=one, number=number, control=service.control, code=service.code,
            modifiers=list(service.modifiers), billed_code=service.billed_code, service_date=service.service_date,
            charge=service.charge, paid=service.paid, adjusted=service.adjusted,
            remarks=_remarks(said, service.remarks),
            adjustments=[
                {"group": reason.group, "reason": reason.reason, "amount": reason.amount} for reason in service.reasons
            ],
        )
        for number, service in enumerate(said.services, start=1)
    ]  # fmt: skip
    return one, lines


def _claim_row(row: Remittance, said: ClaimSaid, on: dt.date) -> RemittanceClaim:
    return RemittanceClaim(
        id=new_id(), remittance=row, number=said.number, patient_control=said.patient_control,
        payer_control=said.payer_control, claim_status=said.status, patient_name=said.patient_name,
        member_id=said.member_id, charge=said.charge, paid=said.paid, adjudicated_on=on,
    )  # fmt: skip


def _remarks(said: ClaimSaid, remarks: Iterable[str]) -> list[str]:
    return list(dict.fromkeys((*said.remarks, *remarks)))


def keep_applied(
    row: Remittance, applied: Sequence[Applied], known: Known, on: dt.date, *, by: Actor, at: dt.datetime
) -> list[RemittanceClaim]:
    """Rows of claims that were posted, their denials, and what the claims stand at now."""
    seen = _answered(applied, known)
    rows: list[RemittanceClaim] = []
    lines: list[RemittanceLine] = []
    denials: list[Denial] = []
    for one in applied:
        held = _claim_row(row, one.said, on)
        fill_applied(held, one, first=one.claim.pk not in seen and not one.said.is_reversal, by=by, at=at)
        if held.first:
            seen.add(one.claim.pk)
        rows.append(held)
        own = [applied_line(held, one, at) for at in range(len(one.lines))]
        lines += own
        denials += denial_rows(held, one, own)
    for written in (rows, lines, denials):
        copy_in(written)
    decide(row, applied, known, by=by, at=at)
    return rows


def _answered(applied: Sequence[Applied], known: Known) -> set[UUID]:
    """Claims that an earlier remittance has answered; the history also holds what this one says."""
    here: dict[UUID, int] = {}
    for one in applied:
        here[one.claim.pk] = here.get(one.claim.pk, 0) + 1
    return {claim_id for claim_id, count in here.items() if len(known.history.get(claim_id, ())) > count}


def fill_applied(held: RemittanceClaim, one: Applied, *, first: bool, by: Actor, at: dt.datetime) -> None:
    held.claim, held.state, held.first = one.claim, ClaimState.APPLIED, first
    held.applied_at, held.applied_by = at, by.id
    held.patient_share, held.denied, held.allowed = (
        one.total("patient_share"), one.total("denied"), one.total("allowed"),
    )  # fmt: skip


def applied_line(held: RemittanceClaim, one: Applied, at: int) -> RemittanceLine:
    line = one.lines[at]
    said, payment = line.said, line.payment
    return RemittanceLine(
        id=new_id(), remittance_claim=held, number=at + 1, claim_line=line.claim_line, control=said.control,
        code=said.code, modifiers=list(said.modifiers), billed_code=said.billed_code, service_date=said.service_date,
        charge=said.charge, paid=said.paid, adjusted=said.adjusted, allowed=payment.allowed,
        remarks=_remarks(one.said, said.remarks), adjustments=effects_of(payment.adjustments),
    )  # fmt: skip


def effects_of(adjustments: Iterable[Any]) -> list[dict[str, Any]]:
    return [
        {
            "group": one.group, "reason": one.reason, "amount": one.amount, "effect": one.effect,
            "category": one.category, "denial": one.denial,
        }
        for one in adjustments
    ]  # fmt: skip


def denial_rows(held: RemittanceClaim, one: Applied, lines: Sequence[RemittanceLine]) -> list[Denial]:
    return [
        Denial(
            remittance_claim=held, line=lines[at], claim=one.claim, group=refused.group, reason=refused.reason,
            category=refused.category, amount=refused.amount, source=f"denial:{held.pk}:{refused.category}",
        )
        for at, refused in one.refusals
    ]  # fmt: skip


def decide(row: Remittance, applied: Sequence[Applied], known: Known, *, by: Actor, at: dt.datetime) -> None:
    """Set what the claims stand at, each once however often the remittance speaks of it."""
    last = {one.claim.pk: one for one in applied}
    set_decisions(
        decisions=[
            Decision(
                one.claim,
                standing(one.claim.charge, known.history[claim_id]),
                one.said.payer_control if not one.said.is_reversal else "",
                {"remittance_id": row.pk, "paid": one.said.paid, "patient_share": one.total("patient_share"),
                 "denied": one.total("denied")},
            )
            for claim_id, one in last.items()
        ],
        by=by,
        at=at,
    )  # fmt: skip


def standing(charge: int, history: Iterable[Adjudication]) -> ClaimStatus:
    """The status of a claim after all that payers said; sent, where everything was taken back."""
    amounts = amounts_in_force(history)
    if amounts is None:
        return ClaimStatus.SENT
    paid, patient_share, denied = amounts
    return adjudicated_status(charge, paid, patient_share, denied)


def post_out_of_suspense(
    *, row: Remittance, lines: Iterable[Line], key: str, on: dt.date, by: Actor, at: dt.datetime
) -> Entry | None:
    """Post what was found out later; money that waits with another entity makes due-to and due-from."""
    wanted = together(lines)
    if not wanted:
        return None
    return post_between(
        entry_type=REMITTANCE, lines=wanted, occurred_on=on, source_key=key, by=by,
        description=f"Remittance {row.trace_number} placed", source_type="remittance", source_id=row.pk, at=at,
    )  # fmt: skip
