"""What people decide: checking what waits again, setting it aside, and placing money that waits in suspense."""

from __future__ import annotations

import datetime as dt
import io
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.access.demand import demand
from medguild.foundation.documents.files import FileMissing
from medguild.foundation.documents.models import Document
from medguild.foundation.documents.selectors import content_of
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Conflict, NotVisible, Refusal
from medguild.foundation.ledger.errors import UnknownAccount
from medguild.foundation.ledger.rules import Chart, debit
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.rules import UnitKind
from medguild.foundation.work.services import settle
from medguild.revenue.claims.models import Claim
from medguild.revenue.remittances.applying import Applied, apply, why_unmatched
from medguild.revenue.remittances.context import Known, known_for
from medguild.revenue.remittances.facts import ClaimSaid, ReasonSaid, ServiceSaid
from medguild.revenue.remittances.follow_up import follow_up, settle_waiting, suspense_source, suspense_work
from medguild.revenue.remittances.importing import (
    hold_of,
    keep_waiting,
    post_or_refuse,
    put_aside,
    row_of,
    take_parties,
)
from medguild.revenue.remittances.models import (
    Denial,
    ProviderAdjustment,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
)
from medguild.revenue.remittances.permissions import RemittancesRight
from medguild.revenue.remittances.posting import (
    applied_line,
    counting_day,
    decide,
    denial_rows,
    fill_applied,
    post_out_of_suspense,
    subject_of,
)
from medguild.revenue.remittances.posting_rules import (
    CAPITATION_PLB,
    provider_adjustment_code,
    settle_provider_adjustment,
)
from medguild.revenue.remittances.rules import ClaimState, Hold, RemittanceStatus, Unmatched
from medguild.x12 import LoadedRemittance, load_remittances
from medguild.x12 import RemittanceFile as LoadedFile

PLACED = declare_event("remittance.placed", gettext_lazy("Money taken out of suspense"), icon="arrow-right")
_CHECKED = "the remittance was found visible with the right to post"
_WAITS = (RemittanceStatus.QUARANTINED, RemittanceStatus.CONFLICT)


@transaction.atomic
def check_again(*, remittance: Remittance, by: Actor, at: dt.datetime | None = None) -> Remittance:
    """Read the kept file once more and post what may be posted now. What does not balance is never released."""
    moment = at or now()
    row = _lock(remittance.pk, by)
    if row.status != RemittanceStatus.QUARANTINED:
        raise Conflict(_("This remittance does not wait in quarantine any more."), code="not_waiting")
    one, loaded = read_again(row)
    hold = hold_of(one, loaded)
    if hold is not None or one.remittance is None:
        keep_waiting(row, hold or Hold.VERSION, one, loaded, by=by, at=moment)
        return row
    take_parties(row, row_of(row.file, one, one.remittance, moment))
    try:
        post_or_refuse(row, one.remittance, by=by, at=moment)
    except Refusal as refusal:
        why = Hold.NO_BOOKS if isinstance(refusal, UnknownAccount) else Hold.REFUSED
        keep_waiting(row, why, one, loaded, by=by, at=moment)
        return row
    settle_waiting(row, "posted", by=by, at=moment)
    return row


def read_again(row: Remittance) -> tuple[LoadedRemittance, LoadedFile]:
    kept = Document.objects.unscoped(_CHECKED).filter(pk=row.file.document_id).first() if row.file.document_id else None
    if kept is None:
        raise Refusal(_("The file of this remittance is not kept here; import it again."), code="file_missing")
    try:
        loaded = load_remittances(io.BytesIO(content_of(kept)))
    except FileMissing:
        raise Refusal(_("The file of this remittance is missing; import it again."), code="file_missing") from None
    return next(one for one in loaded.remittances if one.position == row.position), loaded


@transaction.atomic
def post_twin(*, remittance: Remittance, reason: str, by: Actor, at: dt.datetime | None = None) -> Remittance:
    """Post a payment whose key another one has, because a person knows that it is one of its own; once.

    Raises Conflict, Refusal (`reason`, `damaged`, what the books refuse).
    """
    moment = at or now()
    row = _lock(remittance.pk, by)
    if row.status != RemittanceStatus.CONFLICT:
        raise Conflict(_("This remittance does not wait for this decision any more."), code="not_waiting")
    if not reason.strip():
        raise Refusal(_("Write how you know that it is a payment of its own."), field="reason")
    one, loaded = read_again(row)
    if hold_of(one, loaded) is not None or one.remittance is None:
        raise Refusal(_("Its file cannot be read whole any more; import it again."), code="damaged")
    take_parties(row, row_of(row.file, one, one.remittance, moment))
    row.twin_number, row.note = _next_twin(row), reason.strip()
    post_or_refuse(row, one.remittance, by=by, at=moment)
    settle_waiting(row, "posted", by=by, at=moment)
    return row


