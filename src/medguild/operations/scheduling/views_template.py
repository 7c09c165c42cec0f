"""Templates: weekly sessions of a site's clinicians, days off, absences, kinds of visits."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from medguild.foundation.access.guard import guarded
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Clinician
from medguild.foundation.organization.selectors import clinicians_at, resources_at
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.parts import Tab
from medguild.foundation.ui.toasts import toast
from medguild.operations.scheduling import selectors, templating
from medguild.operations.scheduling.models import Session
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.rooming import in_other_rooms, kept_words
from medguild.operations.scheduling.showing import actor_of, today_at, zone_of
from medguild.operations.scheduling.template_forms import (
    AbsenceForm,
    CancelDayForm,
    EndForm,
    ReviseForm,
    SessionForm,
    initial_of,
)
from medguild.operations.scheduling.words import ABSENCE_WORDS, WEEKDAYS, clock_words


@guarded(SchedulingRight.READ)
def templates(request: HttpRequest) -> HttpResponse:
    """The templates of the first site that the actor may see."""
    site = selectors.sites_with_schedule(actor_of(request)).first()
    if site is None:
        return render(request, "scheduling/no_site.html")
    return redirect("scheduling:templates_of", site.unit_id)


@guarded(SchedulingRight.READ)
def templates_of(request: HttpRequest, site_id: UUID) -> HttpResponse:
    """Weekly sessions by clinician, with what is cancelled, and absences."""
    actor = actor_of(request)
    sites = list(selectors.sites_with_schedule(actor))
    site = next((one for one in sites if one.unit_id == site_id), None)
    if site is None:
        raise NotVisible
    rows = selectors.sessions(actor, on=today_at(site), unit_id=site_id)
    away = selectors.absences(actor, since=now()).filter(clinician__sessions__unit_id=site_id).distinct()
    context = {
        "site": site,
        "sites": [
            Tab(one.unit.label(), reverse("scheduling:templates_of", args=[one.unit_id]), one.unit_id == site_id)
            for one in sites
        ],
        "clinicians": [
            (clinician, [_line(session) for session in held])
            for clinician, held in groupby(rows, key=lambda session: session.clinician)
        ],
        "absences": [(one, dict(ABSENCE_WORDS)[one.kind]) for one in away],  # type: ignore[index]
        "may_change": _may_change(request, site),
    }
    return render(request, "scheduling/templates.html", context)


def _line(session: Session) -> dict[str, Any]:
    return {
        "session": session,
        "weekday": WEEKDAYS[session.weekday],
        "starts": clock_words(session.start_minute),
        "ends": clock_words(session.end_minute),
        "kinds": [(one.visit_type.name, one.minutes or one.visit_type.minutes) for one in session.visit_types.all()],
        "cancelled": list(session.exceptions.all()),
    }


def _may_change(request: HttpRequest, site: Site) -> bool:
    scope = actor_of(request).scope(SchedulingRight.TEMPLATES)
    return scope.everything or site.unit_id in scope.units


@guarded(SchedulingRight.TEMPLATES)
def add(request: HttpRequest, site_id: UUID) -> HttpResponse:
    """A new weekly session, or an extra one."""
    actor = actor_of(request)
    site = selectors.site(actor, site_id, SchedulingRight.TEMPLATES)
    form = SessionForm(
        request.POST or None, clinicians=_clinicians(site),
        visit_types=selectors.visit_types_at(actor_of(request), site.unit_id),
        rooms=_rooms(request, site), initial={"start": today_at(site)},
    )  # fmt: skip
    if form.is_valid():
        with refusals(form):
            said, clinician, block = form.cleaned_data, _clinician(form.cleaned_data["clinician"]), form.block()
            if said["once"]:
                templating.add_extra_session(clinician=clinician, site=site, block=block, day=said["start"], by=actor)
            else:
                templating.add_session(
                    clinician=clinician, site=site, block=block, start=said["start"], end=said["end"], by=actor
                )
            toast(request, _("Session added."))
            return redirect("scheduling:templates_of", site_id)
    context = {"form": form, "site": site, "title": _("Add a session"), "when": _when(form)}
    return render(request, "scheduling/session_form.html", context, status=form_status(form))


@guarded(SchedulingRight.TEMPLATES)
def revise(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Other hours or kinds of visits from a date on."""
    actor = actor_of(request)
    session = selectors.session(actor, session_id)
    site = session.unit.site
    form = ReviseForm(
        request.POST or None, visit_types=selectors.visit_types_at(actor_of(request), site.unit_id),
        rooms=_rooms(request, site),
        initial=initial_of(session, max(today_at(site), session.first_day)),
    )  # fmt: skip
    if form.is_valid():
        with refusals(form):
            revised = templating.revise_session(
                session=session, block=form.block(), start=form.cleaned_data["start"], by=actor
            )
            toast(request, _("The session holds as written from that day on."))
            if kept := kept_words(list(in_other_rooms(actor, [revised.pk]))):
                toast(request, kept, "warn")
            return redirect("scheduling:templates_of", site.unit_id)
    title = _("Change the session of %(name)s") % {"name": session.clinician.label()}
    elsewhere = in_other_rooms(actor, [session.pk])
    context = {"form": form, "site": site, "title": title, "when": _when(form), "elsewhere": elsewhere}
    return render(request, "scheduling/session_form.html", context, status=form_status(form))


