"""The page of the search for free times."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.clock import local_date
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.organization.models import Site
from medguild.operations.scheduling import selectors
from medguild.operations.scheduling.care.others_page import Refused, others_page, reason_for
from medguild.operations.scheduling.models import Appointment, VisitType
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.rules import PatientKind
from medguild.operations.scheduling.search.forms import USUAL_DAYS, FindForm
from medguild.operations.scheduling.search.noting import Searched, tell_searched
from medguild.operations.scheduling.search.offers import best, by_day, shown_days
from medguild.operations.scheduling.search.rules import HOURS
from medguild.operations.scheduling.search.searching import Found, Known, Wanted, search_times
from medguild.operations.scheduling.showing import actor_of, today_at
from medguild.patients.identity.models import Patient
from medguild.patients.identity.search import search
from medguild.patients.identity.selectors import patient as visible_patient

NOT_KEPT = {"patient", "csrfmiddlewaretoken"}


@guarded(SchedulingRight.READ, reads=NOTED)
def find(request: HttpRequest) -> HttpResponse:
    """Free times for a kind of visit; with a patient (or a visit to be moved) each time is a button."""
    actor = actor_of(request)
    sites = list(selectors.sites_with_schedule(actor))
    clinicians = list(selectors.clinicians_with_sessions(actor, on=today_at(None) - dt.timedelta(days=1)))
    moved = _moved(request)
    patient = moved.patient if moved else _patient(request)
    kinds = list(selectors.visit_types(actor))
    form = FindForm(
        _asked(request, moved, patient, kinds), initial=request.GET.dict(), visit_types=kinds, clinicians=clinicians,
        sites=sites,
    )  # fmt: skip
    context: dict[str, Any] = {
        "form": form,
        "patient": patient,
        "moved": moved,
        "query": request.POST.get("q", ""),
        "people": _people(request) if patient is None else None,
        "kept": [(name, value) for name in request.GET if name not in NOT_KEPT for value in request.GET.getlist(name)],
        "days": None,
        # The wishes that a visit brings with it need no look when its move is searched.
        "further_open": form.further_asked() and (moved is None or "visit_type" in request.GET),
        "may_book": actor.may(SchedulingRight.BOOK),
        "may_overbook": actor.may(SchedulingRight.OVERBOOK),
    }
    if form.is_bound and form.is_valid():
        context |= _results(request, form, Known(sites, clinicians), kinds, patient)
    return render(request, "scheduling/find.html", context)


def _results(
    request: HttpRequest, form: FindForm, known: Known, kinds: Sequence[VisitType], patient: Patient | None
) -> dict[str, Any]:
    """What was found for the search in the form."""
    sites = list(known.sites)
    wanted = _wanted(form, sites, kinds, patient)
    found = search_times(actor=actor_of(request), wanted=wanted, known=known)
    names = {site.unit_id: site.unit.label() for site in sites}
    shown, first_left_out = shown_days(found.openings)
    _tell(request, wanted, found)
    return {
        "wanted": wanted,
        "days": by_day(shown, found, wanted, names),
        "best": best(found, wanted, names) if found.suggestions else [],
        "plan": found.plan,
        "later": _later(request, first_left_out or wanted.end),
        "more_days": first_left_out is not None,
        "refused": _refused(request, found, wanted, sites, names) if found.refused else None,
    }


def _moved(request: HttpRequest) -> Appointment | None:
    value = request.GET.get("move", "")
    if not value:
        return None
    moved = selectors.appointment(actor_of(request), as_uuid(value))
    note_reads(request, [moved.patient_id])
    return moved


def _asked(request: HttpRequest, moved: Appointment | None, patient: Patient | None, kinds: Sequence[VisitType]) -> Any:
    """What was asked; else the visit to be moved; else, with a patient, the usual kind: the times show at once.

    A specialty alone is enough for a referral: the kind is the usual one of that specialty.
    """
    if request.GET.get("visit_type") or ("visit_type" in request.GET and patient is None):
        return _with_days(request.GET)
    if moved is not None:
        return {
            "visit_type": str(moved.visit_type_id), "clinician": str(moved.clinician_id), "site": str(moved.unit_id),
            "mode": moved.mode, "patient_state": moved.patient_state, "start": str(_around(moved)),
            "days": str(USUAL_DAYS),
        }  # fmt: skip
    specialty = request.GET.get("specialty", "")
    if patient is None and not specialty:
        return None
    fitting = sorted((kind for kind in kinds if kind.specialty in ("", specialty)), key=lambda kind: not kind.specialty)
    kind = selectors.usual_kind(actor_of(request), patient, fitting) if patient else _first_kind(fitting)
    if kind is None:
        return None
    asked = request.GET.copy()
    asked["visit_type"] = str(kind.pk)
    return _with_days(asked)


def _around(moved: Appointment) -> dt.date:
    """Where the search for another time begins: half of its days lie before the day of the visit, none is over."""
    site = moved.unit.site
    return max(today_at(site), local_date(moved.start, site.time_zone) - dt.timedelta(days=USUAL_DAYS // 2))


def _first_kind(fitting: Sequence[VisitType]) -> VisitType | None:
    """Whoever is referred comes as a new patient, most often."""
    new = (kind for kind in fitting if kind.patient_kind == PatientKind.NEW)
    return next(new, next(iter(fitting), None))


def _with_days(asked: QueryDict) -> QueryDict:
    """The usual two weeks where nobody said for how long, so that the form says what was searched."""
    if asked.get("days"):
        return asked
    whole = asked.copy()
    whole["days"] = str(USUAL_DAYS)
    return whole


def _patient(request: HttpRequest) -> Patient | None:
    value = request.GET.get("patient", "")
    if not value:
        return None
    patient = visible_patient(actor_of(request), as_uuid(value))
    note_reads(request, [patient.pk])
    return patient


def as_uuid(value: str) -> UUID:
    """A bad id is a record that is not there."""
    try:
        return UUID(value)
    except ValueError:
        raise NotVisible from None


def _people(request: HttpRequest) -> Any:
    text = request.POST.get("q", "").strip()  # a name never stands in an address
    if not text:
        return None
    found = search(actor_of(request), text)
    note_reads(request, [row["id"] for row in found.rows])
    return found


def _wanted(form: FindForm, sites: Sequence[Site], kinds: Sequence[VisitType], patient: Patient | None) -> Wanted:
    data = form.cleaned_data
    chosen = next((site for site in sites if site.unit_id == data["site"]), None)
    start = data["start"] or today_at(chosen)
    return Wanted(
        visit_type=next(kind for kind in kinds if kind.pk == data["visit_type"]),
        start=start, end=form.last_day(start), patient=patient,
        clinicians=[data["clinician"]] if data["clinician"] else None, units=form.units(),
        specialty=data["specialty"], language=data["language"], sex=data["sex"], mode=data["mode"],
        patient_state=data["patient_state"], times=data["times"], weekdays=data["weekdays"],
        in_network=data["in_network"], first_only=data["first_only"],
    )  # fmt: skip


def _tell(request: HttpRequest, wanted: Wanted, found: Found) -> None:
    """Those who count demand hear of a search for somebody, not of looking around."""
    if wanted.patient is None:
        return
    first, last = HOURS[wanted.times]
    tell_searched(
        Searched(
            actor=actor_of(request), visit_type_id=wanted.visit_type.pk, start=wanted.start, end=wanted.end,
            found=sum(len(one.starts) for one in found.openings), patient_id=wanted.patient.pk,
            unit_id=next(iter(wanted.units)) if wanted.units and len(wanted.units) == 1 else None,
            clinician_id=next(iter(wanted.clinicians)) if wanted.clinicians else None,
            from_minute=first, to_minute=last,
        )
    )  # fmt: skip


def _refused(
    request: HttpRequest, found: Found, wanted: Wanted, sites: Sequence[Site], names: Mapping[UUID, str]
) -> Refused | None:
    """Who was asked for by name but may not: why, and who else may."""
    opening = found.refused[0]
    site = next((site for site in sites if site.unit_id == opening.session.unit_id), None)
    if site is None:
        return None
    return others_page(
        actor=actor_of(request), wanted=wanted, clinician_id=opening.session.clinician_id, site=site,
        start=dt.datetime.fromtimestamp(opening.starts[0] * 60, dt.UTC), sites=names,
        reason=reason_for(wanted, opening.session.clinician_id, site, opening.day),
    )  # fmt: skip


def _later(request: HttpRequest, start: dt.date) -> str:
    """The address of the same search in the days that follow."""
    given = request.GET.copy()
    given["start"] = start.isoformat()
    given.pop("csrfmiddlewaretoken", None)
    return f"{reverse('scheduling:find')}?{given.urlencode()}"
