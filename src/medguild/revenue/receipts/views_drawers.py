"""Pages of drawers: one's own, any of a site, and the close of a site's day."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.clock import local_date, now
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.operations.scheduling.sites import remember_site, site_tabs, usual_site
from medguild.revenue.receipts import drawers, selectors
from medguild.revenue.receipts.forms import CloseDrawerForm, OpenDrawerForm
from medguild.revenue.receipts.permissions import ReceiptsRight
from medguild.revenue.receipts.rules import DrawerStatus
from medguild.revenue.receipts.selectors import DrawerView
from medguild.revenue.receipts.words import METHODS


def shown_totals(view: DrawerView) -> list[tuple[Any, int]]:
    return [(METHODS[method], cents) for method, cents in view.totals.items()]


@guarded(ReceiptsRight.TAKE)
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Goes to one's drawer at the usual site."""
    site = usual_site(request, actor_of(request), ReceiptsRight.TAKE)
    if site is None:
        return render(request, "visits/no_site.html")
    return redirect("receipts:drawer_of", site.unit_id)


@guarded(ReceiptsRight.TAKE, reads=NOTED)
def drawer_of(request: HttpRequest, site_id: UUID) -> HttpResponse:
    """One's own drawer at a site: open it, see what was taken, close it."""
    actor = actor_of(request)
    site = selectors.site_for(actor, site_id)
    remember_site(request, site_id)
    context: dict[str, Any] = {
        "site": site,
        "zone": site.time_zone,
        "tabs": site_tabs(actor, ReceiptsRight.TAKE, "receipts:drawer_of", site_id),
        "may_close_day": actor.may(ReceiptsRight.CLOSE),
    }
    drawer = selectors.my_drawer(actor, site_id)
    if drawer is not None:
        view = selectors.drawer_view(drawer)
        note_reads(request, [receipt.patient_id for receipt in view.receipts])
        shown = {"view": view, "totals": shown_totals(view), "close_form": CloseDrawerForm()}
        return render(request, "receipts/my_drawer.html", {**context, **shown})
    form = OpenDrawerForm(request.POST or None)
    if form.is_valid():
        with refusals(form):
            drawers.open_drawer(site=site, float_amount=form.cleaned_data["float_amount"], by=actor)
            toast(request, _("Your drawer is open."))
            return redirect("receipts:drawer_of", site_id)
    return render(request, "receipts/open_drawer.html", {**context, "form": form}, status=form_status(form))


@guarded(ReceiptsRight.TAKE, reads=NOTED)
@require_GET
def show(request: HttpRequest, drawer_id: UUID) -> HttpResponse:
    """A drawer as it stands, or as it was counted."""
    drawer = selectors.drawer_for(actor_of(request), drawer_id)
    view = selectors.drawer_view(drawer)
    note_reads(request, [receipt.patient_id for receipt in view.receipts])
    context = {
        "view": view,
        "totals": shown_totals(view),
        "zone": drawer.site.site.time_zone,
        "close_form": CloseDrawerForm(),
        "is_open": drawer.status == DrawerStatus.OPEN,
    }
    return render(request, "receipts/drawer.html", context)


@guarded(ReceiptsRight.TAKE, reads=NOTED)
@require_POST
def close(request: HttpRequest, drawer_id: UUID) -> HttpResponse:
    """Count and close; a form with a mistake comes back on the drawer's own page."""
    actor = actor_of(request)
    drawer = selectors.drawer_for(actor, drawer_id)
    form = CloseDrawerForm(request.POST)
    if form.is_valid():
        with refusals(form):
            closed = drawers.close_drawer(drawer=drawer, by=actor, **form.cleaned_data)
            toast(request, _("The drawer is closed."))
            return redirect("receipts:drawer", closed.pk)
    view = selectors.drawer_view(drawer)
    note_reads(request, [receipt.patient_id for receipt in view.receipts])
    context = {
        "view": view,
        "totals": shown_totals(view),
        "zone": drawer.site.site.time_zone,
        "close_form": form,
        "is_open": drawer.status == DrawerStatus.OPEN,
    }
    return render(request, "receipts/drawer.html", context, status=form_status(form))


@guarded(ReceiptsRight.CLOSE)
@require_GET
def day(request: HttpRequest) -> HttpResponse:
    """Goes to the day close of the usual site."""
    site = usual_site(request, actor_of(request), ReceiptsRight.CLOSE)
    if site is None:
        return render(request, "visits/no_site.html")
    return redirect("receipts:day_of", site.unit_id)


@guarded(ReceiptsRight.CLOSE, reads=NOTED)
@require_GET
def day_of(request: HttpRequest, site_id: UUID) -> HttpResponse:
    """The money of a site on a day: drawers with over and short, and what was taken without a drawer."""
    actor = actor_of(request)
    site = selectors.site_for(actor, site_id, ReceiptsRight.CLOSE)
    remember_site(request, site_id)
    today = local_date(now(), site.time_zone)
    chosen = _day(request.GET.get("day", ""), today)
    close_of_day = selectors.day_close(site, chosen)
    note_reads(request, [one.patient_id for one in close_of_day.without_drawer])
    context = {
        "site": site,
        "zone": site.time_zone,
        "day": chosen,
        "before_url": f"?day={chosen - dt.timedelta(days=1)}",
        "after_url": f"?day={chosen + dt.timedelta(days=1)}" if chosen < today else "",
        "close": close_of_day,
        "totals": [(METHODS[method], cents) for method, cents in close_of_day.totals.items()],
        "left_open": selectors.drawers_left_open(site, chosen),
        "tabs": site_tabs(actor, ReceiptsRight.CLOSE, "receipts:day_of", site_id),
    }
    return render(request, "receipts/day.html", context)


def _day(text: str, today: dt.date) -> dt.date:
    try:
        return min(dt.date.fromisoformat(text), today)
    except ValueError:
        return today
