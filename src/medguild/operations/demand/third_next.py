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

from django.db import connection, transaction
from django.db.models import Avg, Count, Q, QuerySet

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date, now
from medguild.foundation.organization.models import Site
from medguild.operations.demand.models import ThirdNextSample
from medguild.operations.demand.permissions import DemandRight
from medguild.operations.scheduling.calendar_sql import Where, load_blocks, load_sessions
from medguild.operations.scheduling.models import SessionVisitType
from medguild.operations.scheduling.numbers import THIRD
from medguild.operations.scheduling.selectors import find_slots
from medguild.operations.scheduling.slot_rules import Opening, Taken, apart, find_openings

HORIZONS = (14, 60, 180)  # days; each is searched only for those not settled by the one before
_A_DAY = dt.timedelta(days=1)
Place = tuple[UUID, UUID]  # clinician, site


@dataclass(frozen=True, slots=True)
class ThirdNextAt:
    """Days to the third open time of a clinician at a site; None: none within half a year."""

    clinician_id: UUID
    unit_id: UUID
    days: int | None


def third_next(
    *, actor: Actor, visit_type_id: UUID, sites: Collection[Site], at: dt.datetime | None = None
) -> list[ThirdNextAt]:
    """For each clinician whose template has the kind of visit at the sites; at most ten queries."""
    moment = at or now()
    today = {site.unit_id: local_date(moment, site.time_zone) for site in sites}
    if not today:
        return []
    first = min(today.values())
    places = _places(visit_type_id, today, first)
    found: dict[Place, int] = {}
    for horizon in HORIZONS:
        waiting = places - found.keys()
        if not waiting:
            break
        openings = find_slots(
            actor=actor, visit_type_id=visit_type_id, clinicians={clinician for clinician, _ in waiting},
            units={unit for _, unit in waiting}, start=first, end=first + horizon * _A_DAY, at=moment,
        )  # fmt: skip
        found |= settle(openings, today)
    return [ThirdNextAt(*place, found.get(place)) for place in sorted(places, key=str)]


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


def _places(visit_type_id: UUID, units: Collection[UUID], first: dt.date) -> set[Place]:
    rows = SessionVisitType.objects.unscoped("numbers of sites that the caller may see").filter(
        visit_type=visit_type_id, session__unit__in=list(units)
    )
    lasting = Q(session__period__endswith__gt=first) | Q(session__period__endswith__isnull=True)
    begun = Q(session__period__startswith__lt=first + HORIZONS[-1] * _A_DAY)
    return set(rows.filter(lasting, begun).values_list("session__clinician_id", "session__unit_id").distinct())


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
    moment = at or now()
    sites = list(Site.objects.all())
    day = {site.unit_id: local_date(moment, site.time_zone) for site in sites}
    rows = [
        ThirdNextSample(
            day=day[one.unit_id], unit_id=one.unit_id, visit_type_id=kind, clinician_id=one.clinician_id, days=one.days
        )
        for kind in bookable_types(sites, min(day.values(), default=moment.date()))
        for one in third_next(actor=by, visit_type_id=kind, sites=sites, at=moment)
    ]
    ThirdNextSample.objects.unscoped("samples of the whole house").bulk_create(rows, ignore_conflicts=True)
    return len(rows)


_BOOKED_BY_THEN = """
    select c.resource_id, array_agg((extract(epoch from a.start) / 60)::int order by a.start),
           array_agg((extract(epoch from a."end") / 60)::int order by a.start)
      from operations_appointment a
      join foundation_clinician c on c.id = a.clinician_id
     where a.start >= %(at)s and a.start < %(end)s and a.booked_at <= %(at)s
       and (a.cancelled_at is null or a.cancelled_at > %(at)s) and not a.overbooked
     group by c.resource_id
"""


@transaction.atomic
def reconstruct_samples(*, at: dt.datetime, by: Actor) -> int:
    """What a sample would have said at an instant in the past, from templates as they held then and from what had been
    booked by then. Rooms are left out, and a visit that was moved since counts where it stands now: marked as such."""
    sites = list(Site.objects.all())
    today = {site.unit_id: local_date(at, site.time_zone) for site in sites}
    end = at.date() + HORIZONS[1] * _A_DAY
    taken = _taken_by_then(at, end)
    rows = []
    for kind in bookable_types(sites, at.date()):
        sessions = load_sessions(visit_type_id=kind, start=at.date() - _A_DAY, end=end, where=Where())
        blocks = load_blocks(
            clinicians={one.clinician_id for one in sessions}, units=today, sessions=[one.id for one in sessions],
            start=at.date() - _A_DAY, end=end,
        )  # fmt: skip
        openings = find_openings(
            [one._replace(room_id=None) for one in sessions], taken, blocks, start=min(today.values()), end=end,
            not_before=int(at.timestamp()) // 60,
        )  # fmt: skip
        found = settle(openings, today)
        rows += [
            ThirdNextSample(
                day=today[unit], unit_id=unit, visit_type_id=kind, clinician_id=clinician,
                days=found.get((clinician, unit)), reconstructed=True,
            )
            for clinician, unit in {(one.clinician_id, one.unit_id) for one in sessions}
        ]  # fmt: skip
    ThirdNextSample.objects.unscoped("samples of the whole house").bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _taken_by_then(at: dt.datetime, end: dt.date) -> dict[UUID, Taken]:
    with connection.cursor() as cursor:
        cursor.execute(_BOOKED_BY_THEN, {"at": at, "end": end})
        return {
            resource: Taken(list(starts), list(ends), [0] * len(starts)) for resource, starts, ends in cursor.fetchall()
        }


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
