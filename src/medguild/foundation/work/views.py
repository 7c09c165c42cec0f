"""Pages of work: mine, the team's, one item and what is done with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from medguild.foundation.access.demand import holds_at, login_of
from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.standards.history import story
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.parts import Tab
from medguild.foundation.ui.toasts import toast
from medguild.foundation.work import acts
from medguild.foundation.work.forms import HandOverForm, NewItemForm, ReassignForm
from medguild.foundation.work.listing import WorkTable, category_label, type_label
from medguild.foundation.work.models import WorkItem
from medguild.foundation.work.permissions import WorkRight
from medguild.foundation.work.ports import SubjectView, subject_kinds
from medguild.foundation.work.rules import LIVE, TAKEN, HandoffStatus, ItemStatus
from medguild.foundation.work.selectors import (
    handoff_count,
    handoffs_of,
    item_for,
    items_visible,
    live_items,
    my_work,
    needs_visible,
    subjects_of,
)
from medguild.foundation.work.services import ask_for_work
from medguild.foundation.work.words import (
    ESCALATION_WORDS,
    HANDOFF_TONES,
    HANDOFF_WORDS,
    PRIORITY_WORDS,
    STATUS_TONES,
    STATUS_WORDS,
    backup,
    clock,
    owner_of,
    receiver,
)


def tabs(actor: Actor, active: str) -> list[Tab]:
    return [
        Tab(_("Mine"), reverse("work:mine"), active == "mine"),
        Tab(_("Hand-offs"), reverse("work:handoffs"), active == "handoffs", handoff_count(actor) or None),
        Tab(_("Everybody's"), reverse("work:team"), active == "team"),
        Tab(_("All, with what is done"), reverse("work:all"), active == "all"),
    ]


def _list(request: HttpRequest, rows: Any, active: str) -> HttpResponseBase:
    actor = actor_of(request)
    context = {"tabs": tabs(actor, active), "may_do": actor.may(WorkRight.DO), "needs": needs_visible(actor)}
    return tables.table_response(request, WorkTable, rows, "work/list.html", context)


@guarded(WorkRight.READ, reads=NOTED)
@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest) -> HttpResponseBase:
    return _list(request, my_work(actor_of(request)), "mine")


@guarded(WorkRight.READ, reads=NOTED)
@require_http_methods(["GET", "POST"])
def team(request: HttpRequest) -> HttpResponseBase:
    return _list(request, live_items(actor_of(request)), "team")


@guarded(WorkRight.READ, reads=NOTED)
@require_http_methods(["GET", "POST"])
def everything(request: HttpRequest) -> HttpResponseBase:
    return _list(request, items_visible(actor_of(request)), "all")


@guarded(WorkRight.READ, reads=NOTED)
@require_GET
def item(request: HttpRequest, item_id: UUID) -> HttpResponse:
    found = item_for(actor_of(request), item_id)
    return render(request, "work/item.html", item_page(request, found, HandOverForm(item=found)))


def item_page(request: HttpRequest, found: WorkItem, form: HandOverForm) -> dict[str, Any]:
    actor = actor_of(request)
    note_reads(request, [found.patient_id] if found.patient_id else [])
    may_do = holds_at(actor, WorkRight.DO, found.unit_id)
    may_assign = holds_at(actor, WorkRight.ASSIGN, found.unit_id)
    own = found.assignee_id == login_of(actor)
    live = found.status in LIVE
    handoffs = handoffs_of(found)
    return {
        "item": found,
        "label": type_label(found),
        "category": category_label(found),
        "subject": subjects_of(actor, [found]).get(found.subject_id) if found.subject_id else None,
        "clock": clock(found),
        "status": (STATUS_TONES[found.status], STATUS_WORDS[found.status]),
        "priority": PRIORITY_WORDS[found.priority],
        "escalation": ESCALATION_WORDS.get(found.escalation, ""),
        "owner": owner_of(found),
        "backup": backup(found.duty),
        "may_take": may_do and found.status == ItemStatus.OPEN,
        "may_start": own and found.status == ItemStatus.ACCEPTED,
        "may_release": live and found.status in TAKEN and (own or may_assign),
        "may_close": live and may_do and (own or may_assign or found.assignee_id is None),
        "may_hand_over": own and found.status in TAKEN and not any(h.status == HandoffStatus.PENDING for h in handoffs),
        "may_reopen": found.status == ItemStatus.DONE and may_do and (found.closed_by == actor.id or may_assign),
        "reassign_form": ReassignForm(item=found) if live and may_assign else None,
        "hand_over_form": form,
        "handoffs": [(h, HANDOFF_TONES[h.status], HANDOFF_WORDS[h.status], receiver(h)) for h in handoffs],
        "moments": story("work_item", found.pk),
        "me": login_of(actor),
    }


@guarded(WorkRight.DO, reads=NOTED)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Open work by hand; `?patient=` names the patient it is about."""
    about = _patient_asked_for(request)
    form = NewItemForm(request.POST or None, actor=actor_of(request))
    if form.is_valid():
        with refusals(form):
            made = ask_for_work(by=actor_of(request), **form.values(), **_about(about))
            toast(request, _("Opened. It is with %(owner)s.") % {"owner": owner_of(made)})
            return redirect("work:item", made.pk)
    context = {"form": form, "about": about[1] if about else None}
    return render(request, "work/new.html", context, status=form_status(form))


