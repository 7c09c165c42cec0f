"""What the page of a visit tells of its changes, and the page that overbooks of its limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date, now
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.organization.models import Site
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.toasts import toast
from medguild.operations.scheduling import selectors
from medguild.operations.scheduling.cancelling import waive_late
from medguild.operations.scheduling.change_models import Cancellation
from medguild.operations.scheduling.checks import covers
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.moves import moves_of
from medguild.operations.scheduling.overbooking import overbooking_on
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.ports import PanelPlace, PanelRef, SchedulePanel, schedule_panels


def judgement_of(appointment: Appointment) -> Cancellation | None:
    """How the cancellation of a visit that the caller sees was judged."""
    rows = Cancellation.objects.unscoped("the visit is visible").filter(appointment=appointment)
    found: Cancellation | None = rows.select_related("appointment__visit_type").first()
    return found


def _changes(actor: Actor, ref: PanelRef) -> Mapping[str, Any]:
    visit = ref.appointment
    if visit is None:
        return {}
    moves, judged = moves_of(visit), judgement_of(visit)
    if not moves and judged is None:
        return {}
    waivable = judged is not None and judged.late and judged.waived_at is None
    return {
        "moves": moves, "judged": judged, "zone": visit.unit.site.time_zone, "visit": visit,
        "notice_hours": round(judged.notice_minutes / 60, 1) if judged else None,
        "wanted_hours": judged.wanted_minutes // 60 if judged else None,
        "may_waive": waivable and covers(actor, SchedulingRight.WAIVE, visit.unit_id),
    }  # fmt: skip


def _limits(actor: Actor, ref: PanelRef) -> Mapping[str, Any]:
    """Of the day, where it is known; else of today."""
    zone = Site.objects.filter(unit_id=ref.site_id).values_list("time_zone", flat=True).first()
    if zone is None:
        return {}
    day = ref.day or local_date(now(), zone)
    use = overbooking_on(clinician_id=ref.clinician_id, unit_id=ref.site_id, zone=zone, day=day)
    return {"use": use, "day": day}


schedule_panels.register(
    "changes",
    SchedulePanel("changes", PanelPlace.VISIT, 40, "scheduling/_changes_panel.html", _changes, SchedulingRight.READ),
)
schedule_panels.register(
    "overbook_limits",
    SchedulePanel(
        "overbook_limits", PanelPlace.OVERBOOK, 10, "scheduling/_limits_panel.html", _limits, SchedulingRight.OVERBOOK
    ),
)


@guarded(SchedulingRight.WAIVE, reads=NOTED)
@require_POST
def waive(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """Let the patient off a late cancellation, with the reason."""
    actor = actor_of(request)
    visit = selectors.appointment(actor, appointment_id)
    judged = judgement_of(visit)
    if judged is None:
        raise NotVisible
    note_reads(request, [visit.patient_id])
    try:
        waive_late(cancellation=judged, reason=request.POST.get("reason", ""), by=actor)
        toast(request, _("Waived. It still counts as late."))
    except NotVisible:
        raise
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
    return redirect("scheduling:show", visit.pk)
