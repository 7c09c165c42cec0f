"""What may be asked of kinds of visits and of what visits take."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet

from medguild.foundation.kernel.clock import today
from medguild.foundation.organization.models import Resource, UnitPath
from medguild.operations.scheduling.models import Allocation, Appointment, VisitType
from medguild.operations.scheduling.needs.models import VisitNeed, VisitTypeLength


def needs_by_kind(kinds: Collection[UUID]) -> dict[UUID, list[VisitNeed]]:
    """What kinds of visits need, by kind of visit."""
    found: dict[UUID, list[VisitNeed]] = {}
    rows = VisitNeed.objects.filter(visit_type__in=list(kinds)).select_related("capability")
    for row in rows.order_by("capability__kind", "capability__name"):
        found.setdefault(row.visit_type_id, []).append(row)
    return found


def is_done_at(visit_type_id: UUID, unit_id: UUID, *, on: dt.date) -> bool:
    """Whether a kind of visit holds at a unit on a day: the unit, or one above it, owns it."""
    above = UnitPath.objects.filter(descendant_id=unit_id, period__contains=on)
    return VisitType.objects.filter(pk=visit_type_id, owner_id__in=above.values("ancestor_id")).exists()


def lengths_of(kind: VisitType | None, *, pk: UUID | None = None) -> QuerySet[VisitTypeLength]:
    """Lengths that differ from the usual one, now or later, of a kind of visit (or the one with the id)."""
    rows = VisitTypeLength.objects.select_related("unit", "clinician__person", "visit_type")
    rows = rows.filter(pk=pk) if pk else rows.filter(visit_type=kind)
    rows = rows.filter(period__overlap=DateRange(today(), None))
    return rows.order_by("specialty", "unit__name", "clinician__person__family_name", "period")


def taken_by(appointment: Appointment) -> list[tuple[Resource, Allocation]]:
    """Rooms, devices and staff that a visit takes, each with its span, by kind and name. The caller sees the visit."""
    rows = Allocation.objects.unscoped("the caller sees the visit").filter(appointment=appointment)
    held = {row.resource_id: row for row in rows}
    held.pop(appointment.clinician.resource_id, None)
    things = Resource.objects.unscoped("the caller sees the visit").filter(pk__in=held)
    return [(thing, held[thing.pk]) for thing in things.order_by("kind", "name")]
