"""What rooms and devices can be used for, which skills people have, and who may be booked as staff."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.kernel.guard import guarded
from medguild.foundation.organization import directory, equipping, staffing
from medguild.foundation.organization.capabilities import ResourceCapability
from medguild.foundation.organization.equipment_forms import BookableForm, CapabilityForm, EquipForm
from medguild.foundation.organization.forms import EndForm
from medguild.foundation.organization.models import Resource
from medguild.foundation.organization.outline import unit_options
from medguild.foundation.organization.rights import OrganizationRight
from medguild.foundation.organization.rules import PEOPLE, ResourceKind, can_have
from medguild.foundation.organization.views.common import page_of
from medguild.foundation.organization.words import RESOURCE_KINDS
from medguild.foundation.ui.answers import answer_form
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.parts import Crumb

MANAGE = OrganizationRight.MANAGE


@guarded(OrganizationRight.READ)
def capability_list(request: HttpRequest) -> HttpResponse:
    """Kinds of rooms, kinds of devices, skills, with how many have each today."""
    actor = actor_of(request)
    counts = equipping.counts(actor, on=today())
    context = {
        "rows": [
            (RESOURCE_KINDS[ResourceKind(one.kind)], one, counts.get(one.pk, 0)) for one in equipping.capabilities()
        ],
        "may_manage": actor.may(MANAGE),
    }
    return render(request, "organization/capabilities.html", context)


@guarded(MANAGE)
def new_capability(request: HttpRequest) -> HttpResponse:
    """Name a kind of room or device, or a skill."""
    actor, back = actor_of(request), reverse("organization:capabilities")
    return answer_form(
        request, CapabilityForm(request.POST or None), lambda **given: equipping.add_capability(by=actor, **given),
        title=_("Add a kind or skill"), done=_("Added."), back=back,
        crumbs=(Crumb(_("Kinds and skills"), back),),
        intro=_("Kinds of visits ask for it; rooms, devices and people have it."),
    )  # fmt: skip


@guarded(MANAGE)
def equip(request: HttpRequest, resource_id: UUID) -> HttpResponse:
    """A room is of a kind, a device does something, somebody has a skill, from a day on."""
    actor, resource = actor_of(request), _resource(request, resource_id)
    fitting = [one for one in equipping.capabilities() if can_have(resource.kind, one.kind)]
    form = EquipForm(request.POST or None, capabilities=fitting, initial={"start": today()})
    return answer_form(
        request, form, lambda **given: equipping.equip(resource=resource, by=actor, **given),
        title=_("What %(name)s can be used for") % {"name": resource.name}, done=_("Saved."), back=_back(resource),
        intro=_("Visits that ask for it find it from that day on."),
    )  # fmt: skip


@guarded(MANAGE)
def unequip(request: HttpRequest, held_id: UUID) -> HttpResponse:
    """From a day on no longer."""
    actor = actor_of(request)
    rows = ResourceCapability.objects.visible_to(actor, MANAGE).select_related("resource__unit", "capability")
    held = rows.filter(pk=held_id).first()
    if held is None:
        raise NotVisible
    words = {"what": held.capability.name, "name": held.resource.name}
    return answer_form(
        request, EndForm(request.POST or None), lambda on: equipping.unequip(held=held, on=on, by=actor),
        title=_("%(name)s: no longer %(what)s") % words, done=_("Ended."), back=_back(held.resource),
        submit=_("End it"), kind="danger", intro=_("Visits that are booked stay booked."),
    )  # fmt: skip


@guarded(MANAGE)
def bookable(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Visits may take the person's time, as staff."""
    actor = actor_of(request)
    person = directory.person_for(actor, person_id, MANAGE)
    form = BookableForm(
        request.POST or None, units=unit_options(actor, MANAGE, None, on=today()), initial={"start": today()}
    )
    back = reverse("organization:person", args=[person.pk])
    return answer_form(
        request, form, lambda **given: staffing.make_bookable(person=person, by=actor, **given),
        title=_("%(name)s helps in visits") % {"name": person.label()}, done=_("Saved. Now add skills and shifts."),
        back=back, crumbs=(Crumb(_("People"), reverse("organization:people")), Crumb(person.label(), back)),
        intro=_("They get one calendar for all sites, so that nobody books them twice."),
    )  # fmt: skip


def _resource(request: HttpRequest, resource_id: UUID) -> Resource:
    rows = Resource.objects.visible_to(actor_of(request), MANAGE).select_related("unit")
    found = rows.filter(pk=resource_id).first()
    if found is None:
        raise NotVisible
    return found


def _back(resource: Resource) -> str:
    """A person's page, or the page of the site where the thing stands."""
    if resource.kind in PEOPLE:
        return reverse("organization:person", args=[resource.person_id])
    return page_of(resource.unit)
