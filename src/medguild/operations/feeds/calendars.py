"""A calendar as iCalendar (RFC 5545): when and where. No name of a patient, no kind of visit, nothing about health."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from medguild.foundation.kernel.later import later
from medguild.operations.scheduling.models import Appointment

# How often a subscriber should look again (RFC 7986), and the older word for it.
REFRESH = dt.timedelta(minutes=15)


def calendar_of(visits: Iterable[Appointment], *, at: dt.datetime, own: bool) -> bytes:
    """For visits with `unit__site`; `own` for a clinician's, else a patient's."""
    calendar = later("icalendar").Calendar()
    calendar.add("prodid", "-//Medguild//Calendars//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Visits"))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT15M")
    for visit in visits:
        calendar.add_component(_event(visit, at, own))
    made: bytes = calendar.to_ical()
    return made


def _event(visit: Appointment, at: dt.datetime, own: bool) -> Any:
    event, place = later("icalendar").Event(), visit.unit.name
    event.add("uid", f"{visit.pk}@medguild")
    event.add("dtstamp", at)
    event.add("dtstart", visit.start.astimezone(dt.UTC))
    event.add("dtend", visit.end.astimezone(dt.UTC))
    words = _("Visit, %(place)s") if own else _("Appointment at %(place)s")
    event.add("summary", words % {"place": place})
    event.add("location", f"{visit.unit.site.line1}, {visit.unit.site.city}, {visit.unit.site.state}")
    event.add("class", "PRIVATE")
    return event
