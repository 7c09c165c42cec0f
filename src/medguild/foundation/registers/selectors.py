"""Reading registers: entries of the actor's units, and of those above."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse

from medguild.foundation.access.models import Grant, User
from medguild.foundation.access.permissions import rights_of
from medguild.foundation.access.rules import Role
from medguild.foundation.access.selectors import grants_held
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.registers.models import RegisterEntry
from medguild.foundation.registers.ports import Register, registers
from medguild.foundation.standards.selectors import units_concerned
from medguild.foundation.work.ports import SubjectView

Entries = QuerySet[Any]


def entries_visible(actor: Actor, register: Register) -> Entries:
    """Entries at the actor's units and above, those to look at soonest first."""
    units = units_concerned(actor, register.read_right)
    rows: Entries = register.model.objects.unscoped("entries of units above hold for the actor too")
    if units is not None:
        rows = rows.filter(unit_id__in=units)
    return rows.select_related("unit", "owner").order_by("review_on", "title", "pk")


def entry_for(actor: Actor, register: Register, entry_id: UUID) -> RegisterEntry:
    """One entry. Raises NotVisible."""
    entry: RegisterEntry | None = entries_visible(actor, register).filter(pk=entry_id).first()
    if entry is None:
        raise NotVisible
    return entry


def to_remind(register: Register, today: Any) -> Entries:
    """Live entries whose review or deadline has come."""
    due = Q(review_on__lte=today)
    if register.deadline:
        due |= Q(**{f"{register.deadline}__lte": today})
    rows: Entries = register.model.objects.unscoped("the house reminds everybody")
    return rows.filter(due).exclude(status__in=register.closed).select_related("owner").order_by("pk")


def registers_visible(actor: Actor) -> list[Register]:
    return [register for register in registers if actor.may(register.read_right)]


def subject_views(register: Register) -> Any:
    """How entries are called when work is about them."""

    def view(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, SubjectView]:
        rows = entries_visible(actor, register).filter(pk__in=list(ids))
        return {row.pk: SubjectView(row.title, reverse(f"{register.key}:show", args=[row.pk])) for row in rows}

    return view


def possible_owners(actor: Actor, register: Register) -> QuerySet[User]:
    """Active users who may see the register at the actor's units."""
    roles = [role for role in Role if register.read_right in rights_of(role)]
    grants = Grant.objects.filter(role__in=roles)
    units = units_concerned(actor, register.manage_right)
    if units is not None:
        grants = grants.filter(unit_id__in=units)
    able = {grant.user_id for grant in grants_held(grants, at=now())}
    return User.objects.filter(is_active=True, pk__in=able).order_by("display_name", "email")
