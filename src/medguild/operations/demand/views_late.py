"""Pages of late running: by cause, the clinic days, one day visit by visit."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.clock import now, today
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.organization.people import Clinician
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.instants import instant_text
from medguild.operations.demand.late_page import late_page
from medguild.operations.demand.late_rules import total
from medguild.operations.demand.lateness import LateVisit, clinic_day, clinic_days
from medguild.operations.demand.permissions import DemandRight
from medguild.operations.demand.selectors import demand_sites
from medguild.operations.demand.showing import Cell, Grid, Line, minutes_text
from medguild.operations.demand.tables import ClinicDayTable
from medguild.operations.demand.views import asked
from medguild.operations.demand.words import CAUSES
from medguild.operations.visits.models import Visit
from medguild.operations.visits.permissions import VisitsRight

_OLDEST = dt.timedelta(days=3 * 366)


@guarded(DemandRight.READ)
@require_GET
def late(request: HttpRequest) -> HttpResponse:
    """Where the delay of clinic days comes from."""
    about = asked(request)
    shown = late_page(about.actor, about.sites, days=about.form.chosen_days, at=now()) if about.sites else None
    return render(request, "demand/late.html", about.context("demand:late", shown=shown))


@guarded(DemandRight.READ)
@require_GET
def late_days(request: HttpRequest) -> HttpResponseBase:
    """The clinic days behind a number of late running."""
    rows = clinic_days(actor_of(request), start=today() - _OLDEST, end=today() + dt.timedelta(days=1))
    rows = rows.select_related("clinician__person", "unit")
    return tables.table_response(request, ClinicDayTable, rows, "demand/late_days.html")


@guarded(DemandRight.READ, reads=NOTED)
@require_GET
def late_day(request: HttpRequest, site_id: UUID, clinician_id: UUID, day: str) -> HttpResponse:
    """One clinic day, visit by visit: when each was booked and began, and what its delay is made of."""
    actor = actor_of(request)
    site = next((one for one in demand_sites(actor) if one.unit_id == site_id), None)
    clinician = Clinician.objects.select_related("person").filter(pk=clinician_id).first()
    on = _date(day)
    if site is None or clinician is None or on is None:
        raise NotVisible
    found = clinic_day(actor, site=site, clinician_id=clinician_id, day=on)
    named = Visit.objects.visible_to(actor, VisitsRight.READ).filter(pk__in=[one.visit.pk for one in found])
    visible = set(named.values_list("pk", flat=True))
    note_reads(request, [one.visit.patient_id for one in found if one.visit.pk in visible])
    lines = [_line(one, one.visit.pk in visible, site.time_zone) for one in found]
    whole = total(one.delay for one in found)
    sums = [Cell(""), Cell(""), Cell(minutes_text(whole.late)), *(Cell(minutes_text(whole.causes[c])) for c in CAUSES)]
    grid = Grid(
        _("Visits as they began"), _("Visit"), [_("Booked"), _("Began"), _("Minutes late"), *CAUSES.values()],
        [*lines, Line(_("All"), sums)] if lines else [],
        empty=_("No booked visit of this day was begun by the clinician."),
    )  # fmt: skip
    context = {"grid": grid, "clinician": clinician, "site": site, "on": on}
    return render(request, "demand/late_day.html", context)


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _line(one: LateVisit, named: bool, zone: str) -> Line:
    booked = one.visit.appointment
    kind = booked.visit_type.name if booked else ""
    planned = instant_text(booked.start if booked else None, zone, "time")
    times = [Cell(planned), Cell(instant_text(one.began, zone, "time"))]
    causes = [Cell(minutes_text(one.delay.causes[cause]) if one.delay.causes[cause] else "") for cause in CAUSES]
    return Line(
        f"{one.visit.patient.label()}, {kind}" if named else kind,
        [*times, Cell(minutes_text(one.delay.late)), *causes],
        reverse("visits:show", args=[one.visit.pk]) if named else "",
    )
