"""Taking back a version that was applied for a day to come: what held before goes on.

It is a change like any other, so it has a preview: visits were booked, and perhaps moved, for the version since.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import today
from medguild.operations.templates.drafting import begin_version
from medguild.operations.templates.errors import WrongState
from medguild.operations.templates.models import MovePlan, TemplateVersion
from medguild.operations.templates.previewing import preview_version
from medguild.operations.templates.rules import LEFT, Cause, MoveStatus, VersionStatus

_WHOLE = "a clinician's template is one over all sites"


def may_be_withdrawn(version: TemplateVersion) -> bool:
    """Applied, and its day is still to come."""
    return version.status == VersionStatus.APPLIED and version.period.lower > today()


@transaction.atomic
def begin_withdrawal(*, version: TemplateVersion, by: Actor) -> TemplateVersion:
    """A previewed draft for the same day with the blocks that hold the day before; applied, it takes the version back.

    Raises WrongState for a version that has begun or is not applied, and what `begin_version` raises.
    """
    if not may_be_withdrawn(version):
        raise WrongState(_("Only a version that is applied and has not begun yet can be withdrawn."))
    start: dt.date = version.period.lower
    draft = begin_version(
        clinician=version.clinician, start=start, as_of=start - dt.timedelta(days=1), by=by,
        name=_("As before %(version)s") % {"version": version.name},
    )  # fmt: skip
    return preview_version(version=draft, by=by)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A version that a draft takes back; of its visits those that were moved (or kept, bumped) and are still to be."""

    version: TemplateVersion
    plan: MovePlan | None
    settled: int
    left: int


def withdrawn_by(draft: TemplateVersion) -> list[Withdrawn]:
    """What applying the draft takes back: versions that are applied for its day or later."""
    rows = TemplateVersion.objects.unscoped(_WHOLE).filter(
        clinician=draft.clinician_id, status=VersionStatus.APPLIED, period__startswith__gte=draft.period.lower
    )
    versions = [row for row in rows.exclude(pk=draft.pk).order_by("number") if row.period.lower > today()]
    moved = Q(moves__status__in=[MoveStatus.MOVED, MoveStatus.KEPT, MoveStatus.BUMPED])
    left = Q(moves__status__in=sorted(LEFT))
    plans = MovePlan.objects.unscoped(_WHOLE).filter(cause=Cause.TEMPLATE, cause_id__in=[row.pk for row in versions])
    counted = plans.annotate(settled=Count("moves", filter=moved), left=Count("moves", filter=left))
    found = {plan.cause_id: (plan, plan.settled, plan.left) for plan in counted}
    return [Withdrawn(row, *found.get(row.pk, (None, 0, 0))) for row in versions]