def _when(form: SessionForm) -> list[Any]:
    """Fields besides the kinds of visits, which the page shows in a card of their own."""
    kinds = {bound.name for bound in form.kinds}
    return [form[name] for name in form.fields if name not in kinds]


@guarded(SchedulingRight.TEMPLATES)
def end(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """The session holds no more from a day on."""
    session = selectors.session(actor_of(request), session_id)
    form = EndForm(request.POST or None, initial={"on": today_at(session.unit.site)})
    if form.is_valid():
        with refusals(form):
            templating.end_session(session=session, on=form.cleaned_data["on"], by=actor_of(request))
            toast(request, _("The session ends on that day."))
            return redirect("scheduling:templates_of", session.unit_id)
    return _small(request, session, form, _("End a session"), _("End it"))


@guarded(SchedulingRight.TEMPLATES)
def cancel_day(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """The session does not take place on a day."""
    session = selectors.session(actor_of(request), session_id)
    form = CancelDayForm(request.POST or None)
    if form.is_valid():
        with refusals(form):
            templating.cancel_session_day(session=session, by=actor_of(request), **form.cleaned_data)
            toast(request, _("Cancelled on that day. Visits booked in it must be moved."), "warn")
            return redirect("scheduling:templates_of", session.unit_id)
    return _small(request, session, form, _("Cancel a session on a day"), _("Cancel it on this day"))


def _small(request: HttpRequest, session: Session, form: Any, title: str, submit: str) -> HttpResponse:
    context = {"session": session, "line": _line_of(session), "form": form, "title": title, "submit": submit}
    return render(request, "scheduling/session_small.html", context, status=form_status(form))


def _line_of(session: Session) -> str:
    clock = f"{clock_words(session.start_minute)}-{clock_words(session.end_minute)}"
    return f"{session.clinician.label()}, {WEEKDAYS[session.weekday]} {clock}"


@guarded(SchedulingRight.TEMPLATES)
def restore_day(request: HttpRequest, exception_id: UUID) -> HttpResponse:
    """The session takes place after all."""
    exception = selectors.session_exception(actor_of(request), exception_id)
    unit_id = exception.session.unit_id
    if request.method == "POST":
        _try(request, _("The session takes place again."), templating.restore_session_day, exception=exception)
    return redirect("scheduling:templates_of", unit_id)


def _try(request: HttpRequest, said: str, act: Any, **given: Any) -> None:
    try:
        act(by=actor_of(request), **given)
        toast(request, said)
    except NotVisible:
        raise
    except Refusal as refusal:
        toast(request, refusal.message, "bad")


@guarded(SchedulingRight.TEMPLATES)
def add_absence(request: HttpRequest, site_id: UUID) -> HttpResponse:
    """A clinician is away."""
    actor = actor_of(request)
    site = selectors.site(actor, site_id, SchedulingRight.TEMPLATES)
    form = AbsenceForm(request.POST or None, clinicians=_clinicians(site))
    if form.is_valid():
        with refusals(form):
            start, until = form.span(zone_of(site))
            if until <= now():
                raise Refusal(_("This absence is over already. Check the days."), field="last_day")
            templating.record_absence(
                clinician=_clinician(form.cleaned_data["clinician"]), start=start, end=until,
                kind=form.cleaned_data["kind"], by=actor,
            )  # fmt: skip
            toast(request, _("Absence recorded. What is booked in it stands under the visits that must move."), "warn")
            return redirect("scheduling:templates_of", site_id)
    context = {"form": form, "site": site}
    return render(request, "scheduling/absence_form.html", context, status=form_status(form))


@guarded(SchedulingRight.TEMPLATES)
def drop_absence(request: HttpRequest, absence_id: UUID) -> HttpResponse:
    """The clinician is here after all."""
    absence = selectors.absence(actor_of(request), absence_id)
    if request.method == "POST":
        _try(request, _("Absence removed."), templating.remove_absence, absence=absence)
    return redirect("scheduling:templates")


def _clinicians(site: Site) -> list[Clinician]:
    return list(clinicians_at([site.unit_id], on=today_at(site)).distinct())


def _clinician(clinician_id: UUID) -> Clinician:
    found = Clinician.objects.select_related("person", "resource").filter(pk=clinician_id).first()
    if found is None:
        raise NotVisible
    return found


def _rooms(request: HttpRequest, site: Site) -> list[Any]:
    return list(resources_at(actor_of(request), site.unit_id, on=today_at(site)).filter(kind="room"))
