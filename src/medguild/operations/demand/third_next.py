"""Third next available: asked now, sampled each week on the same weekday, put together later for days gone by.

Formula: domain of `scheduling.numbers.third_next_available`, here per clinician *and* site, counted from the site's own
day: calendar days to the third open time, times apart from each other, held times skipped, 0 is today.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Avg, Count, Q, QuerySet

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date, now
from medguild.foundation.organization.models import Site
from medguild.operations.demand.models import ThirdNextSample
from medguild.operations.demand.permissions import DemandRight
from medguild.operations.scheduling.calendar_sql import Calendar, Where, load_sessions_by_kind, load_taken
from medguild.operations.scheduling.many_calendars import Load, load_calendars, load_taken_by_then
from medguild.operations.scheduling.models import SessionVisitType
from medguild.operations.scheduling.numbers import THIRD
from medguild.operations.scheduling.slot_rules import Opening, apart, find_openings

HORIZONS = (14, 60, 180)  # days; each is looked through only for those not settled by the one before
_A_DAY = dt.timedelta(days=1)
Place = tuple[UUID, UUID]  # clinician, site


@dataclass(frozen=True, slots=True)
class ThirdNextAt:
    """Days to the third open time of a clinician at a site; None: none within half a year."""

    clinician_id: UUID
    unit_id: UUID
    days: int | None


def third_next(*, visit_type_id: UUID, sites: Collection[Site], at: dt.datetime | None = None) -> list[ThirdNextAt]:
    """For each clinician whose template has the kind of visit at the sites, whose numbers the caller may see."""
    moment = at or now()
    return third_next_by_kind(visit_type_ids=[visit_type_id], sites=sites, at=moment).get(visit_type_id, [])


def third_next_by_kind(
    *, visit_type_ids: Collection[UUID], sites: Collection[Site], at: dt.datetime, load: Load = load_taken
) -> dict[UUID, list[ThirdNextAt]]:
    """The same for many kinds; at most three times the same few queries, whatever the number of kinds, clinicians and
    sites. What is taken is read for two weeks, and further ahead of those alone who have no third time by then."""
    today = {site.unit_id: local_date(at, site.time_zone) for site in sites}
    if not today:
        return {}
    first = min(today.values())
    templates = load_sessions_by_kind(
        visit_type_ids=visit_type_ids, start=first, end=first + HORIZONS[-1] * _A_DAY, where=Where(units=today.keys())
    )
    places = {kind: {(one.clinician_id, one.unit_id) for one in sessions} for kind, sessions in templates.items()}
    found: dict[UUID, dict[Place, int]] = {kind: {} for kind in places}
    for horizon in HORIZONS:
        left = {kind: open_ for kind in places if (open_ := places[kind] - found[kind].keys())}
        if not left:
            break
        waiting = {clinician for open_ in left.values() for clinician, _unit in open_}
        calendars = load_calendars(
            visit_type_ids=left.keys(), start=first, end=first + horizon * _A_DAY, at=at, load=load,
            where=Where(units=today.keys(), clinicians=waiting),
        )  # fmt: skip
        for kind, calendar in calendars.items():
            found[kind] |= settle(_openings(calendar, left[kind], (first, first + horizon * _A_DAY), at), today)
    return {
        kind: [ThirdNextAt(*place, found[kind].get(place)) for place in sorted(places[kind], key=str)]
        for kind in places
    }


def _openings(
    calendar: Calendar, places: Collection[Place], period: tuple[dt.date, dt.date], at: dt.datetime
) -> Iterable[Opening]:
    return find_openings(
        [one for one in calendar.sessions if (one.clinician_id, one.unit_id) in places], calendar.taken,
        calendar.blocks, start=period[0], end=period[1], not_before=-(-int(at.timestamp()) // 60),
        required=calendar.required,
    )  # fmt: skip


def settle(openings: Iterable[Opening], today: Mapping[UUID, dt.date]) -> dict[Place, int]:
    """Days to the third open time where there are three; openings come by day."""
    seen: dict[Place, int] = defaultdict(int)
    found: dict[Place, int] = {}
    for opening in openings:
        place = (opening.session.clinician_id, opening.session.unit_id)
        seen[place] += len(apart(opening))
        if seen[place] >= THIRD and place not in found:
            found[place] = (opening.day - today[place[1]]).days
    return found


def bookable_types(sites: Collection[Site], on: dt.date) -> set[UUID]:
    """Kinds of visits that some template of the sites has from the day on."""
    rows = SessionVisitType.objects.unscoped("which kinds of visits a site offers is no secret").filter(
        session__unit__in=[site.unit_id for site in sites], visit_type__active=True
    )
    lasting = Q(session__period__endswith__gt=on) | Q(session__period__endswith__isnull=True)
    return set(rows.filter(lasting).values_list("visit_type_id", flat=True).distinct())


@transaction.atomic
def take_samples(*, by: Actor, at: dt.datetime | None = None) -> int:
    """Keep today's numbers of every clinician, site and kind of visit; asking again on the day changes nothing."""
    return _keep(at or now(), load_taken, reconstructed=False)


