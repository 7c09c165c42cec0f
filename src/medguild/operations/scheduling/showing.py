"""Events of an appointment as the design system draws them, and small helpers of the room's views."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from medguild.foundation.events.actors import who
from medguild.foundation.events.ports import event_types
from medguild.foundation.events.selectors import timeline
from medguild.foundation.kernel.clock import local_date, now, today
from medguild.foundation.organization.models import Site
from medguild.foundation.ui.attributes import actor_of as actor_of
from medguild.foundation.ui.parts import Moment
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.services import subject_of


def today_at(site: Site | None) -> dt.date:
    """The day at a site, or where the user is when none is chosen."""
    return local_date(now(), site.time_zone) if site else today()


def zone_of(site: Site) -> ZoneInfo:
    return ZoneInfo(site.time_zone)


def moments_of(appointment: Appointment, zone: str) -> list[Moment]:
    """What happened to an appointment, newest first."""
    moments = []
    for event in timeline(subjects=[subject_of(appointment)]):
        declared = event_types.find(event.type)
        words, icon = (declared.label, declared.icon) if declared else (event.type, "point")
        moments.append(Moment(words, event.occurred_at, who(event), icon, zone=zone))
    return moments
