"""Absences and closed days, wherever they are recorded, list their visits by themselves, and somebody owns the list."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from medguild.foundation.events.events import EventRecord
from medguild.foundation.events.subscribers import subscribe
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.organization.endings import DAY_CLOSED, DAY_OPENED
from medguild.foundation.organization.models import Closure
from medguild.operations.scheduling.models import Absence
from medguild.operations.scheduling.templating import ABSENCE_RECORDED, ABSENCE_REMOVED
from medguild.operations.templates.models import MovePlan
from medguild.operations.templates.moving import nothing_left, own_what_is_left
from medguild.operations.templates.planning import plan_absence, plan_closure
from medguild.operations.templates.rules import Cause

HOUSE = Actor.job("templates.lists")
_WHOLE = "the house keeps its lists"


def _about(event: EventRecord) -> UUID:
    """The clinician or unit that the event is about; an event without one concerns nobody."""
    return event.subject.id or UUID(int=0)


@subscribe(ABSENCE_RECORDED, name="templates.list_absence")
def list_absence(event: EventRecord) -> None:
    """One that is over, or taken back meanwhile, lists nothing."""
    start = dt.datetime.fromisoformat(str(event.data["start"]))
    rows = Absence.objects.unscoped(_WHOLE).select_related("clinician__resource", "clinician__person")
    absence = rows.filter(clinician_id=_about(event), during__startswith=start).first()
    if absence is not None:
        own_what_is_left(plan_absence(absence=absence, by=HOUSE))


@subscribe(DAY_CLOSED, name="templates.list_closed_day")
def list_closed_day(event: EventRecord) -> None:
    day = dt.date.fromisoformat(str(event.data["day"]))
    closure = Closure.objects.select_related("unit").filter(unit_id=_about(event), day=day).first()
    if closure is not None:
        own_what_is_left(plan_closure(closure=closure, by=HOUSE))


@subscribe(ABSENCE_REMOVED, name="templates.drop_absence")
def drop_absence(event: EventRecord) -> None:
    """Lists whose absence is gone need nothing any more."""
    plans = MovePlan.objects.unscoped(_WHOLE).filter(cause=Cause.ABSENCE, clinician_id=_about(event))
    there = set(Absence.objects.unscoped(_WHOLE).filter(clinician_id=_about(event)).values_list("pk", flat=True))
    for plan in plans.exclude(cause_id__in=there):
        nothing_left(plan)


@subscribe(DAY_OPENED, name="templates.drop_closed_day")
def drop_closed_day(event: EventRecord) -> None:
    plans = MovePlan.objects.unscoped(_WHOLE).filter(cause=Cause.CLOSURE, unit_id=_about(event))
    there = set(Closure.objects.filter(unit_id=_about(event)).values_list("pk", flat=True))
    for plan in plans.exclude(cause_id__in=there):
        nothing_left(plan)
