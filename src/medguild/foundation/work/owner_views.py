"""The who-owns-what map, and the form of a duty."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from medguild.foundation.access.demand import holds_at
from medguild.foundation.access.guard import guarded
from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.rules import UnitKind
from medguild.foundation.organization.selectors import units_visible
from medguild.foundation.standards.display import LEVEL_WORDS
from medguild.foundation.ui.asked import uuid_or_none
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.parts import Tab
from medguild.foundation.ui.toasts import toast
from medguild.foundation.work.duties import assign_duty, assign_presets, end_duty
from medguild.foundation.work.forms import DutyForm
from medguild.foundation.work.ownership import OwnerCell, duty_at, who_owns_what
from medguild.foundation.work.permissions import WorkRight
from medguild.foundation.work.ports import work_types
from medguild.foundation.work.selectors import needs_visible
from medguild.foundation.work.words import HEALTH_TONES, HEALTH_WORDS, accountable, backup

_KINDS = (UnitKind.ENTITY, UnitKind.PRACTICE, UnitKind.SITE)


@guarded(WorkRight.READ)
@require_GET
def owners(request: HttpRequest) -> HttpResponse:
    """The map; `?by=site` chooses the columns, `?only=red` keeps rows in which somebody is missing."""
    actor = actor_of(request)
    by = request.GET.get("by", UnitKind.PRACTICE)
    kind = UnitKind(by) if by in set(_KINDS) else UnitKind.PRACTICE
    only = request.GET.get("only") == "red"
    found = who_owns_what(actor, kind=kind)
    manage = actor.scope(WorkRight.MANAGE)
    rows = [
        {
            "label": row.work_type.label,
            "icon": row.work_type.icon,
            "red": row.red,
            "cells": [
                _cell(cell, row.work_type.key, manage.everything or cell.unit.pk in manage.units) for cell in row.cells
            ],
        }
        for row in found.rows
        if row.red or not only
    ]
    context = {
        "units": found.units,
        "rows": rows,
        "red": found.red_cells,
        "only": only,
        "kind": kind,
        "tabs": [Tab(LEVEL_WORDS[k], f"?by={k}", k == kind) for k in _KINDS],
        "needs": [(need, type_label_of(need.work_type)) for need in needs_visible(actor)],
        "preset_units": list(units_visible(actor, WorkRight.MANAGE).exclude(kind=UnitKind.DEPARTMENT)),
    }
    return render(request, "work/owners.html", context)


def type_label_of(key: str) -> Any:
    declared = work_types.find(key)
    return declared.label if declared else key


def _cell(cell: OwnerCell, key: str, may_manage: bool) -> dict[str, Any]:
    duty = cell.duty
    return {
        "tone": HEALTH_TONES[cell.health],
        "word": HEALTH_WORDS[cell.health],
        "red": cell.red,
        "owner": accountable(duty) if duty else "",
        "backup": backup(duty) if duty else "",
        "cover": duty.cover_hours if duty else "",
        "from": duty.unit.label() if duty and cell.inherited else "",
        "holders": cell.holders,
        "unit": cell.unit,
        "edit": reverse("work:duty", args=[key, cell.unit.pk]) if may_manage else "",
    }


@guarded(WorkRight.MANAGE)
@require_http_methods(["GET", "POST"])
def duty(request: HttpRequest, work_type: str, unit_id: UUID) -> HttpResponse:
    actor, declared = actor_of(request), work_types.find(work_type)
    unit = get_object_or_404(Unit, pk=unit_id)
    if declared is None or not holds_at(actor, WorkRight.MANAGE, unit.pk):
        raise Http404
    current = duty_at(unit, declared.key)
    form = DutyForm(request.POST or None, unit=unit, declared=declared, duty=current)
    if form.is_valid():
        with refusals(form):
            assign_duty(work_type=declared.key, unit=unit, by=actor, **form.cleaned_data)
            toast(request, _("Assigned."))
            return redirect("work:owners")
    context = {"form": form, "unit": unit, "label": declared.label, "current": current, "today": today()}
    return render(request, "work/duty.html", context, status=form_status(form))


@guarded(WorkRight.MANAGE)
@require_POST
def end(request: HttpRequest, duty_id: UUID) -> HttpResponse:
    try:
        ended = end_duty(duty_id=duty_id, by=actor_of(request))
    except NotVisible:
        raise
    except Refusal as refusal:
        toast(request, refusal.message, "bad")
    else:
        toast(request, _("Ended: %(what)s.") % {"what": type_label_of(ended.work_type)})
    return redirect("work:owners")


@guarded(WorkRight.MANAGE)
@require_POST
def presets(request: HttpRequest) -> HttpResponse:
    """Give every type of work without an owner at a unit its proposed role."""
    actor = actor_of(request)
    wanted = uuid_or_none(request.POST.get("unit", ""))
    unit = units_visible(actor, WorkRight.MANAGE).filter(pk=wanted).first() if wanted else None
    if unit is None:
        raise NotVisible
    made = assign_presets(unit=unit, by=actor)
    toast(request, _("%(n)s types of work have an owner now.") % {"n": made})
    return redirect("work:owners")
