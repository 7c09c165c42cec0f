"""What people decide about a denial: give it up, ask the patient, close it. A case is what one payer refused of one
claim under one category; the books move once however often it is asked."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.access.demand import demand, holds_at
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import day_of, now
from medguild.foundation.kernel.errors import Conflict, NotVisible, Refusal
from medguild.foundation.kernel.money import Cents, dollars, split
from medguild.foundation.ledger.ports import TRANSFER, WRITE_OFF
from medguild.foundation.ledger.rules import Chart, Line, credit, debit
from medguild.foundation.ledger.services import post
from medguild.foundation.work.services import need_item, settle
from medguild.payers.payers.rules import PayerKind
from medguild.revenue.claims.adjudication import lines_by_claim
from medguild.revenue.claims.models import Claim, ClaimLine
from medguild.revenue.receipts.applying import apply_unapplied
from medguild.revenue.receipts.recording import lock_account
from medguild.revenue.receipts.standing import standings
from medguild.revenue.remittances.models import Denial
from medguild.revenue.remittances.permissions import RemittancesRight
from medguild.revenue.remittances.rules import BILLABLE_CATEGORIES, BILLABLE_GROUPS, DenialOutcome
from medguild.revenue.remittances.standards import write_off_limit
from medguild.revenue.remittances.work import WRITE_OFF_APPROVAL

WRITTEN_OFF = declare_event("denial.written_off", gettext_lazy("Denial written off"), icon="receipt-off")
TO_PATIENT = declare_event("denial.to_patient", gettext_lazy("Denied amount asked of the patient"), icon="cash")
CLOSED = declare_event("denial.closed", gettext_lazy("Denial closed"), icon="check")
RESUBMITTED = declare_event("denial.resubmitted", gettext_lazy("Denial answered by a new claim"), icon="send")

_SEEN = "the denial was found visible with the right to post"


@dataclass(frozen=True, slots=True)
class Case:
    """Refused amounts of one answer and category, with the claim; `open_cents` is what the payer still owes of them."""

    source: str
    claim: Claim
    rows: Sequence[Denial]
    parts: Sequence[tuple[ClaimLine, Cents]]

    @property
    def amount(self) -> Cents:
        return sum(row.amount for row in self.rows)

    @property
    def open_cents(self) -> Cents:
        return sum(cents for _line, cents in self.parts)

    @property
    def is_settled(self) -> bool:
        return all(row.settled_at is not None for row in self.rows)

    @property
    def groups(self) -> frozenset[str]:
        return frozenset(row.group for row in self.rows)


def case_of(rows: Sequence[Denial]) -> Case:
    """The case of these denials, as the books stand now. Their claim and line are loaded."""
    claim = rows[0].claim
    return Case(rows[0].source, claim, rows, _parts(claim, rows))


def _parts(claim: Claim, rows: Sequence[Denial]) -> list[tuple[ClaimLine, Cents]]:
    """What is refused and still owed by the payer, line by line; what was refused of the whole claim is shared out."""
    lines = lines_by_claim([claim.pk])[claim.pk]
    wanted: dict[UUID, Cents] = defaultdict(int)
    for row in rows:
        for line, cents in _shared(row, lines):
            wanted[line.pk] += cents
    pending = {one.charge.pk: one.pending for one in standings(claim.account_id) if one.charge is not None}
    found = [(line, min(wanted[line.pk], pending.get(line.charge_id, 0))) for line in lines if wanted[line.pk]]
    return [(line, cents) for line, cents in found if cents > 0]


def _shared(row: Denial, lines: Sequence[ClaimLine]) -> list[tuple[ClaimLine, Cents]]:
    # An amount that is the patient's already is not the payer's to owe.
    if row.group == "PR":
        return []
    own = [line for line in lines if line.pk == row.line.claim_line_id]
    if own or not lines:
        return [(line, row.amount) for line in own]
    weights = [line.amount for line in lines]
    return list(zip(lines, split(row.amount, weights if sum(weights) else [1] * len(lines)), strict=True))


def may_write_off(by: Actor, case: Case, *, on: dt.date) -> bool:
    """Whether the actor may decide it alone: within the limit, or with the right to approve."""
    claim = case.claim
    if holds_at(by, RemittancesRight.APPROVE, claim.entity_id):
        return True
    within = case.open_cents <= write_off_limit(claim.site_id, claim.payer_id, on)
    return within and holds_at(by, RemittancesRight.POST, claim.entity_id)


@transaction.atomic
def write_off(*, denial: Denial, reason: str, by: Actor, at: dt.datetime | None = None) -> Case:
    """Give up what is refused: from owed by the payer to denials written off.

    Raises Conflict (`settled_already`), Refusal (`reason`, `nothing_open`, `over_limit`: then `ask_write_off`).
    """
    moment = at or now()
    case = _lock(denial, by)
    words = _worded(reason)
    if not may_write_off(by, case, on=day_of(moment)):
        raise Refusal(
            _("%(amount)s is more than you may write off alone. Ask for approval.")
            % {"amount": dollars(case.open_cents)},
            code="over_limit",
        )  # fmt: skip
    _move(case, Chart.DENIAL_WRITE_OFF, WRITE_OFF, "write_off", by=by, at=moment)
    _settle(case, DenialOutcome.WRITTEN_OFF, words, by=by, at=moment)
    _tell(WRITTEN_OFF, case, by, moment)
    return case


@transaction.atomic
def ask_write_off(*, denial: Denial, reason: str, by: Actor, at: dt.datetime | None = None) -> Case:
    """Put a write-off above one's limit before somebody who may approve it; asking again changes nothing."""
    moment = at or now()
    case = _lock(denial, by)
    words = _worded(reason)
    _refuse_nothing_open(case)
    need_item(
        work_type=WRITE_OFF_APPROVAL, unit_id=case.claim.site_id, by=by,
        subject=SubjectRef("claim", case.claim.pk, case.claim.number), patient_id=case.claim.patient_id,
        summary=f"{dollars(case.open_cents)}: {words}", source=approval_source(case.source), at=moment,
    )  # fmt: skip
    return case