def _next_twin(row: Remittance) -> int:
    """One more than the posted payments of this key; the constraint lets two people get it only once."""
    rows = Remittance.objects.unscoped(_CHECKED).filter(
        status=RemittanceStatus.POSTED, payer_identifier=row.payer_identifier, payee_identifier=row.payee_identifier,
        trace_number=row.trace_number, amount=row.amount,
    )  # fmt: skip
    same_day = rows.filter(payment_date=row.payment_date) if row.payment_date else rows.filter(payment_date=None)
    return max(same_day.values_list("twin_number", flat=True), default=0) + 1


@transaction.atomic
def set_aside(*, remittance: Remittance, reason: str, by: Actor, at: dt.datetime | None = None) -> Remittance:
    """Decide that a waiting remittance will not be posted, with the reason."""
    row = _lock(remittance.pk, by)
    if row.status not in _WAITS:
        raise Conflict(_("This remittance does not wait any more."), code="not_waiting")
    if not reason.strip():
        raise Refusal(_("Write why it will not be posted."), field="reason")
    put_aside(row, reason.strip(), by=by, at=at or now())
    return row


@transaction.atomic
def place_claim(
    *, suspended: RemittanceClaim, number: str, by: Actor, at: dt.datetime | None = None
) -> RemittanceClaim:
    """Post money that waits to the claim with this number. A claim of another entity makes due-to and due-from."""
    moment = at or now()
    row = _lock(suspended.remittance_id, by)
    held = _lock_suspended(suspended.pk)
    if not row.payee_known:
        raise Refusal(_("Say first to which entity this payment belongs."), code="unknown_payee")
    known = _known(row, [held], {number})
    claim = known.claim(number)
    if claim is None or not _may_post(by, claim):
        raise Refusal(_("There is no such claim, or you may not post to it."), code="no_claim", field="number")
    if why_unmatched(claim, claim.entity_id) is not None:
        raise Refusal(_("This claim was never sent, so no payer can have answered it."), field="number")
    one = apply(said_by(held), claim, known)
    known.history.setdefault(claim.pk, []).append(one.adjudication)
    lines = [debit(row.entity_id, Chart.UNAPPLIED, held.paid, payer_id=row.payer_id), *one.postings]
    post_out_of_suspense(
        row=row, lines=lines, key=f"remittance_claim:{held.pk}", on=counting_day(row.payment_date, moment), by=by,
        at=moment,
    )  # fmt: skip
    _take_out(row, held, one, known, by=by, at=moment)
    _settle_when_empty(row, by=by, at=moment)
    return held


def _may_post(by: Actor, claim: Claim) -> bool:
    scope = by.scope(RemittancesRight.POST)
    return scope.everything or claim.entity_id in scope.units


def _lock_suspended(held_id: UUID) -> RemittanceClaim:
    rows = RemittanceClaim.objects.unscoped(_CHECKED).select_for_update(of=("self",)).filter(pk=held_id)
    held: RemittanceClaim | None = rows.first()
    if held is None:
        raise NotVisible
    if held.state != ClaimState.SUSPENSE:
        raise Conflict(_("This money has found its claim already."), code="placed_already")
    return held


def _known(row: Remittance, held: list[RemittanceClaim], numbers: set[str]) -> Known:
    lines = RemittanceLine.objects.unscoped(_CHECKED).filter(remittance_claim__in=held)
    others = ProviderAdjustment.objects.unscoped(_CHECKED).filter(remittance=row, reason=CAPITATION_PLB)
    return known_for(
        numbers,
        {one["reason"] for line in lines for one in line.adjustments},
        payer=row.payer,
        capitated=others.exists(),
        on=row.payment_date or row.received_at.date(),
    )


def said_by(held: RemittanceClaim) -> ClaimSaid:
    """What the payer said of a claim, from the rows that were kept."""
    lines = RemittanceLine.objects.unscoped(_CHECKED).filter(remittance_claim=held).order_by("number")
    return ClaimSaid(
        held.number, held.patient_control, held.payer_control, held.claim_status, held.charge, held.paid,
        tuple(
            ServiceSaid(
                line.charge, line.paid,
                tuple(ReasonSaid(one["group"], one["reason"], one["amount"]) for one in line.adjustments),
                line.control, line.code, tuple(line.modifiers), line.billed_code, (), line.service_date,
                tuple(line.remarks),
            )
            for line in lines
        ),
        held.patient_name, held.member_id,
    )  # fmt: skip


