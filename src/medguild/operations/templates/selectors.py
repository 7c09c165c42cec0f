"""What can be asked of templates: versions, lists of visits that must move, and their numbers for later comparisons."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.organization.people import Clinician
from medguild.operations.scheduling.models import Session
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.templates.blocks import drafts_of_sessions, drafts_of_version
from medguild.operations.templates.models import MovePlan, PlannedMove, TemplateVersion
from medguild.operations.templates.rules import IN_FORCE, LEFT, PlanStatus, VersionStatus


def clinicians_kept(actor: Actor, right: str = SchedulingRight.READ) -> QuerySet[Clinician]:
    """Clinicians whose home the actor may see, or who have sessions at the actor's sites, by name."""
    rows = Clinician.objects.select_related("person", "resource__unit")
    scope = actor.scope(right)
    if not scope.everything:
        there = Session.objects.visible_to(actor, right).values("clinician_id")
        rows = rows.filter(Q(resource__unit_id__in=scope.units) | Q(pk__in=there))
    return rows.order_by("person__family_name", "person__given_name", "pk")


def clinician(actor: Actor, clinician_id: UUID, right: str = SchedulingRight.READ) -> Clinician:
    """One of these, or NotVisible."""
    found = clinicians_kept(actor, right).filter(pk=clinician_id).first()
    if found is None:
        raise NotVisible
    return found


def versions(actor: Actor) -> QuerySet[TemplateVersion]:
    """Versions that the actor may see, newest first."""
    rows: QuerySet[TemplateVersion] = TemplateVersion.objects.visible_to(actor)
    return rows.select_related("clinician__person", "clinician__resource__unit").order_by("-number")


def version(actor: Actor, version_id: UUID) -> TemplateVersion:
    """One version, or NotVisible."""
    found = versions(actor).filter(pk=version_id).first()
    if found is None:
        raise NotVisible
    return found


def versions_of(actor: Actor, clinician: Clinician) -> list[TemplateVersion]:
    """The history of a clinician's template, newest first."""
    return list(versions(actor).filter(clinician=clinician))


def versions_by_clinician(actor: Actor, clinicians: Iterable[UUID]) -> dict[UUID, list[TemplateVersion]]:
    """The same for many, in one query."""
    found: dict[UUID, list[TemplateVersion]] = {}
    for row in versions(actor).filter(clinician_id__in=list(clinicians)):
        found.setdefault(row.clinician_id, []).append(row)
    return found


def in_force(rows: Iterable[TemplateVersion], day: dt.date) -> TemplateVersion | None:
    """Which of a clinician's versions holds on a day."""
    return next(
        (row for row in rows if row.status in IN_FORCE and day in row.period),
        None,
    )


def plans(actor: Actor) -> QuerySet[Any]:
    """Lists of visits that must move, with how many are left, newest first."""
    rows: QuerySet[MovePlan] = MovePlan.objects.visible_to(actor)
    return (
        rows.select_related("clinician__person", "unit")
        .annotate(all_moves=Count("moves"), left=Count("moves", filter=Q(moves__status__in=sorted(LEFT))))
        .order_by("-made_at")
    )


def open_plans(actor: Actor) -> QuerySet[Any]:
    """Those with visits that are not settled."""
    return plans(actor).exclude(status=PlanStatus.DONE).filter(left__gt=0)


def plan(actor: Actor, plan_id: UUID) -> Any:
    """One list, or NotVisible."""
    found = plans(actor).filter(pk=plan_id).first()
    if found is None:
        raise NotVisible
    return found


def moves(actor: Actor, plan: MovePlan) -> QuerySet[PlannedMove]:
    """The visits of a list that the actor may see, by time."""
    rows: QuerySet[PlannedMove] = PlannedMove.objects.visible_to(actor)
    return (
        rows.filter(plan=plan)
        .select_related(
            "appointment__patient", "appointment__visit_type", "appointment__clinician__person", "unit__site",
            "to_clinician__person", "to_unit__site", "plan",
        )
        .order_by("was_start", "pk")
    )  # fmt: skip


def move(actor: Actor, move_id: UUID) -> PlannedMove:
    """One visit of a list, or NotVisible."""
    rows = PlannedMove.objects.visible_to(actor).select_related(
        "plan", "appointment__patient", "appointment__visit_type", "appointment__clinician__person", "unit__site"
    )
    found: PlannedMove | None = rows.filter(pk=move_id).first()
    if found is None:
        raise NotVisible
    return found


@dataclass(frozen=True, slots=True)
class AppliedChange:
    """An applied version as a comparison of before and after needs it: whose, since when, with which effect."""

    version_id: UUID
    clinician_id: UUID
    first_day: dt.date
    applied_at: dt.datetime
    affected: int
    minutes_before: int
    minutes_after: int


def applied_changes(actor: Actor, *, start: dt.date, end: dt.date) -> list[AppliedChange]:
    """Changes of templates that took effect in the half-open period; minutes are of the first four weeks of each. One
    that only took back what had never begun is none."""
    rows = versions(actor).filter(status__in=sorted(IN_FORCE), applied_at__isnull=False, number__gt=1)
    withdrawn = TemplateVersion.objects.unscoped("only whether one was taken back").filter(
        clinician=OuterRef("clinician"), status=VersionStatus.WITHDRAWN, number__lt=OuterRef("number")
    )
    rows = rows.filter(period__startswith__gte=start, period__startswith__lt=end).order_by("period")
    return [_change(row) for row in rows.annotate(after_another=Exists(withdrawn)) if not _takes_back(row)]


def _takes_back(row: Any) -> bool:
    """Whether a version that came after a withdrawn one holds the same as the day before."""
    if not row.after_another:
        return False
    start: dt.date = row.period.lower
    before = Session.objects.unscoped("a clinician's template is one over all sites").filter(
        clinician=row.clinician_id, extra=False, period__contains=start - dt.timedelta(days=1)
    )
    drafts = drafts_of_sessions(before).values(), drafts_of_version(row).values()
    held, wanted = (Counter(one.key(start) for one in some) for some in drafts)
    return held == wanted


def _change(row: TemplateVersion) -> AppliedChange:
    month: dict[str, Any] = next((one for one in row.effect.get("windows", []) if one["days"] == 28), {})
    return AppliedChange(
        row.pk, row.clinician_id, row.period.lower, row.applied_at or row.written_at, row.effect.get("affected", 0),
        month.get("minutes_before", 0), month.get("minutes_after", 0),
    )  # fmt: skip
