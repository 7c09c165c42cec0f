"""The preview of a version, and applying it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from medguild.foundation.access.guard import NOTED, guarded
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.toasts import toast
from medguild.operations.scheduling.checks import covers
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.rooming import in_other_rooms, kept_words
from medguild.operations.templates import drafting, selectors, showing
from medguild.operations.templates.applying import apply_version, preview_is_fresh
from medguild.operations.templates.limits import breaches_of
from medguild.operations.templates.models import PlannedMove, TemplateBlock
from medguild.operations.templates.previewing import plan_of, preview_version
from medguild.operations.templates.rules import LEFT, Choice, VersionStatus
from medguild.operations.templates.tables import MoveTable
from medguild.operations.templates.tasks import move_plan
from medguild.operations.templates.withdrawing import begin_withdrawal, withdrawn_by


@guarded(SchedulingRight.READ, reads=NOTED)
def preview(request: HttpRequest, version_id: UUID) -> HttpResponseBase:
    """What the version changes: hours, free times by kind of visit and by day, and each visit that must move."""
    actor = actor_of(request)
    version = selectors.version(actor, version_id)
    effect = showing.effect_of(version)
    if effect is None:
        return redirect("templates:show", version.pk)
    plan = plan_of(version)
    rows = selectors.moves(actor, plan) if plan else PlannedMove.objects.none()
    open_ = version.status == VersionStatus.PREVIEWED
    undecided = rows.filter(status__in=sorted(LEFT), choice=Choice.NONE).count() if plan else 0
    context = {
        "version": version,
        "plan": plan,
        "effect": effect,
        "summary": showing.summary_of(effect),
        "week": showing.week_of(drafting.blocks_of(version)),
        "open": open_,
        "withdrawn": withdrawn_by(version) if open_ else [],
        "fresh": preview_is_fresh(version=version) if open_ else True,
        "undecided": undecided,
        "breaches": breaches_of(
            drafting.blocks_of(version), clinician_id=version.clinician_id, on=version.period.lower
        ) if open_ else [],
        "may_change": covers(actor, SchedulingRight.TEMPLATES, version.clinician.resource.unit_id),
    }  # fmt: skip
    return tables.table_response(request, MoveTable, rows, "templates/preview.html", context)


@guarded(SchedulingRight.TEMPLATES)
@require_POST
def make(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Make the preview, or make it again."""
    version = selectors.version(actor_of(request), version_id)
    try:
        preview_version(version=version, by=actor_of(request))
    except NotVisible:
        raise
    except Refusal as refusal:
        toast(request, refusal.message, "bad")
        return redirect("templates:edit", version.pk)
    return redirect("templates:preview", version.pk)


@guarded(SchedulingRight.TEMPLATES)
@require_POST
def withdraw(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Show what it would change to take a version back that was applied for a day to come."""
    version = selectors.version(actor_of(request), version_id)
    try:
        draft = begin_withdrawal(version=version, by=actor_of(request))
    except NotVisible:
        raise
    except Refusal as refusal:
        toast(request, refusal.message, "bad")
        return redirect("templates:show", version.pk)
    return redirect("templates:preview", draft.pk)


@guarded(SchedulingRight.TEMPLATES)
@require_POST
def apply(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Apply the version; its visits are moved right after, one by one."""
    actor = actor_of(request)
    version = selectors.version(actor, version_id)
    try:
        apply_version(version=version, by=actor)
    except NotVisible:
        raise
    except Refusal as refusal:
        toast(request, refusal.message, "bad")
        return redirect("templates:preview", version.pk)
    sessions = TemplateBlock.objects.visible_to(actor).filter(version=version).values("session_id")
    if kept := kept_words(list(in_other_rooms(actor, sessions))):
        toast(request, kept, "warn")
    plan = plan_of(version)
    if plan is None or not selectors.moves(actor, plan).filter(status__in=sorted(LEFT)).exists():
        toast(request, _("Applied. No visit had to move."))
        return redirect("templates:history", version.clinician_id)
    move_plan.defer(plan_id=str(plan.pk))
    toast(request, _("Applied. The visits are being moved as chosen; patients are told."))
    return redirect("templates:moves", plan.pk)
