"""A site's day, clinician by clinician: a few queries, whatever the number of visits."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from uuid import UUID

from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import at_local
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Clinician
from medguild.operations.scheduling.calendar_sql import Where, load_blocks, load_sessions
from medguild.operations.scheduling.day_grid import Column, DayGrid, lay_out
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.selectors import appointments_on
from medguild.operations.scheduling.slot_rules import Blocks
from medguild.operations.scheduling.week_rules import SessionPattern, is_held, span


def day_of_site(actor: Actor, site: Site, day: dt.date) -> DayGrid:
    """Sessions, what is off, and visits of a site that the actor may see, on a local day."""
    following = day + dt.timedelta(days=1)
    where = Where(units=[site.unit_id])
    held = [
        session
        for session in load_sessions(visit_type_id=None, start=day, end=following, where=where)
        if is_held(session, day)
    ]
    midnight = dt.time()
    visits = appointments_on(
        actor,
        unit_id=site.unit_id,
        start=at_local(day, midnight, site.time_zone),
        end=at_local(following, midnight, site.time_zone),
    )
    by_clinician: dict[UUID, list[Appointment]] = defaultdict(list)
    for visit in visits:
        by_clinician[visit.clinician_id].append(visit)
    ids = {session.clinician_id for session in held} | by_clinician.keys()
    blocks = load_blocks(
        clinicians=ids, units=[site.unit_id], sessions=[session.id for session in held], start=day, end=following
    )
    people = Clinician.objects.filter(pk__in=ids).select_related("person")
    columns = [
        _column(clinician, [s for s in held if s.clinician_id == clinician.pk], by_clinician[clinician.pk], blocks, day)
        for clinician in people.order_by("person__family_name", "person__given_name")
    ]
    closed = _("The site is closed on this day.") if (site.unit_id, day) in blocks.closed else ""
    return lay_out(columns, site.time_zone, closed=closed)


def _column(
    clinician: Clinician, held: list[SessionPattern], visits: list[Appointment], blocks: Blocks, day: dt.date
) -> Column:
    kept = [session for session in held if (session.id, day) not in blocks.cancelled]
    spans = [span(session, day) for session in kept]
    away = [(one.start, one.end) for one in (blocks.away or {}).get(clinician.pk, ())]
    left = [part for whole in spans for part in _without(whole, away)]
    off = ""
    if held and not kept:
        off = _("Cancelled on this day")
    elif spans and not left:
        off = _("Away on this day")
    return Column(clinician.pk, clinician.label(), left, off, visits)


def _without(whole: tuple[int, int], away: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """What is left of a span."""
    parts = [whole]
    for start, end in away:
        parts = [
            left
            for one in parts
            for left in ((one[0], min(one[1], start)), (max(one[0], end), one[1]))
            if left[0] < left[1]
        ]
    return parts
