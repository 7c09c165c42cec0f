"""The clinician's own day: who is next, how late it runs, which notes wait for a signature."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.clock import now
from medguild.foundation.ui.attributes import actor_of
from medguild.operations.chart.cosigning import waiting_for
from medguild.operations.chart.permissions import ChartRight
from medguild.operations.chart.selectors import clinician_of, noted_visits, unsigned_notes, unwritten_visits
from medguild.operations.visits.day import clinician_day


@guarded(ChartRight.SIGN, reads=NOTED)
@require_GET
def day(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    me = clinician_of(actor)
    if me is None:
        return render(request, "chart/no_clinician.html")
    made = clinician_day(actor, me, at=now())
    waiting = unsigned_notes(actor, me)
    unwritten = unwritten_visits(actor, me)
    cosign = waiting_for(actor, me)
    shown = {line.patient.pk for line in made.lines} | {note.visit.patient_id for note in waiting}
    shown |= {one.note.visit.patient_id for one in cosign} | {visit.patient_id for visit in unwritten}
    note_reads(request, shown)
    visits = [line.visit.pk for line in made.lines if line.visit is not None]
    context = {
        "me": me,
        "day": made,
        "early": -made.running if made.running < 0 else 0,
        "late": max(made.running, 0),
        "unsigned": waiting,
        "unwritten": unwritten,
        "to_sign": len(waiting) + len(unwritten),
        "cosign": cosign,
        "noted": noted_visits(visits),
    }
    return render(request, "chart/day.html", context)
