"""Closing a site on public holidays: proposed for a year, ticked by a manager, kept as closed days of the site."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date, now
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.endings import close_day, reopen_day
from medguild.foundation.organization.models import Closure, Site, UnitPath
from medguild.operations.scheduling.checks import refuse_invisible
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.rules import AppointmentStatus
from medguild.operations.templates.holiday_rules import Holiday, holidays_of
from medguild.operations.templates.models import MovePlan
from medguild.operations.templates.moving import nothing_left
from medguild.operations.templates.planning import plan_closure
from medguild.operations.templates.rules import Cause


@dataclass(frozen=True, slots=True)
class ProposedDay:
    """A public holiday, whether the site is closed then (itself or by a unit above), and the visits booked on it."""

    holiday: Holiday
    closure: Closure | None
    from_above: bool
    booked: int
    past: bool
    plan_id: UUID | None = None


def proposed_days(actor: Actor, site: Site, year: int) -> list[ProposedDay]:
    """The holidays of the site's state in a year; four queries."""
    found = holidays_of(site.state, year)
    above = UnitPath.objects.filter(descendant_id=site.unit_id).values("ancestor_id")
    closures = {row.day: row for row in Closure.objects.filter(unit_id__in=above, day__year=year).order_by("unit_id")}
    closures |= {row.day: row for row in Closure.objects.filter(unit_id=site.unit_id, day__year=year)}
    plans = MovePlan.objects.visible_to(actor).filter(
        cause=Cause.CLOSURE, cause_id__in=[row.pk for row in closures.values()], moves__isnull=False
    )
    listed = dict(plans.values_list("cause_id", "pk"))
    booked = _booked(site, [one.day for one in found])
    today = local_date(now(), site.time_zone)
    return [
        ProposedDay(
            one, closure := closures.get(one.day), closure is not None and closure.unit_id != site.unit_id,
            booked.get(one.day, 0), one.day < today, listed.get(closure.pk) if closure else None,
        )
        for one in found
    ]  # fmt: skip


def _booked(site: Site, days: Collection[dt.date]) -> dict[dt.date, int]:
    """Booked visits by local day; a number only."""
    if not days:
        return {}
    rows = Appointment.objects.unscoped("numbers of a site whose templates the actor sees").filter(
        unit_id=site.unit_id, status=AppointmentStatus.BOOKED, start__date__gte=min(days) - dt.timedelta(days=1),
        start__date__lte=max(days) + dt.timedelta(days=1),
    )  # fmt: skip
    zoned = rows.annotate(day=TruncDate("start", tzinfo=ZoneInfo(site.time_zone))).filter(day__in=days)
    return dict(zoned.values("day").annotate(count=Count("pk")).values_list("day", "count"))


@transaction.atomic
def close_days(*, site: Site, days: Collection[dt.date], by: Actor, at: dt.datetime | None = None) -> list[MovePlan]:
    """Close the site on these days, each with its holiday's name as the reason, and list the visits that must move.

    Days that are closed already stay as they are. Raises NotAllowed, Refusal for a day that is over or no holiday.
    """
    refuse_invisible(by, site.unit_id, SchedulingRight.TEMPLATES)
    moment = at or now()
    today = local_date(moment, site.time_zone)
    names = {one.day: one.name for year in {day.year for day in days} for one in holidays_of(site.state, year)}
    closed = set(Closure.objects.filter(unit_id=site.unit_id, day__in=days).values_list("day", flat=True))
    plans = []
    for day in sorted(set(days) - closed):
        if day < today:
            raise Refusal(_("A day that is over cannot be closed."), code="in_the_past")
        if day not in names:
            raise Refusal(_("Choose days from the list."), code="not_a_holiday")
        closure = close_day(unit=site.unit, day=day, reason=names[day], by=by)
        plans.append(plan_closure(closure=closure, by=by, at=moment))
    return plans


@transaction.atomic
def open_days(*, site: Site, days: Collection[dt.date], by: Actor) -> int:
    """Take closed days of the site back; lists about them go with their undecided visits. Returns how many days."""
    refuse_invisible(by, site.unit_id, SchedulingRight.TEMPLATES)
    closures = list(Closure.objects.select_related("unit").filter(unit_id=site.unit_id, day__in=days))
    for closure in closures:
        drop_plan(Cause.CLOSURE, closure.pk)
        reopen_day(closure=closure, by=by)
    return len(closures)


def drop_plan(cause: Cause, cause_id: UUID) -> None:
    """The cause is gone: what was not settled needs nothing any more."""
    plan = MovePlan.objects.unscoped("the cause is the actor's").filter(cause=cause, cause_id=cause_id).first()
    if plan is not None:
        nothing_left(plan)
