"""Who answers for a piece of work: the nearest duty above a unit, and the people behind it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db.models import F, QuerySet

from medguild.foundation.access.models import Grant, User
from medguild.foundation.access.rules import Role
from medguild.foundation.organization.models import Site, Unit
from medguild.foundation.organization.rules import UnitKind
from medguild.foundation.work.models import Duty
from medguild.foundation.work.rules import DutyLine, nearest_duty

_RIGHT_REASON = "who answers for work is decided by the tree, whoever asks"


def duty_for(*, work_type: str, unit_id: UUID, on: dt.date, specialty: str = "") -> Duty | None:
    """The duty that answers for this type of work at the unit on the day, or None."""
    found = {
        duty.pk: duty
        for duty in Duty.objects.unscoped(_RIGHT_REASON)
        .filter(
            work_type=work_type,
            period__contains=on,
            unit__paths_down__descendant_id=unit_id,
            unit__paths_down__period__contains=on,
        )
        .annotate(steps=F("unit__paths_down__depth"))
        .select_related("user", "backup_user")
    }
    lines = [DutyLine(duty.pk, duty.work_type, duty.unit_id, duty.specialty) for duty in found.values()]
    path = {duty.unit_id: duty.steps for duty in found.values()}
    chosen = nearest_duty(lines, work_type=work_type, path=path, specialty=specialty)
    return found[chosen.id] if chosen else None


def specialty_at(unit_id: UUID, *, on: dt.date) -> str:
    """The specialty of the nearest site above the unit; empty where there is none."""
    sites = Site.objects.filter(
        unit__paths_down__descendant_id=unit_id, unit__paths_down__period__contains=on
    ).order_by("unit__paths_down__depth")
    return sites.values_list("specialty", flat=True).first() or ""


def holders(role: str, unit_id: UUID, *, on: dt.date) -> QuerySet[User]:
    """Active users who hold the role at the unit: granted there or above."""
    grants = Grant.objects.filter(
        role=role,
        period__contains=on,
        unit__paths_down__descendant_id=unit_id,
        unit__paths_down__period__contains=on,
    )
    return User.objects.filter(is_active=True, pk__in=grants.values("user_id")).order_by("display_name", "email")


def first_held(roles: Iterable[Role], unit_id: UUID, *, on: dt.date) -> Role | None:
    """The first of the roles that somebody holds at the unit."""
    return next((role for role in roles if holders(role, unit_id, on=on).exists()), None)


def unit_of_user(user_id: UUID, *, on: dt.date) -> UUID | None:
    """A unit on which the user holds a role today; where work about the user is opened."""
    grants = Grant.objects.filter(user_id=user_id, unit__isnull=False, period__contains=on)
    return grants.order_by("pk").values_list("unit_id", flat=True).first()


def top_unit() -> UUID | None:
    """The enterprise: where work that belongs to nobody in particular is opened."""
    return Unit.objects.filter(kind=UnitKind.ENTERPRISE).order_by("pk").values_list("pk", flat=True).first()
