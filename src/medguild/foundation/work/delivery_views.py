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
from django.views.decorators.http import require_http_methods

from medguild.foundation.access.demand import holds_at
from medguild.foundation.access.guard import guarded
from medguild.foundation.events.dispatch import retry_failed
from medguild.foundation.events.models import Delivery
from medguild.foundation.events.ports import event_types
from medguild.foundation.events.rules import DeliveryStatus
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.toasts import toast
from medguild.foundation.work.deliveries import DeliveryView, delivery_view, failed_deliveries
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


def _event_words(type_: str) -> str:
    declared = event_types.find(type_)
    return str(declared.label) if declared else type_


@guarded(WorkRight.MANAGE)
@require_http_methods(["GET", "POST"])
def deliveries(request: HttpRequest) -> HttpResponseBase:
    _refuse_below_the_house(request)
    return tables.table_response(request, DeliveryTable, failed_deliveries(), "work/deliveries.html", {})


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
    return {
        "shown": shown,
        "delivery": shown.delivery,
        "status": (_TONES[status], _WORDS[status]),
        "after": _event_words(shown.event_type),
        "failed": status == DeliveryStatus.FAILED,
    }
