"""The nearest free times for a visit that cannot be kept, with the reason for each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date, now
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Clinician
from medguild.operations.bumps.models import Bump
from medguild.operations.bumps.rules import spread
from medguild.operations.scheduling.care.alternatives import others_who_may
from medguild.operations.scheduling.selectors import find_slots
from medguild.operations.scheduling.slot_rules import Opening
from medguild.operations.scheduling.week_rules import local_time

BEFORE, AFTER = dt.timedelta(days=7), dt.timedelta(days=42)
OF_EACH = 3


@dataclass(frozen=True, slots=True)
class Proposed:
    """A free time: `value` is what the button posts."""

    start: dt.datetime
    clinician_id: UUID
    clinician: str
    site_id: UUID
    site: str
    zone: str
    why: str

    @property
    def value(self) -> str:
        return f"{self.start.isoformat()}|{self.clinician_id}|{self.site_id}"


def proposals_for(row: Bump, *, by: Actor, at: dt.datetime | None = None) -> list[Proposed]:
    """Up to three times of the same clinician nearest to the old one, and up to three of others who may."""
    moment, site = at or now(), row.unit.site
    day = local_date(row.visit_start, site.time_zone)
    first = max(local_date(moment, site.time_zone), day - BEFORE)
    visit = row.appointment
    same = find_slots(
        actor=by, visit_type_id=visit.visit_type_id, clinicians=[row.clinician_id], units=[row.unit_id],
        start=first, end=day + AFTER, at=moment,
    )  # fmt: skip
    others = others_who_may(
        actor=by, visit_type=visit.visit_type, instead_of=row.clinician, site=site,
        start=max(row.visit_start, moment), patient=row.patient, at=moment,
    ).found.openings  # fmt: skip
    names = _names(others)
    mine = [_proposed(row, opening, start, row.clinician.label(), site, day) for opening, start in _near(row, same)]
    theirs = []
    for opening in others[:OF_EACH]:
        clinician_id, unit_id = opening.session.clinician_id, opening.session.unit_id
        clinician, place = names[0].get(clinician_id), names[1].get(unit_id)
        if clinician and place and opening.starts:
            theirs.append(_proposed(row, opening, opening.starts[0], clinician.label(), place, day))
    return mine + theirs


def _near(row: Bump, openings: Sequence[Opening]) -> list[tuple[Opening, int]]:
    """Nearest to the old time, each on a day of its own."""
    wanted = int(row.visit_start.timestamp()) // 60
    best: dict[dt.date, tuple[int, Opening, int]] = {}
    for opening in openings:
        for start in opening.starts:
            apart = abs(start - wanted)
            if apart == 0:
                continue  # where it cannot stay
            if opening.day not in best or apart < best[opening.day][0]:
                best[opening.day] = (apart, opening, start)
    return [(opening, start) for _apart, opening, start in spread(best.values(), OF_EACH)]


def _names(openings: Sequence[Opening]) -> tuple[dict[UUID, Clinician], dict[UUID, Site]]:
    clinicians = Clinician.objects.select_related("person").in_bulk(
        {one.session.clinician_id for one in openings}
    )  # fmt: skip
    sites = Site.objects.select_related("unit").filter(unit_id__in={one.session.unit_id for one in openings})
    return clinicians, {one.unit_id: one for one in sites}


def _proposed(row: Bump, opening: Opening, start: int, clinician: str, site: Site, day: dt.date) -> Proposed:
    same = opening.session.clinician_id == row.clinician_id
    who = _("same clinician") if same else _("another clinician of the specialty")
    return Proposed(
        local_time(site.time_zone, start), opening.session.clinician_id, clinician, site.unit_id, site.unit.label(),
        site.time_zone, f"{who}, {_when((opening.day - day).days)}",
    )  # fmt: skip


def _when(days: int) -> str:
    if days == 0:
        return _("on the same day")
    words = (
        ngettext("%(count)d day later", "%(count)d days later", days)
        if days > 0
        else ngettext("%(count)d day earlier", "%(count)d days earlier", -days)
    )
    return words % {"count": abs(days)}