@transaction.atomic
def bill_patient(*, denial: Denial, reason: str, by: Actor, at: dt.datetime | None = None) -> Case:
    """Move what is refused to the patient, where the contract lets us: never what stands under CO."""
    moment = at or now()
    case = _lock(denial, by)
    words = _worded(reason)
    if not may_bill_patient(case):
        raise Refusal(
            _("The contract or the plan forbids to ask the patient for this. Send the claim again or write it off."),
            code="not_billable",
        )
    _move(case, Chart.PATIENT_AR, TRANSFER, "to_patient", by=by, at=moment)
    _settle(case, DenialOutcome.TO_PATIENT, words, by=by, at=moment)
    _tell(TO_PATIENT, case, by, moment)
    apply_unapplied(account_id=case.claim.account_id, by=by, at=moment)
    return case


def may_bill_patient(case: Case) -> bool:
    """Never what stands under CO, what we failed to do, or what a patient of Medicaid was refused."""
    return (
        case.open_cents > 0
        and case.groups <= BILLABLE_GROUPS
        and case.rows[0].category in BILLABLE_CATEGORIES
        and case.claim.payer.kind != PayerKind.MEDICAID
    )


@transaction.atomic
def close(*, denial: Denial, reason: str, by: Actor, at: dt.datetime | None = None) -> Case:
    """Close a denial of which the payer owes nothing any more; with money open it would be lost, and is refused."""
    moment = at or now()
    case = _lock(denial, by)
    words = _worded(reason)
    if case.open_cents > 0:
        raise Refusal(
            _("The payer still owes %(amount)s of this. Send the claim again, write it off, or keep it open.")
            % {"amount": dollars(case.open_cents)},
            code="money_open",
        )  # fmt: skip
    _settle(case, DenialOutcome.CLOSED, words, by=by, at=moment)
    _tell(CLOSED, case, by, moment)
    return case


