"""What the pages of this room share."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.rights import OrganizationRight
from medguild.foundation.ui.parts import Crumb


def page_of(unit: Unit) -> str:
    return reverse("organization:unit", args=[unit.pk])


def crumbs_to(unit: Unit | None = None) -> tuple[Crumb, ...]:
    start = (Crumb(_("Organization"), reverse("organization:tree")),)
    return (*start, Crumb(unit.name, page_of(unit))) if unit else start


def holds_at(actor: Actor, right: OrganizationRight, unit: Unit) -> bool:
    scope = actor.scope(right)
    return scope.everything or unit.pk in scope.units
