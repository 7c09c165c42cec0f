"""Pages of deviations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from medguild.foundation.access.demand import holds_at, login_of
from medguild.foundation.access.guard import guarded
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.standards.deviations import (
    approve_deviation,
    end_deviation,
    reject_deviation,
    withdraw_deviation,
)
from medguild.foundation.standards.display import DEVIATION_TONES, DEVIATION_WORDS, shown
from medguild.foundation.standards.history import story
from medguild.foundation.standards.models import Deviation
from medguild.foundation.standards.permissions import StandardRight
from medguild.foundation.standards.ports import standards
from medguild.foundation.standards.resolution import readable
from medguild.foundation.standards.rules import DEVIATION_MOVES, DeviationStatus
from medguild.foundation.standards.selectors import deviation_for, deviations_visible
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.toasts import toast


class DeviationFilters(tables.FilterSet):
    status = tables.ChoiceFilter(choices=list(DEVIATION_WORDS.items()), label=_("Status"))


class DeviationTable(tables.Table):
    key_ = tables.Column(
        _("Standard"), accessor="key", linkify=lambda record: reverse("standards:deviation", args=[record.pk])
    )
    unit = tables.Column(_("Where"), accessor="unit__name")
    reason = tables.Column(_("Reason"))
    value = tables.Column(_("Value"), orderable=False)
    period = tables.PeriodColumn(_("Period"))
    status = tables.StatusColumn(_("Status"), tones=DEVIATION_TONES, labels=DEVIATION_WORDS)

    key = "deviations"
    caption = _("Deviations")
    filters = DeviationFilters
    empty = tables.Empty(
        _("No deviations"),
        _("A place that needs another value than the group's proposes it on the page of the standard."),
        icon="git-branch",
        href_name="standards:list",
        action=_("Open the standards"),
    )

    def render_key_(self, record: Deviation) -> str:
        return standard_label(record.key)

    def render_value(self, record: Deviation) -> str:
        return value_text(record)

    def value_value(self, record: Deviation) -> str:
        return value_text(record)


def standard_label(key: str) -> str:
    standard = standards.find(key)
    return str(standard.label) if standard else key


def value_text(deviation: Deviation) -> str:
    standard, value = standards.find(deviation.key), readable(deviation.key, deviation.value)
    return shown(standard, value) if standard and value is not None else str(deviation.value)


@guarded(StandardRight.READ)
@require_GET
def deviations(request: HttpRequest) -> HttpResponseBase:
    rows: QuerySet[Any] = deviations_visible(actor_of(request))
    return tables.table_response(request, DeviationTable, rows, "standards/deviations.html")


@guarded(StandardRight.READ)
@require_GET
def deviation(request: HttpRequest, deviation_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    row = deviation_for(actor, deviation_id)
    open_moves = DEVIATION_MOVES[DeviationStatus(row.status)]
    own = row.requested_by_id == login_of(actor)
    may = holds_at(actor, StandardRight.APPROVE, row.unit_id)
    context = {
        "row": row,
        "label": standard_label(row.key),
        "value": value_text(row),
        "tone": DEVIATION_TONES[row.status],
        "word": DEVIATION_WORDS[row.status],
        "may_decide": may and not own and DeviationStatus.APPROVED in open_moves,
        "may_withdraw": own and row.status == DeviationStatus.PROPOSED,
        "may_end": may and DeviationStatus.ENDED in open_moves,
        "moments": story("deviation", row.pk),
    }
    return render(request, "standards/deviation.html", context)


def _approve(actor: Actor, deviation_id: UUID, note: str) -> Deviation:
    return approve_deviation(deviation_id=deviation_id, by=actor, note=note)


def _reject(actor: Actor, deviation_id: UUID, note: str) -> Deviation:
    return reject_deviation(deviation_id=deviation_id, by=actor, note=note)


def _withdraw(actor: Actor, deviation_id: UUID, note: str) -> Deviation:
    return withdraw_deviation(deviation_id=deviation_id, by=actor)


def _end(actor: Actor, deviation_id: UUID, note: str) -> Deviation:
    return end_deviation(deviation_id=deviation_id, by=actor)


_ACTS: dict[str, Callable[[Actor, UUID, str], Deviation]] = {
    "approve": _approve,
    "reject": _reject,
    "withdraw": _withdraw,
    "end": _end,
}


@guarded(StandardRight.PROPOSE)
@require_POST
def decide(request: HttpRequest, deviation_id: UUID) -> HttpResponse:
    """Approve, reject, withdraw or end, as the pressed button says."""
    act = _ACTS.get(request.POST.get("act", ""))
    if act is not None:
        try:
            row = act(actor_of(request), deviation_id, request.POST.get("note", ""))
        except NotVisible:
            raise
        except Refusal as refusal:
            toast(request, refusal.message, "bad")
        else:
            toast(request, gettext("Now: %(status)s.") % {"status": DEVIATION_WORDS[row.status]})
    return redirect("standards:deviation", deviation_id)
