"""How far a clinician's day and a session are overbooked, against the standards of the site on that day.

The template says how many lanes may stand above its capacity at one moment (`Session.overbook_limit`); these standards
say how many such visits a day and a session bear at all. More needs an approved deviation from the standard.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from medguild.foundation.kernel.clock import at_local
from medguild.foundation.standards.numbers import number
from medguild.foundation.standards.resolution import StandardContext
from medguild.foundation.ui.instants import instant_text
from medguild.operations.scheduling.calendar_sql import Where, load_sessions
from medguild.operations.scheduling.errors import OutsideHours, OverbookRefused
from medguild.operations.scheduling.facts import Facts
from medguild.operations.scheduling.limit_rules import Use, session_limit
from medguild.operations.scheduling.models import Appointment, Session
from medguild.operations.scheduling.rules import HOLDING
from medguild.operations.scheduling.standards import OVERBOOK_PER_DAY, OVERBOOK_SHARE
from medguild.operations.scheduling.week_rules import is_held, local_time, span

_GUARD = "only how many there are"


def overbooking_on(
    *,
    clinician_id: UUID,
    unit_id: UUID,
    zone: str,
    day: dt.date,
    session_id: UUID | None = None,
    without: UUID | None = None,
) -> Use:
    """Overbooked visits of the clinician on a local day over all sites, and the limits at the site.

    `without` leaves out a visit that is being moved.
    """
    start, end = (at_local(one, dt.time(), zone) for one in (day, day + dt.timedelta(days=1)))
    rows = Appointment.objects.unscoped(_GUARD).filter(
        clinician_id=clinician_id, start__gte=start, start__lt=end, overbooked=True, status__in=HOLDING
    )
    if without is not None:
        rows = rows.exclude(pk=without)
    counted = rows.aggregate(day=Count("pk"), session=Count("pk", filter=Q(session_id=session_id)))
    context = StandardContext(unit_id=unit_id, clinician_id=clinician_id, on=day)
    most = number(OVERBOOK_PER_DAY, context)
    if session_id is None:
        return Use(counted["day"], most)
    percent = number(OVERBOOK_SHARE, context)
    return Use(counted["day"], most, counted["session"], _session_most(session_id, percent))


def _session_most(session_id: UUID, percent: int) -> int:
    session = Session.objects.unscoped(_GUARD).get(pk=session_id)
    minutes = session.end_minute - session.start_minute
    return session_limit(minutes=minutes, step=session.step_minutes, capacity=session.capacity, percent=percent)


def refuse_over_limits(use: Use) -> None:
    """Refuse one more overbooked visit where the day or the session bears no more."""
    if use.day_full:
        raise OverbookRefused(
            _("%(used)d visits of this clinician are overbooked on this day, and the limit is %(most)d. Choose another"
              " day, or have a deviation from the standard approved.")
            % {"used": use.day_used, "most": use.day_most},
            code="overbook_day_limit",
        )  # fmt: skip
    if use.session_full:
        raise OverbookRefused(
            _("%(used)d visits of this session are overbooked, and the limit is %(most)d. Choose another time, or have"
              " a deviation from the standard approved.")
            % {"used": use.session_used, "most": use.session_most},
            code="overbook_session_limit",
        )  # fmt: skip


def refuse_outside_hours(facts: Facts, minute: int) -> None:
    """Refuse a start outside of the hours of the site: before the first session of the day or after the last of
    whomever. Most often somebody wrote AM for PM."""
    following = facts.day + dt.timedelta(days=1)
    sessions = load_sessions(visit_type_id=None, start=facts.day, end=following, where=Where(units=[facts.unit_id]))
    spans = [span(session, facts.day) for session in sessions if is_held(session, facts.day)]
    if not spans:
        raise OutsideHours(
            _("Nobody has a session at this site on this day. Check the day, or say that it is meant."),
            field="outside_hours",
        )
    first, last = min(start for start, _end in spans), max(end for _start, end in spans)
    if first <= minute < last:
        return
    told = {name: instant_text(local_time(facts.zone, at), facts.zone, "time") for name, at in
            (("time", minute), ("first", first), ("last", last))}  # fmt: skip
    raise OutsideHours(
        _("%(time)s is outside of this site's hours: its sessions on this day run from %(first)s to %(last)s. Check AM"
          " and PM, or say that it is meant.") % told,
        field="outside_hours",
    )  # fmt: skip
