"""Pages of the model: how well it foretells, its versions, the audit by group."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from medguild.foundation.access.demand import holds_at
from medguild.foundation.access.guard import guarded
from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.organization.selectors import sites_visible
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.toasts import toast
from medguild.operations.attendance import selectors, showing
from medguild.operations.attendance.asking import ask_for_training
from medguild.operations.attendance.models import NoShowModel
from medguild.operations.attendance.permissions import AttendanceRight
from medguild.operations.attendance.rules import Stage
from medguild.operations.attendance.standards import bar
from medguild.operations.attendance.tabs import page_tabs
from medguild.operations.attendance.training import library_is_there
from medguild.operations.attendance.words import STAGES


@guarded(AttendanceRight.READ)
@require_GET
def model(request: HttpRequest) -> HttpResponse:
    """The model in use where the reader works, or how to get one."""
    found = _in_use(request, AttendanceRight.READ)
    return _page(request, found[0] if found else None, found)


@guarded(AttendanceRight.READ)
@require_GET
def version(request: HttpRequest, model_id: UUID) -> HttpResponse:
    """One version, in use or not."""
    return _page(request, _visible(request, model_id, AttendanceRight.READ), _in_use(request, AttendanceRight.READ))


def _in_use(request: HttpRequest, right: str) -> list[NoShowModel]:
    """Models in use at the reader's sites, those for bookings first."""
    sites = [site.unit_id for site in sites_visible(actor_of(request), right)]
    return [one for stage in Stage for one in selectors.models_at(sites, on=today(), stage=stage)]


def _visible(request: HttpRequest, model_id: UUID, right: str) -> NoShowModel:
    """A version of a unit whose model is used at the reader's sites."""
    found = selectors.model(model_id)
    if found.unit_id not in {one.unit_id for one in _in_use(request, right)}:
        raise NotVisible
    return found


def _page(request: HttpRequest, shown: NoShowModel | None, in_use: list[NoShowModel]) -> HttpResponse:
    actor = actor_of(request)
    may_train = [
        unit for unit in selectors.units_to_train(on=today()) if holds_at(actor, AttendanceRight.TRAIN, unit.pk)
    ]
    context: dict[str, Any] = {
        "tabs": page_tabs(actor, "attendance:model"),
        "model": shown,
        "library": library_is_there(),
        "trainable": may_train,
        "may_audit": actor.may(AttendanceRight.AUDIT),
    }
    if shown is not None:
        found = shown.evaluation
        context |= {
            "stage": STAGES[shown.stage],
            "shortfalls": showing.shortfall_words(shown),
            "features": showing.feature_words(shown),
            "rows": showing.quality_rows(found),
            "columns": showing.quality_columns(),
            "chart": showing.calibration_chart(found),
            "learned": f"{shown.visits:,}",
            "missed": f"{shown.missed:,}",
            "rate": showing.percent(found.whole.rate),
            "predicted": showing.percent(found.whole.predicted),
            "auc": showing.number(found.whole.auc),
            "auc_later": showing.number(found.later.auc),
            "ece": showing.percent(found.whole.ece),
            "bar": bar(),
            "calibration": selectors.newest_calibration(shown),
            "versions": [
                (one, STAGES[one.stage]) for one in selectors.models_of({other.unit_id for other in in_use})[:20]
            ],
        }
    return render(request, "attendance/model.html", context)


@guarded(AttendanceRight.TRAIN)
@require_POST
def train(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Asks the worker for a new version."""
    unit = next((one for one in selectors.units_to_train(on=today()) if one.pk == unit_id), None)
    if unit is None:
        raise NotVisible
    try:
        ask_for_training(unit=unit, by=actor_of(request))
        toast(request, _("A new version is being learned; it appears here in a minute or two."), "info")
    except NotVisible:
        raise
    except Refusal as refusal:
        toast(request, refusal.message, "bad")
    return redirect("attendance:model")


@guarded(AttendanceRight.AUDIT)
@require_GET
def fairness(request: HttpRequest) -> HttpResponse:
    """The audit of the model in use."""
    found = _in_use(request, AttendanceRight.AUDIT)
    return _audit(request, found[0] if found else None)


@guarded(AttendanceRight.AUDIT)
@require_GET
def fairness_of(request: HttpRequest, model_id: UUID) -> HttpResponse:
    """The audit of one version."""
    return _audit(request, _visible(request, model_id, AttendanceRight.AUDIT))


def _audit(request: HttpRequest, shown: NoShowModel | None) -> HttpResponse:
    cells = list(selectors.cells_of(shown)) if shown else []
    context = {
        "tabs": page_tabs(actor_of(request), "attendance:fairness"),
        "model": shown,
        "stage": STAGES[shown.stage] if shown else "",
        "groups": showing.group_tables(cells),
        "flagged": sum(bool(cell.flags) for cell in cells),
        "hidden": sum(cell.visits is None for cell in cells),
    }
    return render(request, "attendance/fairness.html", context)
