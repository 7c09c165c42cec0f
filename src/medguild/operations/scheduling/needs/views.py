"""Shifts of staff at a site, and rooms, devices and staff that are out for a while."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from medguild.foundation.access.guard import guarded
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.ui.answers import answer_form
from medguild.foundation.ui.toasts import toast
from medguild.operations.scheduling import selectors
from medguild.operations.scheduling.needs import availability
from medguild.operations.scheduling.needs.forms import OutForm, ShiftForm
from medguild.operations.scheduling.needs.models import ResourceOutage, StaffShift
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.showing import actor_of, today_at, zone_of
from medguild.operations.scheduling.template_forms import EndForm
from medguild.operations.scheduling.words import WEEKDAYS

TEMPLATES = SchedulingRight.TEMPLATES


def _back(unit_id: UUID) -> str:
    return reverse("organization:unit", args=[unit_id])


@guarded(TEMPLATES)
def add_shift(request: HttpRequest, site_id: UUID) -> HttpResponse:
    """Somebody works here weekly; visits may take them then."""
    actor = actor_of(request)
    site = selectors.site(actor, site_id, TEMPLATES)
    people = availability.helpers(actor, site_id, on=today_at(site))
    form = ShiftForm(request.POST or None, people=people, initial={"start": today_at(site)})
    return answer_form(
        request, form, lambda **_given: availability.add_shifts(site=site, by=actor, **form.shifts()),
        title=_("Add a shift at %(site)s") % {"site": site.unit.name}, done=_("Shift added."), back=_back(site_id),
        intro=_("Kinds of visits that need staff find them in their shifts, at one site at a time."),
    )  # fmt: skip


@guarded(TEMPLATES)
def end_shift(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    """From a day on the shift is not worked."""
    actor = actor_of(request)
    rows = StaffShift.objects.visible_to(actor, TEMPLATES).select_related("resource")
    shift: StaffShift | None = rows.filter(pk=shift_id).first()
    if shift is None:
        raise NotVisible
    words = {"name": shift.resource.name, "day": WEEKDAYS[shift.weekday]}
    return answer_form(
        request, EndForm(request.POST or None, initial={"on": today_at(None)}),
        lambda on: availability.end_shift(shift=shift, on=on, by=actor),
        title=_("End the shift of %(name)s on %(day)s") % words, done=_("Ended."), back=_back(shift.unit_id),
        submit=_("End it"), kind="danger", intro=_("Visits that are booked keep the person."),
    )  # fmt: skip


@guarded(TEMPLATES)
def take_out(request: HttpRequest, site_id: UUID) -> HttpResponse:
    """A room, device or member of the staff is not there for a while."""
    actor = actor_of(request)
    site = selectors.site(actor, site_id, TEMPLATES)
    things = availability.takable(actor, site_id, on=today_at(site))
    form = OutForm(request.POST or None, things=things, zone=zone_of(site))
    return answer_form(
        request, form, lambda **_given: availability.take_out(by=actor, **form.outage()),
        title=_("Out of service at %(site)s") % {"site": site.unit.name},
        done=_("Recorded. Visits that are booked in that time must be moved."), back=_back(site_id),
    )  # fmt: skip


@guarded(TEMPLATES)
def bring_back(request: HttpRequest, outage_id: UUID) -> HttpResponse:
    """It is there after all."""
    actor = actor_of(request)
    rows = ResourceOutage.objects.visible_to(actor, TEMPLATES).select_related("resource")
    outage: ResourceOutage | None = rows.filter(pk=outage_id).first()
    if outage is None:
        raise NotVisible
    if request.method == "POST":
        try:
            availability.bring_back(outage=outage, by=actor)
            toast(request, _("Back in service."))
        except NotVisible:
            raise
        except Refusal as refusal:
            toast(request, refusal.message, "bad")
    return redirect(_back(outage.resource.unit_id))
