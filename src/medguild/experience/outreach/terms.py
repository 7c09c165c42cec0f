"""When reminders of a kind of visit go out, where it has terms of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.experience.outreach.models import ReminderTerms
from medguild.experience.outreach.rules import LONGEST_LEAD, leads_of
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import NotAllowed, NotVisible, Refusal
from medguild.operations.scheduling.models import VisitType
from medguild.operations.scheduling.permissions import SchedulingRight

SET = declare_event("reminder_terms.set", gettext_lazy("Reminders of a kind of visit set"), icon="clock-play")
ENDED = declare_event("reminder_terms.ended", gettext_lazy("Reminders as the site's standard again"), icon="clock-play")


def own_leads(*, on: dt.date) -> Mapping[UUID, Sequence[int]]:
    """Hours before a visit, by kind of visit, of those that have terms of their own on a day; none at all is empty."""
    rows = ReminderTerms.objects.filter(period__contains=on)
    return {row.visit_type_id: leads_of(row.first_hours, row.last_hours) for row in rows}


def terms_to_come(kinds: Sequence[VisitType], *, on: dt.date) -> list[ReminderTerms]:
    """Terms of these kinds that hold on a day or begin later, by name and day."""
    rows = ReminderTerms.objects.filter(visit_type__in=kinds).filter(period__overlap=DateRange(on, None))
    return list(rows.select_related("visit_type").order_by("visit_type__name", "period"))


def one_terms(terms_id: UUID) -> ReminderTerms:
    """Raises NotVisible."""
    found = ReminderTerms.objects.select_related("visit_type").filter(pk=terms_id).first()
    if found is None:
        raise NotVisible
    return found


@transaction.atomic
def set_terms(*, visit_type: VisitType, first_hours: int, last_hours: int, start: dt.date, by: Actor) -> ReminderTerms:
    """From a day on patients are reminded of such visits so many hours before; what was set for later falls away.

    Raises NotAllowed, Refusal for hours that cannot be, or a day that is over.
    """
    _refuse_stranger(visit_type, by)
    if not all(0 <= hours <= LONGEST_LEAD for hours in (first_hours, last_hours)):
        raise Refusal(_("Between 0 (none) and 336 hours before the visit."), code="hours_unknown", field="first_hours")
    if start < today():
        raise Refusal(_("This day is over. Choose a day from today on."), code="in_the_past", field="start")
    _end(visit_type, start)
    made: ReminderTerms = ReminderTerms.objects.create(
        visit_type=visit_type, first_hours=first_hours, last_hours=last_hours, period=DateRange(start, None)
    )
    _tell(SET, visit_type, by, {"first": first_hours, "last": last_hours, "start": start})
    return made


@transaction.atomic
def end_terms(*, row: ReminderTerms, by: Actor, end: dt.date | None = None) -> None:
    """From a day on (today) the standards of the sites hold again; what has not begun falls away. Raises NotAllowed."""
    _refuse_stranger(row.visit_type, by)
    day = end or today()
    _cut(row, day)
    _tell(ENDED, row.visit_type, by, {"end": day})


def _end(visit_type: VisitType, day: dt.date) -> None:
    """Nothing of the kind's own holds from the day on."""
    VisitType.objects.select_for_update(no_key=True).get(
        pk=visit_type.pk
    )  # two that set at once come one after another
    for row in ReminderTerms.objects.filter(visit_type=visit_type, period__overlap=DateRange(day, None)):
        _cut(row, day)


def _cut(row: ReminderTerms, day: dt.date) -> None:
    if row.period.lower >= day:
        row.delete()
        return
    row.period = DateRange(row.period.lower, day)
    row.save(update_fields=["period"])


def _refuse_stranger(visit_type: VisitType, by: Actor) -> None:
    scope = by.scope(SchedulingRight.TEMPLATES)
    if not (scope.everything or visit_type.owner_id in scope.units):
        raise NotAllowed(_("This kind of visit is kept above you. Ask who keeps it."))


def _tell(event: str, visit_type: VisitType, by: Actor, data: dict[str, object]) -> None:
    record(
        event, subject=SubjectRef("visit_type", visit_type.pk, visit_type.name), by=by, unit_id=visit_type.owner_id,
        data=data,
    )  # fmt: skip
