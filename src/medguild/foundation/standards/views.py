"""Pages of standards: the catalogue, the variation map, one standard and what is set."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from medguild.foundation.access.guard import guarded
from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.standards.deviations import propose_deviation
from medguild.foundation.standards.display import LEVEL_WORDS, MODE_NAMES, MODE_TONES, MODE_WORDS, limits, shown
from medguild.foundation.standards.forms import DeviateForm, MarkForm, SetForm
from medguild.foundation.standards.permissions import StandardRight
from medguild.foundation.standards.ports import Standard, standards, target_choices
from medguild.foundation.standards.resolution import readable
from medguild.foundation.standards.rules import Dimension
from medguild.foundation.standards.selectors import MapCell, MapRow, outcome_columns, settings_visible, variation_map
from medguild.foundation.standards.services import clear_standard, mark_process, set_standard
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast


def _known(key: str) -> Standard:
    standard = standards.find(key)
    if standard is None:
        raise Http404
    return standard


def _cell(row: MapRow, cell: MapCell) -> dict[str, Any]:
    return {
        "unit": cell.unit,
        "value": shown(row.standard, cell.resolved.value),
        "level": LEVEL_WORDS[cell.resolved.level] if cell.resolved.level else _("Default"),
        "differs": cell.differs,
        "deviation": cell.deviation,
    }


def _line(row: MapRow) -> dict[str, Any]:
    followed, of = row.adopted
    return {
        "standard": row.standard,
        "group": shown(row.standard, row.group.value),
        "mode": MODE_WORDS[row.mode],
        "mode_name": MODE_NAMES[row.mode],
        "mode_tone": MODE_TONES[row.mode],
        "mark": row.mark,
        "review_due": row.mark is not None and row.mark.review_on <= today(),
        "followed": followed,
        "of": of,
        "varies": row.varies,
        "cells": [_cell(row, cell) for cell in row.cells],
    }


@guarded(StandardRight.READ)
@require_GET
def catalogue(request: HttpRequest) -> HttpResponse:
    areas: dict[str, list[dict[str, Any]]] = {}
    for row in variation_map(actor_of(request)).rows:
        areas.setdefault(str(row.standard.area) or _("Other"), []).append(_line(row))
    return render(request, "standards/list.html", {"areas": sorted(areas.items())})


@guarded(StandardRight.READ)
@require_GET
def variation(request: HttpRequest) -> HttpResponse:
    """The map; `?only=differing` leaves out what is the same everywhere."""
    found = variation_map(actor_of(request))
    only = request.GET.get("only") == "differing"
    lines = [_line(row) for row in found.rows if row.varies or not only]
    differing = sum(row.varies for row in found.rows)
    context = {"units": found.units, "lines": lines, "only": only, "differing": differing, "all": len(found.rows)}
    return render(request, "standards/map.html", context)


@guarded(StandardRight.READ)
@require_GET
def show(request: HttpRequest, key: str) -> HttpResponse:
    actor, standard = actor_of(request), _known(key)
    found = variation_map(actor, keys=[key])
    columns = outcome_columns(key, found.units)
    line = _line(found.rows[0])
    for cell in line["cells"]:
        cell["outcomes"] = [column.values.get(cell["unit"].pk, "–") for column in columns]
    context = {
        "standard": standard,
        "line": line,
        "limits": limits(standard),
        "default": shown(standard, standard.default),
        "levels": [LEVEL_WORDS[level] for level in standard.order if level in standard.levels],
        "outcomes": columns,
        "settings": _settings(request, standard),
        "may_manage": actor.may(StandardRight.MANAGE),
        "may_propose": actor.may(StandardRight.PROPOSE),
    }
    return render(request, "standards/show.html", context)


def _settings(request: HttpRequest, standard: Standard) -> list[dict[str, Any]]:
    actor = actor_of(request)
    rows = list(settings_visible(actor, standard.key)[:100])
    names: dict[str, str] = {}
    for dimension in {row.dimension for row in rows} - {Dimension.UNIT.value}:
        choices = target_choices.find(dimension)
        names |= dict(choices(actor)) if choices else {}
    manage = actor.scope(StandardRight.MANAGE)
    return [
        {
            "row": row,
            "value": shown(standard, value) if (value := readable(row.key, row.value)) is not None else "–",
            "whom": names.get(row.target, row.target) or _("Everybody there"),
            "current": row.period.upper is None or row.period.upper > today(),
            "mine": manage.everything or row.unit_id in manage.units,
        }
        for row in rows
    ]


@guarded(StandardRight.MANAGE)
@require_http_methods(["GET", "POST"])
def set_value(request: HttpRequest, key: str) -> HttpResponse:
    actor, standard = actor_of(request), _known(key)
    form = SetForm(request.POST or None, standard=standard, actor=actor)
    if form.is_valid():
        with refusals(form):
            set_standard(key=key, by=actor, **form.values())
            toast(request, _("Set."))
            return redirect("standards:show", key)
    context = {"standard": standard, "form": form, "title": _("Set a value"), "submit": _("Set")}
    return render(request, "standards/form.html", context, status=form_status(form))


@guarded(StandardRight.MANAGE)
@require_POST
def clear(request: HttpRequest, key: str, setting_id: UUID) -> HttpResponse:
    try:
        clear_standard(setting_id=setting_id, by=actor_of(request))
    except NotVisible:
        raise
    except Refusal as refusal:
        toast(request, refusal.message, "bad")
    else:
        toast(request, _("Ended; the more general value holds again."))
    return redirect("standards:show", key)


@guarded(StandardRight.PROPOSE)
@require_http_methods(["GET", "POST"])
def deviate(request: HttpRequest, key: str) -> HttpResponse:
    actor, standard = actor_of(request), _known(key)
    form = DeviateForm(request.POST or None, standard=standard, actor=actor)
    if form.is_valid():
        with refusals(form):
            deviation = propose_deviation(key=key, by=actor, **form.values())
            toast(request, _("Proposed. It counts once somebody else has approved it."))
            return redirect("standards:deviation", deviation.pk)
    context = {"standard": standard, "form": form, "title": _("Propose a deviation"), "submit": _("Propose")}
    return render(request, "standards/form.html", context, status=form_status(form))


@guarded(StandardRight.MANAGE)
@require_http_methods(["GET", "POST"])
def mark(request: HttpRequest, key: str) -> HttpResponse:
    standard = _known(key)
    form = MarkForm(request.POST or None, standard=standard)
    if form.is_valid():
        with refusals(form):
            mark_process(key=key, by=actor_of(request), **form.cleaned_data)
            toast(request, _("Marked."))
            return redirect("standards:show", key)
    context = {"standard": standard, "form": form, "title": _("Say how far it may vary"), "submit": _("Mark")}
    return render(request, "standards/form.html", context, status=form_status(form))