@transaction.atomic
def reconstruct_samples(*, at: dt.datetime, by: Actor) -> int:
    """What a sample would have said at an instant in the past: the calendar of today's number, with templates and
    absences as they are on file for then, and of visits what had been booked by then. A visit that was moved since
    counts where it stands now: marked as such."""
    return _keep(at, load_taken_by_then, reconstructed=True)


def _keep(at: dt.datetime, load: Load, *, reconstructed: bool) -> int:
    sites = list(Site.objects.all())
    day = {site.unit_id: local_date(at, site.time_zone) for site in sites}
    kinds = bookable_types(sites, min(day.values(), default=at.date()))
    rows = [
        ThirdNextSample(
            day=day[one.unit_id], unit_id=one.unit_id, visit_type_id=kind, clinician_id=one.clinician_id,
            days=one.days, reconstructed=reconstructed,
        )
        for kind, measured in third_next_by_kind(visit_type_ids=kinds, sites=sites, at=at, load=load).items()
        for one in measured
    ]  # fmt: skip
    ThirdNextSample.objects.unscoped("samples of the whole house").bulk_create(rows, ignore_conflicts=True)
    return len(rows)


@dataclass(frozen=True, slots=True)
class Point:
    """The samples of one day: mean over clinicians that have a third open time, and how many have none."""

    day: dt.date
    days: float | None
    clinicians: int
    none: int


def samples(
    actor: Actor, *, since: dt.date, sites: Collection[Site] | None = None, visit_type_id: UUID | None = None
) -> QuerySet[ThirdNextSample]:
    """Samples that the actor may see, from a day on."""
    rows: QuerySet[ThirdNextSample] = ThirdNextSample.objects.visible_to(actor, DemandRight.READ).filter(day__gte=since)
    if sites is not None:
        rows = rows.filter(unit__in=[site.unit_id for site in sites])
    return rows.filter(visit_type=visit_type_id) if visit_type_id is not None else rows


def trend(rows: QuerySet[ThirdNextSample]) -> list[Point]:
    """By day, averaged over clinicians, each counting once per site; slots are never pooled."""
    found = rows.order_by("day").values("day").annotate(mean=Avg("days"), rows=Count("pk"), settled=Count("days"))
    return [
        Point(row["day"], round(row["mean"], 1) if row["mean"] is not None else None, row["rows"],
              row["rows"] - row["settled"])
        for row in found
    ]  # fmt: skip


def mean_days(measured: Iterable[ThirdNextAt]) -> float | None:
    """The average over clinicians, each counting once; None when none has a third open time."""
    days = [one.days for one in measured if one.days is not None]
    return round(sum(days) / len(days), 1) if days else None
