"""Lists of work as people see them, scoped to what they may see."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from medguild.foundation.access.demand import holds_at, login_of
from medguild.foundation.access.models import Grant, User
from medguild.foundation.access.permissions import rights_of
from medguild.foundation.access.rules import RECORD_ROLES, Role
from medguild.foundation.access.selectors import grants_held
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import day_of, now
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.organization.local_time import today_at
from medguild.foundation.work.models import Handoff, UnownedNeed, WorkItem
from medguild.foundation.work.permissions import WorkRight
from medguild.foundation.work.ports import SubjectView, WorkType, subject_kinds, work_types
from medguild.foundation.work.routing import top_unit
from medguild.foundation.work.rules import LIVE, HandoffStatus

Lines = QuerySet[WorkItem]


def items_visible(actor: Actor) -> Lines:
    """Items at the actor's units whose type they may see, most urgent first, with what a list shows."""
    items = WorkItem.objects.visible_to(actor).filter(_types_visible(actor, "unit_id"))
    return items.select_related("unit", "assignee", "duty", "duty__user", "escalated_user").order_by("due_at", "pk")


def _types_visible(actor: Actor, unit: str) -> Q:
    """Types that ask for more than the room's right are seen only where that right is held."""
    if actor.sees_all:
        return Q()
    by_right: dict[str, list[str]] = defaultdict(list)
    for key, declared in work_types.items():
        by_right[declared.right].append(key)
    condition = Q(work_type__in=by_right.pop(WorkRight.READ.value, []))
    for right, keys in by_right.items():
        scope = actor.scope(right)
        if scope.everything:
            condition |= Q(work_type__in=keys)
        elif scope.units:
            condition |= Q(work_type__in=keys, **{f"{unit}__in": scope.units})
    return condition


def live_items(actor: Actor) -> Lines:
    return items_visible(actor).filter(status__in=sorted(LIVE))


def my_work(actor: Actor, *, at: dt.datetime | None = None) -> Lines:
    """What is mine: taken by me, waiting for me or for a role that I hold at its unit, or climbed up to me."""
    me = login_of(actor)
    if me is None:
        return live_items(actor).none()
    moment = at or now()
    held = _held_by(me, moment)
    waiting = Q(assignee__isnull=True) & (Q(duty__user_id=me) | _holds(held, "duty__role", moment))
    climbed = Q(escalated_user_id=me) | (~Q(escalated_role="") & _holds(held, "escalated_role", moment))
    return live_items(actor).filter(Q(assignee_id=me) | waiting | climbed)


def _held_by(user_id: UUID, at: dt.datetime) -> list[UUID]:
    return [grant.pk for grant in grants_held(Grant.objects.filter(user_id=user_id), at=at)]


def _holds(held: list[UUID], role: str, at: dt.datetime, unit: str = "unit_id") -> Q:
    """One of the grants is of the role named by a column, on the item's unit or above."""
    grants = Grant.objects.filter(
        pk__in=held,
        role=OuterRef(role),
        unit__paths_down__descendant_id=OuterRef(unit),
        unit__paths_down__period__contains=day_of(at),
    )
    return Q(Exists(grants))


def item_for(actor: Actor, item_id: UUID) -> WorkItem:
    """One item. Raises NotVisible."""
    item = items_visible(actor).filter(pk=item_id).first()
    if item is None:
        raise NotVisible
    return item


def handoffs_of(item: WorkItem) -> list[Handoff]:
    """All hand-offs of an item that the caller may see, newest first."""
    rows = Handoff.objects.unscoped("the item is visible").filter(item=item)
    return list(rows.select_related("sender", "to_user", "answered_by").order_by("-sent_at"))


def handoffs_for(actor: Actor, *, at: dt.datetime | None = None) -> QuerySet[Handoff]:
    """Hand-offs that wait for the actor's answer, soonest due first."""
    me = login_of(actor)
    rows = Handoff.objects.visible_to(actor).filter(status=HandoffStatus.PENDING)
    if me is None:
        return rows.none()
    moment = at or now()
    for_role = _holds(_held_by(me, moment), "to_role", moment, "item__unit_id")
    mine = rows.exclude(sender_id=me).filter(Q(to_user_id=me) | for_role)
    mine = mine.filter(_handoff_types(actor))
    return mine.select_related("item", "item__unit", "sender").order_by("due_at")


def _handoff_types(actor: Actor) -> Q:
    return Q(item__in=WorkItem.objects.visible_to(actor).filter(_types_visible(actor, "unit_id")))


def handoffs_sent(actor: Actor) -> QuerySet[Handoff]:
    """One's own hand-offs that nobody has answered yet."""
    rows = Handoff.objects.visible_to(actor).filter(status=HandoffStatus.PENDING, sender_id=login_of(actor))
    return rows.select_related("item", "item__unit", "to_user").order_by("due_at")


def handoff_count(actor: Actor) -> int:
    return handoffs_for(actor).count()


def needs_visible(actor: Actor) -> list[UnownedNeed]:
    """Work that nobody owns: red until somebody does. Needs without a unit are shown to whoever manages the house."""
    rows = UnownedNeed.objects.unscoped("units are compared below")
    scope = actor.scope(WorkRight.READ)
    if not scope.everything:
        seen = Q(unit_id__in=scope.units)
        if holds_at(actor, WorkRight.MANAGE, top_unit()):
            seen |= Q(unit__isnull=True)
        rows = rows.filter(seen)
    rows = rows.filter(settled_at__isnull=True).filter(_types_visible(actor, "unit_id"))
    return list(rows.select_related("unit").order_by("arose_at"))


def subjects_of(actor: Actor, items: Iterable[WorkItem]) -> Mapping[UUID, SubjectView]:
    """How the records behind the items are called, by id: one question per kind of record."""
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for item in items:
        if item.subject_id is not None:
            wanted[item.subject_type].add(item.subject_id)
    views: dict[UUID, SubjectView] = {}
    for key, ids in wanted.items():
        kind = subject_kinds.find(key)
        if kind is not None:
            views.update(kind.view(actor, ids))
    return views


def able_users(item: WorkItem, *, on: dt.date | None = None) -> QuerySet[User]:
    """Active users who may see and do the item where it stands."""
    return able_users_at(item.unit_id, work_types.get(item.work_type), on=on)


def able_users_at(unit_id: UUID, declared: WorkType, *, on: dt.date | None = None) -> QuerySet[User]:
    """Active users who may see and do work of a type at a unit."""
    wanted = {WorkRight.DO.value, declared.right}
    roles = [role for role in Role if role not in RECORD_ROLES and wanted <= rights_of(role)]
    grants = _grants_over(unit_id, on).filter(role__in=roles)
    users = User.objects.filter(is_active=True, pk__in=grants.values("user_id"))
    return users.order_by("display_name", "email")


def _grants_over(unit_id: UUID, on: dt.date | None) -> QuerySet[Grant]:
    """Grants at a unit or above, on a day there (default today)."""
    day = on or today_at(unit_id)
    return Grant.objects.filter(
        period__contains=day, unit__paths_down__descendant_id=unit_id, unit__paths_down__period__contains=day
    )


def held_roles(item: WorkItem, *, on: dt.date | None = None) -> list[str]:
    """Roles that somebody holds at the item's unit today."""
    grants = _grants_over(item.unit_id, on).filter(user__is_active=True)
    return sorted(set(grants.values_list("role", flat=True)))
