"""An appointment as iCalendar (RFC 5545): for a patient's own calendar; when and where, nothing about health."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.later import later
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.rules import HOLDING


def invitation_of(visit: Appointment) -> bytes:
    """For a visit with `unit__site`. A visit given up is sent as cancelled, so that calendars take it out."""
    calendar = later("icalendar").Calendar()
    calendar.add("prodid", "-//Medguild//Appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH" if visit.status in HOLDING else "CANCEL")
    event = later("icalendar").Event()
    event.add("uid", f"{visit.pk}@medguild")
    event.add("dtstamp", now())
    event.add("dtstart", visit.start.astimezone(dt.UTC))
    event.add("dtend", visit.end.astimezone(dt.UTC))
    event.add("summary", _("Appointment at %(place)s") % {"place": visit.unit.name})
    event.add("location", f"{visit.unit.site.line1}, {visit.unit.site.city}, {visit.unit.site.state}")
    event.add("status", "CONFIRMED" if visit.status in HOLDING else "CANCELLED")
    calendar.add_component(event)
    made: bytes = calendar.to_ical()
    return made
