"""Sharing circles and their members with dates."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.kernel.guard import guarded
from medguild.foundation.organization import circles, directory, services
from medguild.foundation.organization.forms import CircleForm, EndForm, JoinForm
from medguild.foundation.organization.models import CircleMember, SharingCircle
from medguild.foundation.organization.outline import unit_options
from medguild.foundation.organization.rights import OrganizationRight
from medguild.foundation.organization.rules import UnitKind
from medguild.foundation.organization.views.common import crumbs_to
from medguild.foundation.ui.answers import answer_form
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.parts import Crumb

MANAGE = OrganizationRight.MANAGE


@guarded(OrganizationRight.READ)
def circle_list(request: HttpRequest) -> HttpResponse:
    """Which entities may share charts, and why."""
    actor = actor_of(request)
    scope = actor.scope(MANAGE)
    shown = []
    for circle in directory.circles(actor):
        members = [(one, _open(one) and (scope.everything or one.entity_id in scope.units)) for one in _members(circle)]
        may_join = actor.may(MANAGE) and circles.manages_member(actor, circle)
        shown.append((circle, members, may_join))
    return render(request, "organization/circles.html", {"circles": shown, "may_manage": actor.may(MANAGE)})


def _members(circle: SharingCircle) -> list[CircleMember]:
    return sorted(circle.members.all(), key=lambda one: (one.entity.name, one.period.lower))


def _open(member: CircleMember) -> bool:
    return member.period.upper is None or member.period.upper > today()


@guarded(MANAGE)
def new_circle(request: HttpRequest) -> HttpResponse:
    """Entities of the actor that may share charts from a day on."""
    actor = actor_of(request)
    entities = unit_options(actor, MANAGE, UnitKind.ENTITY, on=today())
    return answer_form(
        request, CircleForm(request.POST or None, entities=entities, initial={"start": today()}),
        lambda **given: services.form_circle(by=actor, **given),
        title=_("New sharing circle"), done=_("Recorded."), back=reverse("organization:circles"), crumbs=crumbs_to(),
        intro=_(
            "Staff of all entities in a circle can find each other's patients. Members of an IPA are competitors:"
            " leave them apart."
        ),
    )  # fmt: skip


@guarded(MANAGE)
def join(request: HttpRequest, circle_id: UUID) -> HttpResponse:
    """An entity of the actor joins a circle of the actor from a day on."""
    actor = actor_of(request)
    circle = next((one for one in directory.circles(actor) if one.pk == circle_id), None)
    if circle is None or not circles.manages_member(actor, circle):
        raise NotVisible
    entities = unit_options(actor, MANAGE, UnitKind.ENTITY, on=today())
    return answer_form(
        request, JoinForm(request.POST or None, entities=entities, initial={"start": today()}),
        lambda **given: circles.join_circle(circle=circle, by=actor, **given),
        title=_("Add an entity to %(name)s") % {"name": circle.name}, done=_("Recorded."),
        back=reverse("organization:circles"), crumbs=_crumbs(),
        intro=_("From that day its staff find the patients of the whole circle, and the circle finds theirs."),
    )  # fmt: skip


@guarded(MANAGE)
def leave(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """An entity of the actor leaves its circle on a day."""
    actor = actor_of(request)
    member = CircleMember.objects.select_related("entity", "circle").filter(pk=member_id).first()
    if member is None:
        raise NotVisible
    directory.unit_for(actor, member.entity_id, MANAGE)
    words = {"name": member.entity.name, "circle": member.circle.name}
    return answer_form(
        request, EndForm(request.POST or None, initial={"on": today()}),
        lambda on: circles.leave_circle(member=member, on=on, by=actor),
        title=_("%(name)s leaves %(circle)s") % words, done=_("Ended."), back=reverse("organization:circles"),
        crumbs=_crumbs(), submit=_("End it"), kind="danger",
    )  # fmt: skip


def _crumbs() -> tuple[Crumb, ...]:
    return (*crumbs_to(), Crumb(_("Sharing circles"), reverse("organization:circles")))
