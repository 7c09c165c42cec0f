"""Questions about the bump list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.db.models import Case, Count, IntegerField, QuerySet, Value, When

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible
from medguild.operations.bumps.models import Bump, BumpContact
from medguild.operations.bumps.rules import NEAR, NEEDS, BumpStatus
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.numbers import Rate
from medguild.operations.scheduling.permissions import SchedulingRight


def bumps(actor: Actor, right: str = SchedulingRight.READ) -> QuerySet[Bump]:
    rows: QuerySet[Bump] = Bump.objects.visible_to(actor, right)
    return rows.select_related(
        "patient", "clinician__person", "unit__site", "appointment__visit_type", "appointment__clinician__person"
    ).annotate(calls=Count("contacts"))


def one_bump(actor: Actor, bump_id: UUID, right: str = SchedulingRight.READ) -> Bump:
    """Raises NotVisible."""
    found = bumps(actor, right).filter(pk=bump_id).first()
    if found is None:
        raise NotVisible
    return found


def in_turn(rows: QuerySet[Bump], *, at: dt.datetime) -> QuerySet[Bump]:
    """The order of `rules.turn`, asked of the database so that a list can be paged."""
    near = Case(When(visit_start__lte=at + NEAR, then=Value(0)), default=Value(1), output_field=IntegerField())
    ranks = [When(need=need, then=Value(rank)) for need, rank in NEEDS.items()]
    return rows.annotate(near=near, need_rank=Case(*ranks, default=Value(3), output_field=IntegerField())).order_by(
        "near", "need_rank", "-times_before", "booked_at"
    )


def open_bump(appointment: Appointment) -> Bump | None:
    """Of a visit that the caller may see."""
    rows = Bump.objects.unscoped("the visit is visible").filter(appointment=appointment, status=BumpStatus.OPEN)
    found: Bump | None = rows.first()
    return found


def contacts_of(row: Bump) -> list[BumpContact]:
    rows = BumpContact.objects.unscoped("the bump is visible").filter(bump=row)
    return list(rows.order_by("-made_at"))


def bumped_twice(
    *, actor: Actor, start: dt.datetime, end: dt.datetime, units: Collection[UUID] | None = None
) -> Rate:  # fmt: skip
    """Of the bumps in a half-open span, those of visits that had been bumped before."""
    rows = Bump.objects.visible_to(actor).filter(bumped_at__gte=start, bumped_at__lt=end)
    if units is not None:
        rows = rows.filter(unit_id__in=list(units))
    return Rate(rows.filter(times_before__gt=0).count(), rows.count())
