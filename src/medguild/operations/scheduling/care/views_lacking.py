"""The list of booked visits that their clinicians may not keep, each with a way to move it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.operations.scheduling import selectors
from medguild.operations.scheduling.care.lacking import LackingVisit, lacking_visits
from medguild.operations.scheduling.care.verdicts import may_see
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.search.views import as_uuid
from medguild.operations.scheduling.showing import actor_of

MOST_SHOWN = 200


@guarded(SchedulingRight.READ, reads=NOTED)
def lacking(request: HttpRequest) -> HttpResponse:
    """Visits to come whose clinician will lack a licence, a registration or a privilege on the day."""
    actor = actor_of(request)
    named = request.GET.get("clinician", "")
    found = lacking_visits(clinicians=[as_uuid(named)] if named else None)
    by_id = {one.appointment_id: one for one in found}
    visits = list(selectors.appointments(actor).filter(pk__in=by_id).order_by("start")[:MOST_SHOWN])
    note_reads(request, [visit.patient_id for visit in visits])
    reasons: dict[object, str] = {}
    rows = [(visit, _reason(by_id[visit.pk], reasons)) for visit in visits]
    context = {
        "rows": rows,
        "may_book": actor.may(SchedulingRight.BOOK),
        "clinician": visits[0].clinician if named and visits else None,
    }
    return render(request, "scheduling/lacking.html", context)


def _reason(visit: LackingVisit, known: dict[object, str]) -> str:
    """Why, asked once for each clinician, place and day."""
    key: tuple[UUID, object] = (visit.clinician_id, visit.care)
    if key not in known:
        verdict = may_see(visit.clinician_id, visit.care)
        known[key] = verdict.reason or _("Something changed meanwhile.")
    return known[key]