def _patient_asked_for(request: HttpRequest) -> tuple[UUID, SubjectView] | None:
    """The patient of the URL as the actor may see them. Raises NotVisible."""
    text = request.GET.get("patient", "")
    if not text:
        return None
    kind = subject_kinds.find("patient")
    try:
        patient_id = UUID(text)
    except ValueError:
        raise NotVisible from None
    view = kind.view(actor_of(request), [patient_id]).get(patient_id) if kind else None
    if view is None:
        raise NotVisible
    note_reads(request, [patient_id])
    return patient_id, view


def _about(about: tuple[UUID, SubjectView] | None) -> dict[str, Any]:
    return {"subject": SubjectRef("patient", about[0]), "patient_id": about[0]} if about else {}


def _done(item_id: UUID, request: HttpRequest) -> None:
    acts.complete(item_id=item_id, outcome=request.POST.get("outcome", _("Done")), by=actor_of(request))
    undo = reverse("work:act", args=[item_id, "reopen"])
    toast(request, _("Done."), undo_url=undo)


def _cancel(item_id: UUID, request: HttpRequest) -> None:
    acts.cancel(item_id=item_id, reason=request.POST.get("reason", ""), by=actor_of(request))
    toast(request, _("Cancelled."))


def _reassign(item_id: UUID, request: HttpRequest) -> None:
    actor = actor_of(request)
    form = ReassignForm(request.POST, item=item_for(actor, item_id))
    if not form.is_valid():
        raise Refusal(_("Choose a person."))
    acts.reassign(item_id=item_id, to=form.cleaned_data["to"], by=actor)
    toast(request, _("Given to %(who)s.") % {"who": form.cleaned_data["to"].label()})


def _take(item_id: UUID, request: HttpRequest) -> None:
    acts.take(item_id=item_id, by=actor_of(request))
    toast(request, _("Taken."), undo_url=reverse("work:act", args=[item_id, "release"]))


def _start(item_id: UUID, request: HttpRequest) -> None:
    acts.start(item_id=item_id, by=actor_of(request))
    toast(request, _("Started."))


def _release(item_id: UUID, request: HttpRequest) -> None:
    acts.release(item_id=item_id, by=actor_of(request))
    toast(request, _("Put back."))


def _reopen(item_id: UUID, request: HttpRequest) -> None:
    acts.reopen(item_id=item_id, by=actor_of(request))
    toast(request, _("Taken up again; it is yours."))


ACTS: dict[str, Callable[[UUID, HttpRequest], None]] = {
    "take": _take,
    "start": _start,
    "release": _release,
    "done": _done,
    "cancel": _cancel,
    "reopen": _reopen,
    "reassign": _reassign,
}


@guarded(WorkRight.DO)
@require_POST
def act(request: HttpRequest, item_id: UUID, name: str) -> HttpResponse:
    """One act on one item; back to where the button was pressed."""
    if name not in ACTS:
        raise NotVisible
    try:
        ACTS[name](item_id, request)
    except NotVisible:
        raise
    except Refusal as refusal:
        toast(request, refusal.message, "bad")
    return redirect(_back(request, item_id))


def _back(request: HttpRequest, item_id: UUID) -> str:
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        return wanted
    return reverse("work:item", args=[item_id])
