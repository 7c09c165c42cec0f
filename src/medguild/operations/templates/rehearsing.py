"""Free times for a visit that must move, as they are or as they will be once the previewed version is applied."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date, now
from medguild.operations.scheduling.protocol import lock_resources
from medguild.operations.scheduling.selectors import find_slots
from medguild.operations.scheduling.slot_rules import Opening
from medguild.operations.templates.calendars import colleagues_of
from medguild.operations.templates.models import PlannedMove, TemplateVersion
from medguild.operations.templates.rules import Cause, VersionStatus
from medguild.operations.templates.sessions import put_sessions

DAYS_SHOWN = 14


@transaction.atomic
def times_for(
    *, move: PlannedMove, actor: Actor, start: dt.date | None = None, at: dt.datetime | None = None
) -> tuple[dt.date, list[Opening]]:
    """Free times of the clinician at all sites and of colleagues at the visit's site, for two weeks from a day."""
    moment = at or now()
    first = start or max(local_date(move.was_start, move.unit.site.time_zone) - dt.timedelta(days=3),
                         local_date(moment, move.unit.site.time_zone))  # fmt: skip
    last = first + dt.timedelta(days=DAYS_SHOWN)
    visit = move.appointment
    others = colleagues_of([visit.clinician_id], [visit.unit_id], start=first, end=last)[visit.clinician_id]
    version = _coming(move)
    savepoint = transaction.savepoint()
    try:
        if version is not None:
            lock_resources([version.clinician.resource_id])
            put_sessions(version)
        found = find_slots(
            actor=actor, visit_type_id=visit.visit_type_id, start=first, end=last,
            clinicians=[visit.clinician_id, *others], at=moment,
        )  # fmt: skip
    finally:
        transaction.savepoint_rollback(savepoint)
    own, there = visit.clinician_id, visit.unit_id
    return first, [one for one in found if own == one.session.clinician_id or one.session.unit_id == there]


def _coming(move: PlannedMove) -> TemplateVersion | None:
    """The version whose preview the list belongs to, while it is not applied."""
    if move.plan.cause != Cause.TEMPLATE:
        return None
    rows = TemplateVersion.objects.unscoped("the list is visible").select_related("clinician__resource")
    return rows.filter(pk=move.plan.cause_id, status=VersionStatus.PREVIEWED).first()