@transaction.atomic
def settle_replaced(*, claim: Claim, by: Actor, at: dt.datetime) -> int:
    """Denials of a claim are answered once its replacement is sent; returns how many cases."""
    rows = Denial.objects.unscoped("a new claim answers the old one's denials").filter(
        claim=claim, settled_at__isnull=True
    )
    held = list(rows.select_for_update(of=("self",)).select_related("claim", "line").order_by("pk"))
    by_source: dict[str, list[Denial]] = defaultdict(list)
    for row in held:
        by_source[row.source].append(row)
    for source, own in by_source.items():
        case = Case(source, claim, own, ())
        _settle(case, DenialOutcome.RESUBMITTED, "", by=by, at=at)
        _tell(RESUBMITTED, case, by, at)
    return len(by_source)


def approval_source(source: str) -> str:
    return f"write_off:{source}"


def _lock(denial: Denial, by: Actor) -> Case:
    """The whole case under the account's lock, as it stands now. Raises NotVisible, NotAllowed, Conflict."""
    seen = Denial.objects.visible_to(by, RemittancesRight.POST).select_related("claim").filter(pk=denial.pk).first()
    if seen is None:
        raise NotVisible
    demand(by, RemittancesRight.POST, seen.claim.entity_id)
    lock_account(seen.claim.account_id)
    rows = Denial.objects.unscoped(_SEEN).filter(source=seen.source).select_for_update(of=("self",))
    case = case_of(list(rows.select_related("claim__payer", "line").order_by("pk")))
    if case.is_settled:
        raise Conflict(_("This denial was settled already."), code="settled_already")
    return case


def _worded(reason: str) -> str:
    words = reason.strip()
    if not words:
        raise Refusal(_("Write why."), field="reason", code="reason")
    return words


def _refuse_nothing_open(case: Case) -> None:
    if case.open_cents <= 0:
        raise Refusal(_("The payer owes nothing of this any more; close it instead."), code="nothing_open")


def _move(case: Case, target: Chart, entry_type: str, act: str, *, by: Actor, at: dt.datetime) -> None:
    _refuse_nothing_open(case)
    lines = [posting for line, cents in case.parts for posting in _postings(case.claim, line, target, cents)]
    post(
        entry_type=entry_type, lines=lines, occurred_on=day_of(at), source_key=f"{case.source}:{act}", by=by,
        description=f"Denial of claim {case.claim.number}", source_type="claim", source_id=case.claim.pk, at=at,
    )  # fmt: skip


def _postings(claim: Claim, line: ClaimLine, target: Chart, cents: Cents) -> list[Line]:
    dimensions = {
        "site_id": claim.site_id, "clinician_id": claim.rendering_id, "patient_id": claim.patient_id,
        "account_id": claim.account_id, "claim_line_id": line.pk, "service_date": line.service_date,
    }  # fmt: skip
    owner = None if target is Chart.PATIENT_AR else claim.payer_id
    return [
        debit(claim.entity_id, target, cents, payer_id=owner, **dimensions),
        credit(claim.entity_id, Chart.INSURANCE_AR, cents, payer_id=claim.payer_id, **dimensions),
    ]


def _settle(case: Case, outcome: DenialOutcome, note: str, *, by: Actor, at: dt.datetime) -> None:
    rows = Denial.objects.unscoped(_SEEN).filter(pk__in=[row.pk for row in case.rows], settled_at__isnull=True)
    rows.update(settled_at=at, outcome=outcome, note=note, settled_by=by.id)
    settle(source=case.source, outcome=outcome, by=by, at=at)
    settle(source=approval_source(case.source), outcome=outcome, by=by, at=at)


def _tell(event: str, case: Case, by: Actor, at: dt.datetime) -> None:
    claim = case.claim
    record(
        event, subject=SubjectRef("claim", claim.pk, claim.number), by=by, patient_id=claim.patient_id,
        unit_id=claim.site_id, occurred_at=at,
        data={"amount": case.open_cents, "category": case.rows[0].category, "account_id": claim.account_id},
    )  # fmt: skip
