"""Pages of balances: the list, one account, one service down to its records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.ledger.models import Posting
from medguild.foundation.ledger.permissions import LedgerRight
from medguild.foundation.ledger.ports import entry_types
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.parts import Tab
from medguild.foundation.ui.toasts import toast
from medguild.patients.accounts.models import GuarantorAccount
from medguild.revenue.charges.permissions import ChargesRight
from medguild.revenue.claims.models import ClaimLine
from medguild.revenue.claims.permissions import ClaimsRight
from medguild.revenue.claims.words import STATUS as CLAIM_STATUS
from medguild.revenue.claims.words import TONES as CLAIM_TONES
from medguild.revenue.receipts.models import Receipt
from medguild.revenue.receipts.permissions import ReceiptsRight
from medguild.revenue.receipts.selectors import receipts as visible_receipts
from medguild.revenue.remittances.permissions import RemittancesRight
from medguild.revenue.statements import records, selectors
from medguild.revenue.statements.permissions import StatementsRight
from medguild.revenue.statements.selectors import BalanceLine
from medguild.revenue.statements.services import make_statement
from medguild.revenue.statements.tables import AccountTable
from medguild.revenue.statements.words import ADJUSTMENTS, OWED, OWED_TONE, STATES, TONES, WHY

_PARTS = ("all", "owed", "insurance")


@guarded(StatementsRight.READ, reads=NOTED)
def account_list(request: HttpRequest) -> HttpResponseBase:
    """Accounts with a balance, and statements for many at once."""
    rows = selectors.accounts_with_balance(actor_of(request))
    return tables.table_response(request, AccountTable, rows, "statements/list.html", {})


def _account(request: HttpRequest, account_id: UUID, right: str = StatementsRight.READ) -> GuarantorAccount:
    held = selectors.account_for(actor_of(request), account_id, right)
    if held.guarantor_patient_id:
        note_reads(request, [held.guarantor_patient_id])
    return held


@guarded(StatementsRight.READ, reads=NOTED)
@require_GET
def account(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """What the account owes and why; its numbers choose the services below."""
    actor, held = actor_of(request), _account(request, account_id)
    lines = selectors.balance_lines(held.pk)
    note_reads(request, selectors.patients_of(lines))
    part = request.GET.get("part", "all")
    part = part if part in _PARTS else "all"
    receipts = selectors.receipts_of(held.pk)
    context = {
        "account": held,
        "balance": selectors.account_balance(held.pk),
        "rows": [_row(line) for line in _chosen(lines, part)],
        "parts": _tabs(lines, part),
        "receipts": _linked(receipts, visible_receipts(actor).filter(pk__in=[one.pk for one in receipts])),
        "statements": selectors.statements_of(held.pk),
        "may_take": actor.may(ReceiptsRight.TAKE),
        "may_send": actor.may(StatementsRight.SEND),
    }
    return render(request, "statements/account.html", context)


def _chosen(lines: Sequence[BalanceLine], part: str) -> list[BalanceLine]:
    if part == "owed":
        return [line for line in lines if line.left]
    if part == "insurance":
        return [line for line in lines if line.standing.pending]
    return list(reversed(lines))


def _tabs(lines: Sequence[BalanceLine], part: str) -> list[Tab]:
    words = {"all": _("All services"), "owed": _("To pay"), "insurance": _("With the insurance")}
    return [Tab(words[one], f"?part={one}", one == part, len(_chosen(lines, one))) for one in _PARTS]


def _row(line: BalanceLine) -> dict[str, Any]:
    tone, state = (OWED_TONE, OWED) if line.left > 0 else (TONES.get(line.why, "neutral"), STATES.get(line.why, ""))
    return {"line": line, "why": WHY[line.why], "tone": tone, "state": state}


def _linked(receipts: Iterable[Receipt], visible: Iterable[Receipt]) -> list[tuple[Receipt, bool]]:
    ids = {receipt.pk for receipt in visible}
    return [(receipt, receipt.pk in ids) for receipt in receipts]


@guarded(StatementsRight.READ, reads=NOTED)
@require_GET
def service(request: HttpRequest, account_id: UUID, charge_id: UUID) -> HttpResponse:
    """One service of the balance with the records behind it."""
    return _service(request, account_id, charge_id)


@guarded(StatementsRight.READ, reads=NOTED)
@require_GET
def brought_forward(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """The part of the balance that no charge explains, with the records behind it."""
    return _service(request, account_id, None)


def _service(request: HttpRequest, account_id: UUID, charge_id: UUID | None) -> HttpResponse:
    actor, held = actor_of(request), _account(request, account_id)
    found = records.service(actor, held, charge_id)
    note_reads(request, selectors.patients_of([found.line]))
    standing = found.line.standing
    context = {
        "account": held,
        "service": found,
        "line": found.line,
        "row": _row(found.line),
        "reasons": [(WHY[reason.why], reason.amount) for reason in found.line.reasons],
        "adjustments": [(ADJUSTMENTS[code], cents) for code, cents in standing.adjustments.items() if cents],
        "claim_lines": [
            (one, CLAIM_STATUS[one.claim.status], CLAIM_TONES[one.claim.status]) for one in found.claim_lines
        ],
        "payments": [(one, one.receipt_id in found.visible_receipts) for one in found.payments],
        "postings": [(one, _entry_words(one)) for one in found.postings],
        "may_charges": actor.may(ChargesRight.READ),
        "may_claims": actor.may(ClaimsRight.READ),
        "may_remittances": actor.may(RemittancesRight.READ),
        "may_books": actor.may(LedgerRight.READ),
    }
    return render(request, "statements/service.html", context)


def _entry_words(posting: Posting) -> Any:
    declared = entry_types.find(posting.entry.type)
    return posting.entry.description or (declared.label if declared else posting.entry.type)


def _claim_line(line: ClaimLine) -> tuple[ClaimLine, Any, str]:
    return line, CLAIM_STATUS[line.claim.status], CLAIM_TONES[line.claim.status]


@guarded(StatementsRight.SEND, reads=NOTED)
@require_POST
def make(request: HttpRequest, account_id: UUID) -> HttpResponse:
    held = _account(request, account_id, StatementsRight.SEND)
    try:
        statement = make_statement(account=held, by=actor_of(request))
        toast(request, _("Statement %(number)s is made.") % {"number": statement.number})
    except NotVisible:
        raise
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
    return redirect("statements:account", held.pk)
