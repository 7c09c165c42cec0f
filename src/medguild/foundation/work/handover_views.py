"""Pages of hand-offs: sending, and answering what waits."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import refusals
from medguild.foundation.ui.toasts import toast
from medguild.foundation.work.forms import HandOverForm
from medguild.foundation.work.handovers import accept_handover, decline_handover, hand_over, withdraw_handover
from medguild.foundation.work.listing import type_label
from medguild.foundation.work.permissions import WorkRight
from medguild.foundation.work.selectors import handoffs_for, handoffs_sent, item_for, subjects_of
from medguild.foundation.work.views import item_page, tabs
from medguild.foundation.work.words import receiver


@guarded(WorkRight.READ, reads=NOTED)
@require_GET
def handoffs(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    waiting, sent = list(handoffs_for(actor)), list(handoffs_sent(actor))
    items = [handoff.item for handoff in (*waiting, *sent)]
    subjects = subjects_of(actor, items)
    note_reads(request, [item.patient_id for item in items if item.patient_id])
    context = {
        "tabs": tabs(actor, "handoffs"),
        "waiting": [
            {
                "handoff": handoff,
                "label": type_label(handoff.item),
                "subject": subjects.get(handoff.item.subject_id) if handoff.item.subject_id else None,
                "late": handoff.due_at <= now(),
            }
            for handoff in waiting
        ],
        "sent": [
            {
                "handoff": handoff,
                "label": type_label(handoff.item),
                "to": receiver(handoff),
                "late": handoff.due_at <= now(),
            }
            for handoff in sent
        ],
    }
    return render(request, "work/handoffs.html", context)


@guarded(WorkRight.DO)
@require_POST
def send(request: HttpRequest, item_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    item = item_for(actor, item_id)
    form = HandOverForm(request.POST, item=item)
    if form.is_valid():
        with refusals(form):
            hand_over(item_id=item_id, by=actor, **form.cleaned_data)
            toast(request, _("Sent. It stays yours until it is accepted."))
            return redirect("work:item", item_id)
    return render(request, "work/item.html", item_page(request, item, form), status=422)


@guarded(WorkRight.DO)
@require_POST
def answer(request: HttpRequest, handoff_id: UUID) -> HttpResponse:
    """Accept, decline or withdraw, as the pressed button says."""
    actor, wanted = actor_of(request), request.POST.get("act", "")
    try:
        if wanted == "accept":
            item = accept_handover(handoff_id=handoff_id, by=actor)
            toast(request, _("Accepted; it is yours."))
            return redirect("work:item", item.pk)
        if wanted == "decline":
            decline_handover(handoff_id=handoff_id, reason=request.POST.get("reason", ""), by=actor)
            toast(request, _("Declined; the sender keeps it."))
        elif wanted == "withdraw":
            withdraw_handover(handoff_id=handoff_id, by=actor)
            toast(request, _("Withdrawn; it stays yours."))
    except NotVisible:
        raise
    except Refusal as refusal:
        toast(request, refusal.message, "bad")
    return redirect("work:handoffs")
