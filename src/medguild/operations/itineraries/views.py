"""Pages of days with several visits, and of campuses."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.organization.people import Clinician
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.operations.itineraries import campuses, selectors, services
from medguild.operations.itineraries.errors import NotThatDay
from medguild.operations.itineraries.forms import CampusForm, DayForm, PickForm, PlaceForm
from medguild.operations.itineraries.models import Campus
from medguild.operations.itineraries.outside import Outside, answered, outside, shown_day_chosen, sum_words
from medguild.operations.itineraries.showing import day_context, shown_offers
from medguild.operations.scheduling import selectors as schedule
from medguild.operations.scheduling.errors import NetworkAnswerNeeded
from medguild.operations.scheduling.forms import NetworkForm
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.patients.identity.models import Patient
from medguild.patients.identity.selectors import patient as visible_patient


@guarded(SchedulingRight.BOOK, reads="patient_id")
@require_http_methods(["GET", "POST"])
def find(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Which visits are wanted, and the days that can hold them all."""
    actor = actor_of(request)
    patient = visible_patient(actor, patient_id)
    form = DayForm(
        request.POST or None, initial={"start": today()}, campuses=campuses.campuses(),
        visit_types=list(schedule.visit_types(actor)),
    )  # fmt: skip
    context = {"form": form, "patient": patient, "offers": None}
    if form.is_valid():
        wanted, start, campus = form.wanted(), form.cleaned_data["start"], form.campus_chosen
        found = services.find_days(patient=patient, campus=campus, wanted=wanted, start=start, by=actor)
        places = campuses.places_of(campus, on=start)
        context |= {"offers": shown_offers(found, wanted, places), "campus": campus, "token": new_id()}
    return render(request, "itineraries/find.html", context, status=form_status(form))


@guarded(SchedulingRight.BOOK, reads="patient_id")
@require_POST
def book(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Book the day that was chosen, all of it or nothing."""
    actor = actor_of(request)
    patient = visible_patient(actor, patient_id)
    form = PickForm(request.POST)
    campus = Campus.objects.filter(pk=form.cleaned_data["campus"]).first() if form.is_valid() else None
    if campus is None:
        return redirect("itineraries:find", patient_id)
    network = NetworkForm(request.POST) if "network_words" in request.POST else None
    chosen: list[services.Chosen] = []
    try:
        chosen = [_chosen(request, pick) for pick in form.picks()]
        if network is not None:
            told = outside(patient, chosen)
            # What was read to the patient is what is kept: where it has changed meanwhile, it is read again.
            if not network.is_valid() or [one.told.words for one in told] != request.POST.getlist("network_words"):
                return _ask_network(request, patient, chosen, told, network)
            chosen = answered(chosen, told, network)
        made = services.book_day(
            itinerary_id=form.cleaned_data["token"], patient=patient, campus=campus, chosen=chosen, by=actor
        )
    except NotVisible:
        raise
    except NotThatDay as refusal:
        if isinstance(refusal.__cause__, NetworkAnswerNeeded):
            return _ask_network(request, patient, chosen, outside(patient, chosen), network)
        return _back(request, patient_id, refusal.message)
    except Refusal as refusal:
        return _back(request, patient_id, refusal.message)
    except ValidationError as error:
        return _back(request, patient_id, str(error.message))
    toast(request, _("The day is booked."))
    return redirect("itineraries:show", made.pk)


def _back(request: HttpRequest, patient_id: UUID, words: str) -> HttpResponse:
    toast(request, words, tone="bad")
    return redirect("itineraries:find", patient_id)


def _ask_network(
    request: HttpRequest,
    patient: Patient,
    chosen: list[services.Chosen],
    visits: list[Outside],
    network: NetworkForm | None,
) -> HttpResponse:
    """Visits are out of network: the patient is told of each and of the sum, and answers once; kept with each visit.

    The whole day stands beside it, so that they know what they say yes to.
    """
    kept = [(name, value) for name in ("token", "campus", "pick") for value in request.POST.getlist(name)]
    context = {
        "patient": patient, "kept": kept, "visits": visits, "sum": sum_words(visits) if len(visits) > 1 else "",
        "day": shown_day_chosen(chosen, visits), "network": network or NetworkForm(),
    }  # fmt: skip
    return render(request, "itineraries/network.html", context, status=422)


def _chosen(request: HttpRequest, pick: tuple) -> services.Chosen:  # type: ignore[type-arg]
    kind, clinician_id, site_id, start, follows = pick
    clinician = Clinician.objects.select_related("resource", "person").filter(pk=clinician_id).first()
    if clinician is None:
        raise NotVisible
    actor = actor_of(request)
    site = schedule.site(actor, site_id, SchedulingRight.BOOK)
    return services.Chosen(schedule.visit_type(actor, kind), clinician, site, start, follows)


@guarded(SchedulingRight.READ, reads=NOTED)
def show(request: HttpRequest, itinerary_id: UUID) -> HttpResponse:
    """The day for the patient to take along: visits in order, walks, a plan of the campus."""
    made = selectors.itinerary(actor_of(request), itinerary_id)
    note_reads(request, [made.patient_id])
    return render(request, "itineraries/show.html", {"day": made, **day_context(made)})


@guarded(SchedulingRight.TEMPLATES)
@require_http_methods(["GET", "POST"])
def campus_list(request: HttpRequest) -> HttpResponse:
    """All campuses; a new one."""
    form = CampusForm(request.POST or None)
    if form.is_valid():
        with refusals(form):
            made = campuses.found_campus(name=form.cleaned_data["name"], by=actor_of(request))
            return redirect("itineraries:campus", made.pk)
    context = {"form": form, "campuses": campuses.campuses()}
    return render(request, "itineraries/campuses.html", context, status=form_status(form))


@guarded(SchedulingRight.TEMPLATES)
@require_http_methods(["GET", "POST"])
def campus(request: HttpRequest, campus_id: UUID) -> HttpResponse:
    """Where the sites of a campus stand, and the walks between them."""
    found = Campus.objects.filter(pk=campus_id).first()
    if found is None:
        raise NotVisible
    actor, day = actor_of(request), today()
    sites = list(schedule.sites_with_schedule(actor, SchedulingRight.TEMPLATES))
    form = PlaceForm(request.POST or None, sites=sites)
    if form.is_valid():
        with refusals(form):
            campuses.place_site(
                campus=found, unit=form.sites[form.cleaned_data["site"]].unit, at=form.place(), start=day,
                building=form.cleaned_data["building"], by=actor,
            )  # fmt: skip
            toast(request, _("Placed on the plan."))
            return redirect("itineraries:campus", found.pk)
    places = campuses.places_of(found, on=day)
    walks = campuses.walks_between(places, on=day)
    rows = [(place, [(other, walks.get((place.unit_id, other.unit_id))) for other in places]) for place in places]
    context = {"campus": found, "form": form, "places": places, "rows": rows}
    return render(request, "itineraries/campus.html", context, status=form_status(form))
