"""Who is in a sharing circle, and when: entities join and leave on a day."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils.translation import gettext as _

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import NotAllowed, Refusal
from medguild.foundation.organization.models import CircleMember, SharingCircle, Unit
from medguild.foundation.organization.ports import tell_tree_changed
from medguild.foundation.organization.rights import OrganizationRight
from medguild.foundation.organization.rules import UnitKind
from medguild.foundation.organization.services import CIRCLE_CHANGED


@transaction.atomic
def join_circle(
    *, circle: SharingCircle, entity: Unit, by: Actor, start: dt.date, end: dt.date | None = None
) -> CircleMember:
    """The entity shares charts with the circle from a day on. It is in one circle at a time.

    Whoever brings it in manages the entity and a member: nobody joins a circle of others by himself.
    """
    _refuse_foreign(entity, by)
    if not manages_member(by, circle):
        raise NotAllowed(_("You manage no entity of this circle. Ask somebody who does."))
    if entity.kind != UnitKind.ENTITY:
        raise Refusal(_("Only entities share charts."), field="entity")
    if end is not None and end <= start:
        raise Refusal(_("It must end after it starts."), field="end")
    period = DateRange(start, end)
    held = CircleMember.objects.filter(entity=entity, period__overlap=period).select_related("circle").first()
    if held is not None:
        raise Refusal(
            _("%(name)s is in the circle %(circle)s in that time; end that first.")
            % {"name": entity.name, "circle": held.circle.name},
            code="in_other_circle", field="entity",
        )  # fmt: skip
    member = CircleMember.objects.create(circle=circle, entity=entity, period=period)
    _tell(member, by, {"joined": start.isoformat()})
    return member


@transaction.atomic
def leave_circle(*, member: CircleMember, on: dt.date, by: Actor) -> None:
    """The entity no longer shares charts from a day on. A membership that has not begun is taken back."""
    _refuse_foreign(member.entity, by)
    period = member.period
    if period.upper is not None and period.upper <= on:
        raise Refusal(_("It has ended already on that day."), field="on")
    _tell(member, by, {"left": on.isoformat()})
    if period.lower >= on:
        member.delete()
        return
    member.period = DateRange(period.lower, on)
    member.save(update_fields=["period"])


def manages_member(actor: Actor, circle: SharingCircle) -> bool:
    """May the actor speak for the circle: is an entity of theirs in it, now or later, or nobody at all?"""
    scope = actor.scope(OrganizationRight.MANAGE)
    still = Q(period__upper_inf=True) | Q(period__endswith__gt=today())
    members = set(circle.members.filter(still).values_list("entity_id", flat=True))
    return scope.everything or not members or not scope.units.isdisjoint(members)


def _refuse_foreign(entity: Unit, by: Actor) -> None:
    scope = by.scope(OrganizationRight.MANAGE)
    if not scope.everything and entity.pk not in scope.units:
        raise NotAllowed(_("You do not manage this entity."))


def _tell(member: CircleMember, by: Actor, data: dict[str, str]) -> None:
    subject = SubjectRef("unit", member.entity_id, member.entity.name)
    record(
        CIRCLE_CHANGED, subject=subject, by=by, unit_id=member.entity_id, data=data | {"circle_id": member.circle_id}
    )
    tell_tree_changed()
