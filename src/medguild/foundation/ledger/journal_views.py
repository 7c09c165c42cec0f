"""Pages of the books: the journal, an entry by hand, taking one back, months with who closed them, between entities."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from medguild.foundation.access.guard import guarded
from medguild.foundation.events.actors import who
from medguild.foundation.events.events import EventRecord
from medguild.foundation.events.ports import event_types
from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.ledger import closings
from medguild.foundation.ledger.forms import JournalForm, LineFormSet, ReopenForm
from medguild.foundation.ledger.journal import post_by_hand, take_back
from medguild.foundation.ledger.permissions import LedgerRight
from medguild.foundation.ledger.tables import EntryTable
from medguild.foundation.ledger.tabs import book_tabs
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.parts import Moment
from medguild.foundation.ui.toasts import toast

_MORE = 4


@guarded(LedgerRight.READ)
@require_GET
def journal(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    context = {"tabs": book_tabs(actor, "journal"), "may_post": actor.may(LedgerRight.POST)}
    return tables.table_response(request, EntryTable, closings.entries(actor), "ledger/journal.html", context)


@guarded(LedgerRight.POST)
@require_http_methods(["GET", "POST"])
def new_entry(request: HttpRequest) -> HttpResponse:
    """Post an entry by hand; `more` asks for further empty lines."""
    actor = actor_of(request)
    accounts = {str(account.pk): account for account in closings.accounts_to_post(actor)}
    more = "more" in request.POST
    data = request.POST.copy() if request.method == "POST" else None
    if data is not None and more:
        data["form-TOTAL_FORMS"] = str(int(data.get("form-TOTAL_FORMS") or 0) + _MORE)
    form = JournalForm(data, initial={"occurred_on": today(), "key": new_id()})
    lines = LineFormSet(data, form_kwargs={"accounts": accounts, "entities": closings.counterparties(actor)})
    if data is not None and not more and form.is_valid() and lines.is_valid():
        with refusals(form):
            entry = post_by_hand(
                lines=[line for line in (one.line() for one in lines) if line is not None],
                by=actor,
                **form.cleaned_data,
            )
            toast(request, _("Posted."))
            return redirect("ledger:entry", entry.pk)
    status = 200 if more else form_status(form)
    if data is not None and not more and not lines.is_valid():
        status = 422
    return render(request, "ledger/new_entry.html", {"form": form, "lines": lines}, status=status)


@guarded(LedgerRight.POST)
@require_POST
def take_back_entry(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    try:
        opposite = take_back(entry_id=entry_id, reason=request.POST.get("reason", ""), by=actor_of(request))
    except NotVisible:
        raise
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
        return redirect("ledger:entry", entry_id)
    toast(request, _("Taken back by this entry."))
    return redirect("ledger:entry", opposite.pk)


@guarded(LedgerRight.READ)
@require_GET
def months(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    page = closings.months_page(actor, entity=request.GET.get("entity", ""), today=today())
    context = {
        "page": page, "reopen": ReopenForm(), "tabs": book_tabs(actor, "months"),
        "moments": [_moment(one) for one in page.history],
    }  # fmt: skip
    return render(request, "ledger/months.html", context)


def _moment(event: EventRecord) -> Moment:
    declared = event_types.find(event.type)
    what = f"{declared.label if declared else event.type}: {event.subject.label}"
    return Moment(
        what, event.occurred_at, who=who(event), icon=declared.icon if declared else "circle-dot",
        detail=str(event.data.get("reason", "")),
    )  # fmt: skip


@guarded(LedgerRight.READ)
@require_GET
def between(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    context = {"tabs": book_tabs(actor, "between"), "rows": closings.between_entities(actor)}
    return render(request, "ledger/between.html", context)
