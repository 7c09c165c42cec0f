"""Pages of attendance: rates, the visits behind them, sessions to come, what became of proposals."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.clock import now, today
from medguild.foundation.organization.selectors import sites_visible
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.operations.attendance import choice_numbers as chosen
from medguild.operations.attendance.forms import NumbersForm
from medguild.operations.attendance.models import SlotChoice
from medguild.operations.attendance.numbers import with_lead
from medguild.operations.attendance.permissions import AttendanceRight
from medguild.operations.attendance.rates_page import rates_page
from medguild.operations.attendance.session_advice import AHEAD, Verdict, advice_for
from medguild.operations.attendance.showing import percent, shortfall_words
from medguild.operations.attendance.tables import ChosenTable, DueTable
from medguild.operations.attendance.tabs import page_tabs
from medguild.operations.attendance.words import VERDICTS
from medguild.operations.scheduling.selectors import appointments
from medguild.operations.scheduling.selectors import site as visible_site
from medguild.operations.scheduling.sites import remember_site, site_tabs, usual_site

_CHOICE_DAYS = 90
_MOST_REASONS = 20


@guarded(AttendanceRight.READ)
@require_GET
def rates(request: HttpRequest) -> HttpResponse:
    """No-show rates; each number opens its visits."""
    actor = actor_of(request)
    sites = list(sites_visible(actor, AttendanceRight.READ))
    form = NumbersForm(request.GET or None, sites=sites)
    one = next((site for site in sites if site.unit_id == form.chosen_site), None)
    context = {"form": form, "tabs": page_tabs(actor, "attendance:rates"), "shown": None}
    if sites:
        context["shown"] = rates_page(actor, site=one, days=form.chosen_days, by=form.chosen_by, today=today())
    return render(request, "attendance/rates.html", context)


@guarded(AttendanceRight.READ, reads=NOTED)
@require_GET
def visits(request: HttpRequest) -> HttpResponseBase:
    """The visits behind the rates."""
    rows = with_lead(appointments(actor_of(request), AttendanceRight.READ))
    return tables.table_response(request, DueTable, rows, "attendance/visits.html")


@guarded(AttendanceRight.READ)
@require_GET
def sessions(request: HttpRequest) -> HttpResponse:
    """Goes to the sessions of the usual site."""
    actor = actor_of(request)
    site = usual_site(request, actor, AttendanceRight.READ)
    if site is None:
        return render(request, "attendance/no_site.html", {"tabs": page_tabs(actor, "attendance:sessions")})
    return redirect("attendance:sessions_of", site.unit_id)


@guarded(AttendanceRight.READ)
@require_GET
def sessions_of(request: HttpRequest, site_id: UUID) -> HttpResponse:
    """Sessions of the next two weeks with what is expected; sums only, so no patient is read."""
    remember_site(request, site_id)
    actor = actor_of(request)
    site = visible_site(actor, site_id, AttendanceRight.READ)
    told = advice_for(actor, site)
    wanted = [one for one in told.sessions if not request.GET.get("paying") or one.verdict is Verdict.PAYS]
    context = {
        "site": site,
        "days": AHEAD,
        "model": told.model,
        "shortfalls": shortfall_words(told.model) if told.model else [],
        "sessions": [(one, percent(one.over_full, 0), *VERDICTS[one.verdict]) for one in wanted],
        "paying": sum(one.verdict is Verdict.PAYS for one in told.sessions),
        "only_paying": bool(request.GET.get("paying")),
        "tabs": page_tabs(actor, "attendance:sessions"),
        "site_tabs": site_tabs(actor, AttendanceRight.READ, "attendance:sessions_of", site_id),
    }
    return render(request, "attendance/sessions.html", context)


@guarded(AttendanceRight.READ, reads=NOTED)
@require_GET
def choices(request: HttpRequest) -> HttpResponse:
    """How often proposed times were taken, by role and by site, and why not."""
    actor = actor_of(request)
    rows = _lately_chosen(request)
    reasons = list(chosen.reasons_told(rows)[:_MOST_REASONS])
    note_reads(request, [one.appointment.patient_id for one in reasons])
    context = {
        "tabs": page_tabs(actor, "attendance:choices"),
        "days": _CHOICE_DAYS,
        "whole": chosen.whole_of(rows),
        "tables": chosen.tables_of(rows, audit=actor.may(AttendanceRight.AUDIT)),
        "reasons": reasons,
    }
    return render(request, "attendance/choices.html", context)


@guarded(AttendanceRight.READ, reads=NOTED)
@require_GET
def chosen_visits(request: HttpRequest) -> HttpResponseBase:
    """The bookings behind the numbers of proposals."""
    rows = appointments(actor_of(request), AttendanceRight.READ).filter(slot_choice__in=_lately_chosen(request))
    return tables.table_response(request, ChosenTable, rows.select_related("slot_choice"), "attendance/chosen.html")


def _lately_chosen(request: HttpRequest) -> QuerySet[SlotChoice]:
    moment = now()
    return chosen.choices(actor_of(request), start=moment - dt.timedelta(days=_CHOICE_DAYS), end=moment)
