"""Lists of visits that must move because a clinician is away or a site closed, with the same proposals."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date, now
from medguild.foundation.organization.models import Closure, Site, UnitPath
from medguild.operations.scheduling.calendar_sql import window
from medguild.operations.scheduling.checks import refuse_invisible
from medguild.operations.scheduling.models import Absence
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.templates.calendars import visits_at_units, visits_of_clinicians
from medguild.operations.templates.lists import write_plan
from medguild.operations.templates.models import MovePlan
from medguild.operations.templates.preview_rules import Visit
from medguild.operations.templates.previewing import propose_for
from medguild.operations.templates.rules import Cause, Trouble

_BEHIND = dt.timedelta(days=42)
_FAR = dt.timedelta(days=400)


@transaction.atomic
def plan_absence(*, absence: Absence, by: Actor, at: dt.datetime | None = None) -> MovePlan:
    """The visits that a recorded absence makes move, with proposals. Asked again it is made anew; choices stay."""
    moment = at or now()
    clinician = absence.clinician
    refuse_invisible(by, clinician.resource.unit_id, SchedulingRight.TEMPLATES)
    first, last = max(absence.during.lower, moment), absence.during.upper
    day = dt.timedelta(days=1)
    found = visits_of_clinicians([clinician.pk], first - day, last)
    since, until = (int(one.timestamp()) // 60 for one in (first, last))
    hit = [visit for visit in found if visit.end > since and visit.start < until]
    return _plan(
        Cause.ABSENCE, absence.pk, clinician.resource.unit_id, [(visit, Trouble.AWAY) for visit in hit], moment,
        first_day=local_date(absence.during.lower, "UTC"), absence=absence,
    )  # fmt: skip


@transaction.atomic
def plan_closure(*, closure: Closure, by: Actor, at: dt.datetime | None = None) -> MovePlan:
    """The visits that a closed day of a unit (and all below it) makes move, with proposals."""
    moment = at or now()
    refuse_invisible(by, closure.unit_id, SchedulingRight.TEMPLATES)
    below = UnitPath.objects.filter(ancestor_id=closure.unit_id, period__contains=closure.day)
    sites = Site.objects.filter(unit_id__in=below.values("descendant_id")).values_list("unit_id", flat=True)
    first, last = window(closure.day, closure.day + dt.timedelta(days=1))
    hit = [visit for visit in visits_at_units(list(sites), max(first, moment), last) if visit.day == closure.day]
    troubles = [(visit, Trouble.CLOSED) for visit in hit]
    return _plan(Cause.CLOSURE, closure.pk, closure.unit_id, troubles, moment, first_day=closure.day)


def _plan(
    cause: Cause, cause_id: UUID, unit_id: UUID, troubles: list[tuple[Visit, Trouble]], moment: dt.datetime, *,
    first_day: dt.date, absence: Absence | None = None,
) -> MovePlan:  # fmt: skip
    start = moment.date()
    last = max((visit.day for visit, _trouble in troubles), default=start)
    proposals = propose_for(troubles, start=start, end=min(last + _BEHIND, start + _FAR), at=moment)
    return write_plan(
        cause=cause, cause_id=cause_id, unit_id=unit_id, clinician=absence.clinician if absence else None,
        first_day=first_day, troubles=troubles, proposals=proposals, at=moment,
    )  # fmt: skip
