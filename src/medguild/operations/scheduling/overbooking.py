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
from medguild.operations.scheduling.errors import OverbookRefused
from medguild.operations.scheduling.limit_rules import Use, session_limit
from medguild.operations.scheduling.models import Appointment, Session
from medguild.operations.scheduling.rules import HOLDING
from medguild.operations.scheduling.standards import OVERBOOK_PER_DAY, OVERBOOK_SHARE

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
