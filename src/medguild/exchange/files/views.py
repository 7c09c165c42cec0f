"""Pages of the quarantine of files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from medguild.exchange.edi.permissions import EdiRight
from medguild.exchange.edi.reading import read_file
from medguild.exchange.files import selectors, services
from medguild.exchange.files.forms import ClaimForm, DiscardForm
from medguild.exchange.files.models import QuarantinedFile
from medguild.exchange.files.rules import OPEN, FileState
from medguild.exchange.files.tables import STATES, TONES, FileTable
from medguild.exchange.files.views_reading import answered, reported
from medguild.foundation.access.demand import holds_at
from medguild.foundation.access.guard import guarded
from medguild.foundation.events.actors import who
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import event_types
from medguild.foundation.events.selectors import timeline
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotAllowed, NotVisible, Refusal
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.parts import Moment
from medguild.foundation.ui.toasts import toast
from medguild.revenue.remittances.permissions import RemittancesRight

_Done = TypeVar("_Done")


@guarded(EdiRight.INSPECT)
@require_GET
def quarantine(request: HttpRequest) -> HttpResponseBase:
    rows = selectors.kept_files(actor_of(request))
    return tables.table_response(request, FileTable, rows, "files/quarantine.html", {})


@guarded(EdiRight.INSPECT)
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """Who brought it, why it is kept, and the file as it reads today; posting a claim number asks only about it."""
    actor = actor_of(request)
    row = selectors.kept_file(actor, file_id)
    form = ClaimForm(request.POST if request.method == "POST" else None)
    claim = form.cleaned_data["claim"] if form.is_valid() else ""
    content = selectors.content_of(row)
    context = {
        "row": row, "form": form, "status": STATES[row.status], "tone": TONES[row.status], "lost": content is None,
        "reading": read_file(content, row.filename, claim=claim) if content is not None else None,
        "moments": _moments(row), **_choices(actor, row),
    }  # fmt: skip
    return render(request, "files/show.html", context)


def _choices(actor: Actor, row: QuarantinedFile) -> dict[str, Any]:
    may_decide = row.status in OPEN and holds_at(actor, EdiRight.DECIDE, row.unit_id)
    sound = row.status == FileState.SOUND and "835" in row.kinds
    return {
        "may_decide": may_decide,
        "discard": DiscardForm() if may_decide else None,
        "may_import": may_decide and sound and holds_at(actor, RemittancesRight.POST, row.unit_id),
    }


def _moments(row: QuarantinedFile) -> list[Moment]:
    kept = timeline(subjects=[SubjectRef("quarantined_file", row.pk)])
    return [
        Moment(
            what=str(event_types.get(event.type).label), at=event.occurred_at, who=who(event),
            icon=event_types.get(event.type).icon,
        )
        for event in kept
    ]  # fmt: skip


@guarded(EdiRight.DECIDE)
@require_POST
def look_again(request: HttpRequest, file_id: UUID) -> HttpResponse:
    row = _act(request, file_id, lambda: services.look_again(file_id=file_id, by=actor_of(request)))
    if row is not None and row.status == FileState.SOUND:
        toast(request, _("It reads well now."))
    elif row is not None:
        toast(request, row.reason, tone="warn")
    return redirect("edi:file", file_id)


@guarded(EdiRight.DECIDE)
@require_POST
def discard(request: HttpRequest, file_id: UUID) -> HttpResponse:
    form = DiscardForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    if _act(request, file_id, lambda: services.discard(file_id=file_id, reason=reason, by=actor_of(request))):
        toast(request, _("Discarded; the file is kept with your reason."))
    return redirect("edi:file", file_id)


@guarded(EdiRight.DECIDE)
@require_POST
def import_now(request: HttpRequest, file_id: UUID) -> HttpResponse:
    done = _act(request, file_id, lambda: services.import_now(file_id=file_id, by=actor_of(request)))
    if done is None:
        return redirect("edi:file", file_id)
    count = len(done[1].remittances)
    toast(request, _("Taken in; %(count)d payments are in the list of remittances.") % {"count": count})
    return redirect("remittances:list")


def _act(request: HttpRequest, file_id: UUID, act: Callable[[], _Done]) -> _Done | None:
    """What the act gives; None when it was refused, which is told."""
    selectors.kept_file(actor_of(request), file_id, EdiRight.DECIDE)
    try:
        return act()
    except (NotVisible, NotAllowed):
        raise
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
        return None


@guarded(EdiRight.INSPECT)
@require_POST
def file_answer(request: HttpRequest, file_id: UUID) -> HttpResponse:
    row = selectors.kept_file(actor_of(request), file_id)
    return answered(selectors.content_of(row) or b"", row.filename)


@guarded(EdiRight.INSPECT)
@require_GET
def file_report(request: HttpRequest, file_id: UUID) -> HttpResponse:
    row = selectors.kept_file(actor_of(request), file_id)
    return reported(selectors.content_of(row) or b"", row.filename)
