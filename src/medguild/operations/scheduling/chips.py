"""Visits as the tables of the calendar show them. Drawn here and not by templates: a day has hundreds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from medguild.foundation.ui.attributes import icon_svg
from medguild.foundation.ui.instants import instant_text, local
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.rules import AppointmentStatus
from medguild.operations.scheduling.words import STATUS_WORDS

_NOBODY = UUID(int=0)


def draw_chips(visits: Iterable[Appointment], zone: str, *, with_clinician: bool = False) -> None:
    """Give each visit its `chip`: time, patient, kind, status in words, linked to its page."""
    pattern = reverse("scheduling:show", args=[_NOBODY])
    times: dict[dt.datetime, SafeString] = {}
    stack = icon_svg("stack-2")
    for visit in visits:
        if visit.start not in times:
            times[visit.start] = _time(visit.start, zone)
        by = format_html('<span class="visit-what">{}</span>', visit.clinician.label()) if with_clinician else ""
        said = "" if visit.status == AppointmentStatus.BOOKED else STATUS_WORDS[AppointmentStatus(visit.status)]
        visit.chip = format_html(  # type: ignore[attr-defined]
            '<a class="visit-chip visit-{} chip-{}" href="{}"><span class="visit-time">{}</span> {} '
            '<span class="visit-who">{}</span> <span class="visit-what">{}{}{}</span></a>',
            visit.status, visit.visit_type.colour, pattern.replace(str(_NOBODY), str(visit.pk)), times[visit.start], by,
            visit.patient.label(), visit.visit_type.name, f" · {said}" if said else "",
            format_html(" · {}{}", stack, _("overbooked")) if visit.overbooked else "",
        )  # fmt: skip


def _time(start: dt.datetime, zone: str) -> SafeString:
    whole = f"{instant_text(start, zone)} {local(start, zone).tzname() or ''}".strip()
    return format_html(
        '<time datetime="{}" title="{}" class="nowrap">{}</time>', start.isoformat(), whole,
        instant_text(start, zone, "time"),
    )  # fmt: skip
