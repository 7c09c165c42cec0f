"""Opening, moving, closing and relating units; legal data, addresses, circles."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.kernel.guard import guarded
from medguild.foundation.organization import directory, endings, services
from medguild.foundation.organization.forms import (
    EndForm,
    LegalForm,
    MoveForm,
    RelationForm,
    SiteForm,
    UnitForm,
)
from medguild.foundation.organization.models import UnitRelation
from medguild.foundation.organization.outline import unit_options
from medguild.foundation.organization.rights import OrganizationRight
from medguild.foundation.organization.rules import PARENT_KIND, UnitKind
from medguild.foundation.organization.views.common import crumbs_to, page_of
from medguild.foundation.organization.words import UNIT_KINDS
from medguild.foundation.ui.answers import answer_form
from medguild.foundation.ui.attributes import actor_of

MANAGE = OrganizationRight.MANAGE


@guarded(MANAGE)
def new_unit(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """A unit of the next kind below this one."""
    actor = actor_of(request)
    parent = directory.unit_for(actor, unit_id, MANAGE)
    kind = next((kind for kind, above in PARENT_KIND.items() if above == parent.kind), None)
    if kind is None:
        raise NotVisible
    return answer_form(
        request, UnitForm(request.POST or None, initial={"start": today()}),
        lambda **given: services.open_unit(kind=kind, parent=parent, by=actor, **given),
        title=_("Add: %(kind)s") % {"kind": UNIT_KINDS[kind]}, done=_("Added."), back=page_of(parent),
        crumbs=crumbs_to(parent),
    )  # fmt: skip


@guarded(MANAGE)
def move(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """From a day on under another parent."""
    actor = actor_of(request)
    unit = directory.unit_for(actor, unit_id, MANAGE)
    kind = PARENT_KIND.get(UnitKind(unit.kind))
    parents = unit_options(actor, MANAGE, kind, on=today()) if kind else []
    return answer_form(
        request, MoveForm(request.POST or None, parents=parents, initial={"on": today()}),
        lambda **given: services.move_unit(unit=unit, by=actor, **given),
        title=_("Move %(name)s") % {"name": unit.name}, done=_("Moved."), back=page_of(unit), crumbs=crumbs_to(unit),
        intro=_("What was before that day stays as it was: old records keep their entity."),
    )  # fmt: skip


@guarded(MANAGE)
def close(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """The unit is gone from a day on."""
    actor = actor_of(request)
    unit = directory.unit_for(actor, unit_id, MANAGE)
    return answer_form(
        request, EndForm(request.POST or None), lambda on: endings.close_unit(unit=unit, on=on, by=actor),
        title=_("Close %(name)s") % {"name": unit.name}, done=_("Closed."), back=page_of(unit), crumbs=crumbs_to(unit),
        submit=_("Close it"), kind="danger", intro=_("Its past stays on record; nothing new can stand there."),
    )  # fmt: skip


@guarded(MANAGE)
def legal(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """What an entity is by law."""
    actor = actor_of(request)
    unit = directory.unit_for(actor, unit_id, MANAGE)
    return answer_form(
        request, LegalForm(request.POST or None),
        lambda **given: services.incorporate(unit=unit, by=actor, **given),
        title=_("Legal data of %(name)s") % {"name": unit.name}, done=_("Recorded."), back=page_of(unit),
        crumbs=crumbs_to(unit),
    )  # fmt: skip


@guarded(MANAGE)
def address(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Where a site is."""
    actor = actor_of(request)
    unit = directory.unit_for(actor, unit_id, MANAGE)
    return answer_form(
        request, SiteForm(request.POST or None),
        lambda **given: services.furnish_site(unit=unit, by=actor, **given),
        title=_("Address of %(name)s") % {"name": unit.name}, done=_("Recorded."), back=page_of(unit),
        crumbs=crumbs_to(unit), cols=2,
    )  # fmt: skip


@guarded(MANAGE)
def relate(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """A dated relation to another unit of the actor."""
    actor = actor_of(request)
    unit = directory.unit_for(actor, unit_id, MANAGE)
    targets = [one for one in unit_options(actor, MANAGE, None, on=today()) if one.pk != unit.pk]

    def run(percent: Decimal | None, **given: Any) -> None:
        share = int(percent * 100) if percent is not None else None
        services.relate_units(source=unit, share=share, by=actor, **given)

    return answer_form(
        request, RelationForm(request.POST or None, targets=targets, initial={"start": today()}), run,
        title=_("Relation of %(name)s") % {"name": unit.name}, done=_("Recorded."), back=page_of(unit),
        crumbs=crumbs_to(unit),
    )  # fmt: skip


@guarded(MANAGE)
def end_relation(request: HttpRequest, relation_id: UUID) -> HttpResponse:
    """A relation that no longer holds; managed where it starts."""
    actor = actor_of(request)
    relation = UnitRelation.objects.select_related("source", "target").filter(pk=relation_id).first()
    if relation is None:
        raise NotVisible
    source = directory.unit_for(actor, relation.source_id, MANAGE)
    return answer_form(
        request, EndForm(request.POST or None),
        lambda on: endings.end_relation(relation=relation, on=on, by=actor),
        title=_("End the relation to %(name)s") % {"name": relation.target.name}, done=_("Ended."),
        back=page_of(source), crumbs=crumbs_to(source), submit=_("End it"), kind="danger",
    )  # fmt: skip
