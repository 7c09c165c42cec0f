"""The page behind the link of a reminder, and the list of messages for the desk."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from medguild.experience.feedback.rating import may_be_rated, rate_visit, rating_of
from medguild.experience.feedback.rules import BEST
from medguild.experience.outreach import links, selectors
from medguild.experience.outreach.answering import confirm_visit, give_up_visit
from medguild.experience.outreach.invitation import invitation_of
from medguild.experience.outreach.permissions import OutreachRight
from medguild.experience.outreach.rules import Said
from medguild.experience.outreach.tables import NoticeTable
from medguild.foundation.access.guard import NOTED, PUBLIC, guarded
from medguild.foundation.access.limits import LINKS_OPENED, count_stranger
from medguild.foundation.kernel.actor import Actor, ActorKind
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.rules import AppointmentStatus

_SCORES = [str(score) for score in range(BEST + 1)]


@guarded(OutreachRight.READ, reads=NOTED)
def notice_list(request: HttpRequest) -> HttpResponseBase:
    """What was sent, withheld or failed, the newest first."""
    rows = selectors.notices(actor_of(request))
    context = {"may_set": actor_of(request).may(SchedulingRight.TEMPLATES)}
    return tables.table_response(request, NoticeTable, rows, "outreach/list.html", context)


@guarded(PUBLIC)
@never_cache
@require_http_methods(["GET", "POST"])
def visit(request: HttpRequest, token: str) -> HttpResponse:
    """When and where; yes, or no; afterwards how it was. Whoever has the link may answer."""
    count_stranger(request, "visit", LINKS_OPENED)
    found = links.visit_of(token)
    refused = ""
    if request.method == "POST":
        refused = _answer(found, request.POST.get("answer", ""))
        found = links.visit_of(token)
    context = {
        "visit": found,
        "rateable": may_be_rated(found, at=now()),
        "score": rating_of(found),
        "scores": _SCORES,
        "token": token,
        "zone": found.unit.site.time_zone,
        "refused": refused,
        "open": found.status == AppointmentStatus.BOOKED and found.start > now(),
        "confirmed": selectors.last_answer(found) == Said.YES,
        "given_up": found.status == AppointmentStatus.CANCELLED,
    }
    return render(request, "outreach/visit.html", context, status=409 if refused else 200)


def _answer(found: Appointment, said: str) -> str:
    by = Actor(ActorKind.LINK, found.pk, _("The patient, by link"))
    try:
        if said == Said.YES:
            confirm_visit(visit=found, by=by)
        elif said == Said.NO:
            give_up_visit(visit=found, by=by)
        elif said in _SCORES:
            rate_visit(visit=found, score=int(said), by=by)
    except Refusal as refusal:
        return refusal.message
    return ""


@guarded(PUBLIC)
@require_GET
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The appointment for the patient's own calendar."""
    count_stranger(request, "visit", LINKS_OPENED)
    found = links.visit_of(token)
    answer = HttpResponse(invitation_of(found), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return answer
