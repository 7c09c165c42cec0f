"""Steps that failed in the background: what failed, and the button that tries it again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from medguild.foundation.access.demand import holds_at
from medguild.foundation.access.guard import guarded
from medguild.foundation.events.actors import who
from medguild.foundation.events.dispatch import retry_failed
from medguild.foundation.events.models import Delivery, Event
from medguild.foundation.events.ports import event_types
from medguild.foundation.events.rules import DeliveryStatus
from medguild.foundation.events.setting_aside import set_aside, set_aside_event, steps_set_aside
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.parts import Tab
from medguild.foundation.ui.toasts import toast
from medguild.foundation.work.deliveries import DeliveryView, delivery_view, failed_deliveries
from medguild.foundation.work.forms import SetAsideForm
from medguild.foundation.work.permissions import WorkRight
from medguild.foundation.work.routing import top_unit

_WORDS = {
    DeliveryStatus.PENDING.value: _("Waits to be tried"),
    DeliveryStatus.DONE.value: _("Done"),
    DeliveryStatus.FAILED.value: _("Failed"),
}
_TONES = {DeliveryStatus.PENDING.value: "info", DeliveryStatus.DONE.value: "ok", DeliveryStatus.FAILED.value: "bad"}


def _retry_chosen(request: HttpRequest, rows: QuerySet[Delivery]) -> str:
    done = sum(retry_failed(delivery_id=row.pk, by=actor_of(request)) for row in rows)
    return ngettext("%(n)s step is tried again.", "%(n)s steps are tried again.", done) % {"n": done}


class DeliveryTable(tables.Table):
    subscriber = tables.Column(_("Step"), linkify=lambda record: reverse("work:delivery", args=[record.pk]))
    event_type = tables.Column(_("After"), orderable=False)
    error = tables.Column(_("Error"))
    attempts = tables.NumberColumn(_("Tries"))
    next_try_at = tables.DateColumn(_("Last try"))

    key = "failed-steps"
    caption = _("Steps that failed in the background")
    empty = tables.Empty(_("No step has failed"), _("What runs after an event and gives up stands here."), icon="check")
    bulk = (tables.BulkAct("retry", _("Try again"), run=_retry_chosen, permission=WorkRight.MANAGE, icon="refresh"),)

    def render_event_type(self, value: str) -> str:
        return _event_words(value)


class SetAsideTable(tables.Table):
    subject_label = tables.Column(_("Step"), orderable=False)
    after = tables.Column(_("After"), accessor="data__after", orderable=False)
    reason = tables.Column(_("Why"), accessor="data__reason", orderable=False)
    actor_label = tables.Column(_("By"), orderable=False)
    occurred_at = tables.DateTimeColumn(_("When"), zone="UTC")
    error = tables.Column(_("Error"), accessor="data__error", orderable=False)

    class Meta:
        order_by = ("-occurred_at",)

    key = "steps-set-aside"
    caption = _("Steps set aside")
    empty = tables.Empty(_("Nothing was set aside"), _("A step that can never succeed is set aside with a reason."))

    def render_actor_label(self, record: Event) -> str:
        return who(record)

    def render_after(self, value: str) -> str:
        return _event_words(value)


def _event_words(type_: str) -> str:
    declared = event_types.find(type_)
    return str(declared.label) if declared else type_


@guarded(WorkRight.MANAGE)
@require_http_methods(["GET", "POST"])
def deliveries(request: HttpRequest) -> HttpResponseBase:
    _refuse_below_the_house(request)
    context = {"tabs": _tabs("deliveries")}
    return tables.table_response(request, DeliveryTable, failed_deliveries(), "work/deliveries.html", context)


@guarded(WorkRight.MANAGE)
@require_GET
def set_aside_list(request: HttpRequest) -> HttpResponseBase:
    """Steps that somebody gave up, with the reason: they were never done."""
    _refuse_below_the_house(request)
    context = {"tabs": _tabs("steps_set_aside")}
    return tables.table_response(request, SetAsideTable, steps_set_aside(), "work/deliveries.html", context)


def _tabs(active: str) -> list[Tab]:
    named = (("deliveries", gettext("Failed")), ("steps_set_aside", gettext("Set aside")))
    return [Tab(label, reverse(f"work:{name}"), name == active) for name, label in named]


@guarded(WorkRight.MANAGE)
@require_POST
def give_up(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """Set a step aside that can never succeed."""
    _refuse_below_the_house(request)
    if delivery_view(delivery_id) is None:
        raise NotVisible
    try:
        set_aside(delivery_id=delivery_id, reason=request.POST.get("reason", ""), by=actor_of(request))
        toast(request, gettext("Set aside. What waited behind it goes on."))
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
    return redirect("work:delivery", delivery_id)


@guarded(WorkRight.MANAGE)
@require_http_methods(["GET", "POST"])
def delivery(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """One step: GET shows it, POST tries it again."""
    _refuse_below_the_house(request)
    shown = delivery_view(delivery_id)
    if shown is None:
        raise NotVisible
    if request.method == "POST":
        again = retry_failed(delivery_id=delivery_id, by=actor_of(request))
        words = gettext("It is tried again within seconds.") if again else gettext("It is not failed any more.")
        toast(request, words)
        return redirect("work:delivery", delivery_id)
    return render(request, "work/delivery.html", _context(shown))


def _refuse_below_the_house(request: HttpRequest) -> None:
    """Steps belong to no unit: they are for those who manage work of the whole house."""
    if not holds_at(actor_of(request), WorkRight.MANAGE, top_unit()):
        raise NotVisible


def _context(shown: DeliveryView) -> dict[str, Any]:
    status = shown.delivery.status
    given_up = set_aside_event(shown.delivery.pk) if status == DeliveryStatus.DONE else None
    return {
        "given_up": given_up,
        "given_up_by": who(given_up) if given_up else "",
        "aside_form": SetAsideForm(),
        "shown": shown,
        "delivery": shown.delivery,
        "status": ("neutral", _("Set aside")) if given_up else (_TONES[status], _WORDS[status]),
        "after": _event_words(shown.event_type),
        "failed": status == DeliveryStatus.FAILED,
    }
