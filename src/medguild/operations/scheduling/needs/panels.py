"""What a visit takes, on its page; shifts of staff and what is out of service, on the page of a site."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now, today
from medguild.foundation.organization.models import Site, Unit
from medguild.foundation.organization.ports import UnitPanel, unit_panels
from medguild.foundation.organization.rules import ResourceKind, UnitKind
from medguild.foundation.organization.words import RESOURCE_KINDS
from medguild.operations.scheduling.checks import covers
from medguild.operations.scheduling.kinds.checks import warning_for
from medguild.operations.scheduling.kinds.selectors import taken_by
from medguild.operations.scheduling.needs.availability import outages_at, shifts_at
from medguild.operations.scheduling.needs.models import StaffShift
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.ports import PanelPlace, PanelRef, SchedulePanel, schedule_panels
from medguild.operations.scheduling.words import WEEKDAYS, clock_words


def _visit(actor: Actor, ref: PanelRef) -> Mapping[str, Any]:
    """Devices and staff, the room where it is taken for longer than the visit, and a kind of visit that is not meant
    for the patient; nothing for a plain visit."""
    visit = ref.appointment
    if visit is None:
        return {}
    taken = [
        (RESOURCE_KINDS[ResourceKind(thing.kind)], thing, span.during, span.active) for thing, span in taken_by(visit)
    ]
    plain = all(thing.kind == ResourceKind.ROOM and span.lower == visit.start and span.upper == visit.end
                for _kind, thing, span, _active in taken)  # fmt: skip
    warning = warning_for(
        visit.visit_type, clinician_id=visit.clinician_id, unit_id=visit.unit_id, start=visit.start,
        patient_id=visit.patient_id,
    )  # fmt: skip
    if plain and not warning:
        return {}
    return {"taken": [] if plain else taken, "zone": visit.unit.site.time_zone, "warning": warning}


def _site(actor: Actor, unit: Unit) -> Mapping[str, Any] | None:
    site = Site.objects.filter(unit=unit).first() if unit.kind == UnitKind.SITE else None
    if site is None:
        return None
    shifts = shifts_at(actor, unit.pk, on=today())
    return {
        "unit": unit,
        "zone": site.time_zone,
        "people": [
            (resource, [(one, _hours(one)) for one in rows])
            for resource, rows in groupby(shifts, key=lambda one: one.resource)
        ],
        "outages": list(outages_at(actor, unit.pk, since=now())),
        "may_change": covers(actor, SchedulingRight.TEMPLATES, unit.pk),
    }


def _hours(shift: StaffShift) -> str:
    return f"{WEEKDAYS[shift.weekday]} {clock_words(shift.start_minute)}–{clock_words(shift.end_minute)}"


schedule_panels.register(
    "needs", SchedulePanel("needs", PanelPlace.VISIT, 5, "scheduling/_taken.html", _visit, SchedulingRight.READ)
)
unit_panels.register("shifts", UnitPanel("scheduling/_site_shifts.html", _site, SchedulingRight.READ, order=30))
