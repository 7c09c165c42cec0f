"""Pages of the books: trial balance, account, postings behind a number, entry; closing and reopening a month."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.ledger import periods, presenters, selectors
from medguild.foundation.ledger.forms import ReasonForm, ReopenForm, read_choice, read_month
from medguild.foundation.ledger.journal import may_take_back
from medguild.foundation.ledger.permissions import LedgerRight
from medguild.foundation.ledger.tables import PostingTable
from medguild.foundation.ledger.tabs import book_tabs
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.toasts import toast


@guarded(LedgerRight.READ)
@require_GET
def trial_balance(request: HttpRequest) -> HttpResponse:
    page = selectors.trial_page(
        request.actor,  # type: ignore[attr-defined]
        entity=request.GET.get("entity", ""),
        month=request.GET.get("month", ""),
    )
    return render(
        request,
        "ledger/trial_balance.html",
        {"page": page, "reopen": ReopenForm(), "tabs": book_tabs(actor_of(request), "trial_balance")},
    )


@guarded(LedgerRight.READ, reads=NOTED)
@require_GET
def account(request: HttpRequest, ledger_account_id: UUID) -> HttpResponseBase:
    shown = selectors.ledger_account(request.actor, ledger_account_id)  # type: ignore[attr-defined]
    rows = selectors.postings(request.actor, ledger_account_id=shown.pk)  # type: ignore[attr-defined]
    context = {"account": shown}
    return tables.table_response(request, PostingTable, rows, "ledger/account.html", context)


@guarded(LedgerRight.READ, reads=NOTED)
@require_GET
def postings(request: HttpRequest) -> HttpResponseBase:
    """The postings behind a number: `?code=1210&account_id=...&as_of=2026-03-31`."""
    choice = read_choice(request.GET)
    if choice is None:
        raise Http404(_("Open this list from a number on another page."))
    rows = selectors.postings(request.actor, **choice)  # type: ignore[attr-defined]
    total = selectors.balance(request.actor, **choice)  # type: ignore[attr-defined]
    return tables.table_response(request, PostingTable, rows, "ledger/postings.html", {"total": total})


@guarded(LedgerRight.READ, reads=NOTED)
@require_GET
def entry(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    seen = selectors.entry_view(request.actor, entry_id)  # type: ignore[attr-defined]
    note_reads(request, {posting.patient_id for posting in seen.postings if posting.patient_id})
    shown = presenters.present(seen, request.actor)  # type: ignore[attr-defined]
    context = {"shown": shown, "may_take_back": may_take_back(actor_of(request), seen.entry), "form": ReasonForm()}
    return render(request, "ledger/entry.html", context)


@guarded(LedgerRight.CLOSE)
@require_POST
def close(request: HttpRequest, entity_id: UUID, month: str) -> HttpResponse:
    day = _month(month)
    try:
        periods.close_period(entity_id=entity_id, month=day, by=request.actor)  # type: ignore[attr-defined]
        toast(request, _("%(month)s is closed.") % {"month": month})
    except NotVisible:
        raise
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
    return redirect(_page(request, entity_id, month))


@guarded(LedgerRight.CLOSE)
@require_POST
def reopen(request: HttpRequest, entity_id: UUID, month: str) -> HttpResponse:
    day = _month(month)
    reason = request.POST.get("reason", "")
    try:
        periods.reopen_period(entity_id=entity_id, month=day, reason=reason, by=request.actor)  # type: ignore[attr-defined]
        toast(request, _("%(month)s is open again.") % {"month": month})
    except NotVisible:
        raise
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
    return redirect(_page(request, entity_id, month))


def _month(text: str) -> dt.date:
    month = read_month(text)
    if month is None:
        raise Http404(_("There is no such month."))
    return month


def _page(request: HttpRequest, entity_id: UUID, month: str) -> str:
    """Back to the page of the button."""
    if request.POST.get("from") == "months":
        return f"{reverse('ledger:months')}?entity={entity_id}"
    return f"{reverse('ledger:trial_balance')}?entity={entity_id}&month={month}"