def _take_out(
    row: Remittance, held: RemittanceClaim, one: Applied, known: Known, *, by: Actor, at: dt.datetime
) -> None:
    before = RemittanceClaim.objects.unscoped(_CHECKED).filter(claim=one.claim, first=True)
    fill_applied(held, one, first=not one.said.is_reversal and not before.exists(), by=by, at=at)
    held.save()
    lines = list(RemittanceLine.objects.unscoped(_CHECKED).filter(remittance_claim=held).order_by("number"))
    for at_line, line in enumerate(lines):
        fresh = applied_line(held, one, at_line)
        line.claim_line, line.allowed, line.adjustments = fresh.claim_line, fresh.allowed, fresh.adjustments
        line.save(update_fields=["claim_line", "allowed", "adjustments"])
    Denial.objects.bulk_create(denial_rows(held, one, lines))
    decide(row, [one], known, by=by, at=at)
    follow_up(row, [(held, one)], by=by, at=at)
    record(
        PLACED, subject=subject_of(row), by=by, unit_id=row.entity_id, occurred_at=at, patient_id=one.claim.patient_id,
        data={"claim_id": one.claim.pk, "remittance_claim_id": held.pk, "amount": held.paid},
    )  # fmt: skip


def _settle_when_empty(row: Remittance, *, by: Actor, at: dt.datetime) -> None:
    waiting = RemittanceClaim.objects.unscoped(_CHECKED).filter(remittance=row, state=ClaimState.SUSPENSE)
    if not waiting.exists():
        settle(source=suspense_source(row, "unmatched_claim"), outcome="placed", by=by, at=at)


@transaction.atomic
def place_payee(*, remittance: Remittance, entity_id: UUID, by: Actor, at: dt.datetime | None = None) -> Remittance:
    """Say to which entity a payment of an unknown payee belongs: it moves there, and finds its claims."""
    moment = at or now()
    row = _lock(remittance.pk, by)
    if row.payee_known or row.status != RemittanceStatus.POSTED:
        raise Conflict(_("The payee of this payment is known."), code="payee_known")
    entity = Unit.objects.filter(pk=entity_id, kind=UnitKind.ENTITY).first()
    if entity is None:
        raise Refusal(_("Choose a legal entity."), field="entity")
    demand(by, RemittancesRight.POST, entity.pk)
    received_by, row.entity, row.payee_known = row.entity_id, entity, True
    row.save(update_fields=["entity", "payee_known"])
    _move_to_payee(row, received_by, by=by, at=moment)
    settle(source=suspense_source(row, "unknown_payee"), outcome="placed", by=by, at=moment)
    return row


def _move_to_payee(row: Remittance, received_by: UUID, *, by: Actor, at: dt.datetime) -> None:
    """Take the payment out of the receiver's suspense and post it at the payee as if it had come there."""
    held = list(RemittanceClaim.objects.unscoped(_CHECKED).filter(remittance=row).order_by("number"))
    others = list(ProviderAdjustment.objects.unscoped(_CHECKED).filter(remittance=row))
    known = _known(row, held, {one.patient_control for one in held})
    lines = [debit(received_by, Chart.UNAPPLIED, row.amount, payer_id=row.payer_id)]
    for other in others:
        other.account_code = provider_adjustment_code(other.reason)
        other.save(update_fields=["account_code"])
        lines.append(settle_provider_adjustment(row.entity_id, row.payer_id, other.reason, other.amount))
    applied: list[tuple[RemittanceClaim, Applied]] = []
    for one in held:
        fit = _fit(row, one, known)
        if fit is None:
            lines.append(debit(row.entity_id, Chart.UNAPPLIED, -one.paid, payer_id=row.payer_id))
            continue
        lines += fit.postings
        applied.append((one, fit))
    key = f"remittance:{row.pk}:payee"
    post_out_of_suspense(row=row, lines=lines, key=key, on=counting_day(row.payment_date, at), by=by, at=at)
    for one, fit in applied:
        _take_out(row, one, fit, known, by=by, at=at)
    unplaced = sum(1 for other in others if other.account_code == Chart.UNAPPLIED and other.amount)
    suspense_work(row, unmatched=len(held) - len(applied), others=unplaced, by=by, at=at)


def _fit(row: Remittance, one: RemittanceClaim, known: Known) -> Applied | None:
    claim = known.claim(one.patient_control)
    why = why_unmatched(claim, row.entity_id)
    if claim is None or why is not None:
        one.unmatched = why or Unmatched.NO_CLAIM
        one.save(update_fields=["unmatched"])
        return None
    fit = apply(said_by(one), claim, known)
    known.history.setdefault(claim.pk, []).append(fit.adjudication)
    return fit


def _lock(remittance_id: UUID, by: Actor) -> Remittance:
    rows = Remittance.objects.visible_to(by, RemittancesRight.POST).select_related("file", "payer")
    row: Remittance | None = rows.select_for_update(of=("self",)).filter(pk=remittance_id).first()
    if row is None:
        raise NotVisible
    return row
