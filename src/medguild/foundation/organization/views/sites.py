"""Rooms, equipment, cost splits and closed days."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.kernel.guard import guarded
from medguild.foundation.organization import directory, endings, services
from medguild.foundation.organization.forms import ClosureForm, EndForm, SplitForm, ThingForm
from medguild.foundation.organization.models import Closure, Resource
from medguild.foundation.organization.outline import unit_options
from medguild.foundation.organization.rights import OrganizationRight
from medguild.foundation.organization.rules import UnitKind
from medguild.foundation.organization.views.common import crumbs_to, page_of
from medguild.foundation.ui.answers import answer_form
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.toasts import toast

MANAGE = OrganizationRight.MANAGE


@guarded(MANAGE)
def new_thing(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """A room or a device."""
    actor = actor_of(request)
    unit = directory.unit_for(actor, unit_id, MANAGE)
    return answer_form(
        request, ThingForm(request.POST or None, initial={"start": today()}),
        lambda **given: services.add_resource(unit=unit, by=actor, **given),
        title=_("Add a room or device"), done=_("Added."), back=page_of(unit), crumbs=crumbs_to(unit),
    )  # fmt: skip


def _thing(request: HttpRequest, resource_id: UUID) -> Resource:
    things = Resource.objects.visible_to(actor_of(request), MANAGE).select_related("unit")
    thing = things.filter(pk=resource_id).first()
    if thing is None:
        raise NotVisible
    return thing


@guarded(MANAGE)
def share(request: HttpRequest, resource_id: UUID) -> HttpResponse:
    """Who uses it, and who bears which part of its cost."""
    actor, thing = actor_of(request), _thing(request, resource_id)
    practices = unit_options(actor, MANAGE, UnitKind.PRACTICE, on=today())
    form = SplitForm(request.POST or None, practices=practices, initial={"start": today()})

    def run(**given: Any) -> None:
        services.share_resource(
            resource=thing, shares=form.shares(), start=given["start"], end=given["end"], by=actor
        )  # fmt: skip

    return answer_form(
        request, form, run, title=_("Share %(name)s") % {"name": thing.name}, done=_("Shared."),
        back=page_of(thing.unit), crumbs=crumbs_to(thing.unit), intro=_("The shares together are 100 %."),
    )  # fmt: skip


@guarded(MANAGE)
def end_split(request: HttpRequest, resource_id: UUID) -> HttpResponse:
    """The split no longer holds; then another may be made."""
    actor, thing = actor_of(request), _thing(request, resource_id)
    return answer_form(
        request, EndForm(request.POST or None), lambda on: endings.end_split(resource=thing, on=on, by=actor),
        title=_("End the cost split of %(name)s") % {"name": thing.name}, done=_("Ended."), back=page_of(thing.unit),
        crumbs=crumbs_to(thing.unit), submit=_("End it"), kind="danger",
    )  # fmt: skip


@guarded(MANAGE)
def retire(request: HttpRequest, resource_id: UUID) -> HttpResponse:
    """It can no longer be booked from a day on."""
    actor, thing = actor_of(request), _thing(request, resource_id)
    return answer_form(
        request, EndForm(request.POST or None), lambda on: endings.retire_resource(resource=thing, on=on, by=actor),
        title=_("Retire %(name)s") % {"name": thing.name}, done=_("Retired."), back=page_of(thing.unit),
        crumbs=crumbs_to(thing.unit), submit=_("Retire it"), kind="danger",
    )  # fmt: skip


@guarded(MANAGE)
def close_day(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """A day on which the unit and all below are closed."""
    actor = actor_of(request)
    unit = directory.unit_for(actor, unit_id, MANAGE)
    return answer_form(
        request, ClosureForm(request.POST or None),
        lambda **given: endings.close_day(unit=unit, by=actor, **given),
        title=_("Closed day at %(name)s") % {"name": unit.name}, done=_("Recorded."), back=page_of(unit),
        crumbs=crumbs_to(unit),
    )  # fmt: skip


@guarded(MANAGE)
@require_POST
def reopen_day(request: HttpRequest, closure_id: UUID) -> HttpResponse:
    """Take a closed day back."""
    actor = actor_of(request)
    closure = Closure.objects.select_related("unit").filter(pk=closure_id).first()
    if closure is None:
        raise NotVisible
    unit = directory.unit_for(actor, closure.unit_id, MANAGE)
    endings.reopen_day(closure=closure, by=actor)
    toast(request, _("The day is open again."))
    return redirect(page_of(unit))
