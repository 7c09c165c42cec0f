"""A visit as its patient sees and answers it: behind a link, and in the own record."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from medguild.experience.feedback.rating import may_be_rated, rate_visit, rating_of
from medguild.experience.feedback.rules import BEST
from medguild.experience.outreach import links, selectors
from medguild.experience.outreach.answering import confirm_visit, give_up_visit
from medguild.experience.outreach.rules import Said
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Refusal
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.rules import AppointmentStatus

_SCORES = [str(score) for score in range(BEST + 1)]


def visit_page(request: HttpRequest, visit: Appointment, *, by: Actor, back: str = "") -> HttpResponse:
    """Shows the visit, and takes what was answered in the name of `by`. `back` is where the reader came from."""
    refused = _answer(visit, request.POST.get("answer", ""), by) if request.method == "POST" else ""
    token = links.token_of(visit.pk)
    visit = links.visit_of(token)
    given_up = visit.status == AppointmentStatus.CANCELLED
    if given_up and request.POST.get("answer") == Said.NO:
        refused = ""  # said before: on another screen, or with a button pressed twice
    context = {
        "visit": visit,
        "rateable": may_be_rated(visit, at=now()),
        "score": rating_of(visit),
        "scores": _SCORES,
        "token": token,
        "back": back,
        "zone": visit.unit.site.time_zone,
        "refused": refused,
        "open": visit.status == AppointmentStatus.BOOKED and visit.start > now(),
        "confirmed": selectors.last_answer(visit) == Said.YES,
        "given_up": given_up,
    }
    return render(request, "outreach/visit.html", context, status=409 if refused else 200)


def _answer(visit: Appointment, said: str, by: Actor) -> str:
    """Empty when it was done, else why not."""
    try:
        if said == Said.YES:
            confirm_visit(visit=visit, by=by)
        elif said == Said.NO:
            give_up_visit(visit=visit, by=by)
        elif said in _SCORES:
            rate_visit(visit=visit, score=int(said), by=by)
    except Refusal as refusal:
        return refusal.message
    return ""
