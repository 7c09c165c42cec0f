"""Demand and supply by weekday, two-hour band and kind of visit at a site.

Wanted: visits booked and not given up in time, people on the waiting list, searches that found nothing. Offered:
minutes of sessions, less closures, absences and cancelled days.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.organization.models import Site
from medguild.operations.calls.rules import CallReason, Outcome
from medguild.operations.calls.selectors import calls_between, numbers_by
from medguild.operations.demand.matching_rules import (
    DAY_MINUTES,
    Mismatch,
    Place,
    band_of,
    bands_between,
    share_supply,
    spread,
)
from medguild.operations.demand.models import SlotSearch
from medguild.operations.demand.permissions import DemandRight
from medguild.operations.demand.records import Measure, measured, visits_between
from medguild.operations.scheduling.calendar_sql import Where, load_blocks, load_sessions
from medguild.operations.scheduling.models import SessionVisitType, VisitType
from medguild.operations.scheduling.slot_rules import Blocks, is_off
from medguild.operations.scheduling.week_rules import SessionPattern, days_held, span
from medguild.operations.waitlist.models import WaitlistEntry
from medguild.operations.waitlist.rules import EntryStatus

_WHY = "numbers of sites that the caller may see"
_A_DAY = dt.timedelta(days=1)
_WEEKDAYS = range(7)


@dataclass(frozen=True, slots=True)
class Matched:
    """Cells per week, with the sums they come from: what was booked, what was wanted in vain by list and by search, and
    calls about appointments that nobody answered (whose wish is not known, so they stand beside the cells)."""

    cells: Sequence[Mismatch]
    weeks: float
    booked: int
    waiting: int
    searched: int
    lost_calls: int
    kinds: Mapping[UUID, VisitType] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Wish:
    """Somebody wanted a kind of visit at any of these places."""

    kind: UUID
    places: Sequence[Place]


def match(actor: Actor, *, start: dt.date, end: dt.date, sites: Collection[Site]) -> Matched:
    """Wanted and offered slots a week of the half-open period, for sites that the actor may see numbers of."""
    weeks = (end - start).days / 7
    units = [site.unit_id for site in sites]
    sessions = load_sessions(visit_type_id=None, start=start, end=end, where=Where(units=units))
    lengths = _lengths(sessions)
    offers = _offers(sessions, lengths, start, end)
    supply = {place: sum(minutes for _, minutes in spans) for place, spans in offers.items()}
    wanted, minutes = _booked(actor, start, end, sites)
    booked = round(sum(wanted.values()))
    waiting, searched = list(_waiting(start, end, units)), list(_in_vain(start, end, units))
    for wish in (*waiting, *searched):
        for place, part in spread(wish.places, supply).items():
            wanted[place, wish.kind] += part
    kinds = VisitType.objects.in_bulk({kind for _, kind in wanted} | {kind for one in lengths.values() for kind in one})
    return Matched(
        cells=list(_cells(wanted, offers, {pk: minutes.get(pk, kind.minutes) for pk, kind in kinds.items()}, weeks)),
        weeks=weeks, booked=booked, waiting=len(waiting), searched=len(searched),
        lost_calls=_lost_calls(actor, start, end, sites), kinds=kinds,
    )  # fmt: skip


def _lengths(sessions: Sequence[SessionPattern]) -> dict[UUID, frozenset[UUID]]:
    """Kinds of visits that each session takes."""
    rows = SessionVisitType.objects.unscoped(_WHY).filter(session__in=[session.id for session in sessions])
    kinds: dict[UUID, set[UUID]] = defaultdict(set)
    for session_id, kind in rows.values_list("session_id", "visit_type_id"):
        kinds[session_id].add(kind)
    return {session_id: frozenset(found) for session_id, found in kinds.items()}


Offers = dict[Place, list[tuple[frozenset[UUID], float]]]


def _offers(
    sessions: Sequence[SessionPattern], kinds: Mapping[UUID, frozenset[UUID]], start: dt.date, end: dt.date
) -> Offers:
    """Minutes of sessions in each cell, by the kinds that they take."""
    blocks = load_blocks(
        clinicians={one.clinician_id for one in sessions}, units={one.unit_id for one in sessions},
        sessions=[one.id for one in sessions], start=start, end=end,
    )  # fmt: skip
    found: dict[Place, dict[frozenset[UUID], float]] = defaultdict(lambda: defaultdict(float))
    for session in sessions:
        takes = kinds.get(session.id)
        if not takes:
            continue
        for day in days_held(session, start, end):
            share = _open_share(session, day, blocks)
            if share:
                for band, minutes in bands_between(session.start_minute, session.end_minute):
                    found[session.weekday, band][takes] += minutes * session.capacity * share
    return {place: list(spans.items()) for place, spans in found.items()}


def _open_share(session: SessionPattern, day: dt.date, blocks: Blocks) -> float:
    """Which part of a session takes place on a day: an absence in the middle counts evenly over its hours."""
    if is_off(session, day, blocks):
        return 0.0
    away = (blocks.away or {}).get(session.clinician_id, ())
    if not away:
        return 1.0
    first, last = span(session, day)
    lost = sum(max(0, min(last, one.end) - max(first, one.start)) for one in away)
    return max(0.0, 1 - lost / (last - first)) if last > first else 0.0


def _booked(
    actor: Actor, start: dt.date, end: dt.date, sites: Collection[Site]
) -> tuple[dict[tuple[Place, UUID], float], dict[UUID, int]]:
    """Booked and not given up, by cell and kind; and how many minutes a kind takes on average."""
    length = ExpressionWrapper(F("end") - F("start"), output_field=DurationField())
    rows = measured(visits_between(actor, start=start, end=end, sites=sites), Measure.WANTED)
    found = rows.values("local_weekday", "local_hour", "visit_type_id").annotate(count=Count("pk"), mean=Avg(length))
    wanted: dict[tuple[Place, UUID], float] = defaultdict(float)
    minutes: dict[UUID, float] = defaultdict(float)
    counts: dict[UUID, int] = defaultdict(int)
    for row in found:
        kind = row["visit_type_id"]
        wanted[(row["local_weekday"], band_of(60 * row["local_hour"])), kind] += row["count"]
        minutes[kind] += row["mean"].total_seconds() / 60 * row["count"]
        counts[kind] += row["count"]
    return wanted, {kind: max(1, round(total / counts[kind])) for kind, total in minutes.items()}


def _waiting(start: dt.date, end: dt.date, units: Sequence[UUID]) -> Iterator[_Wish]:
    """People who waited in the period without getting a time: still waiting, or their last day passed."""
    rows = WaitlistEntry.objects.unscoped(_WHY).filter(unit__in=units, instead_of__isnull=True, earliest__lt=end)
    rows = rows.filter(
        Q(status=EntryStatus.WAITING) & (Q(latest__isnull=True) | Q(latest__gte=start))
        | Q(status=EntryStatus.LAPSED, latest__gte=start)
    )
    found = rows.values_list("visit_type_id", "weekdays", "from_minute", "to_minute")
    for kind, weekdays, first, last in found:
        yield _Wish(kind, _places(weekdays or _WEEKDAYS, first, last))


def _in_vain(start: dt.date, end: dt.date, units: Sequence[UUID]) -> Iterator[_Wish]:
    """Searches in the period that found no time at a site."""
    for row in searches_in_vain(start, end, units):
        days = {
            (row.first_day + offset * _A_DAY).weekday() for offset in range(min(7, (row.end_day - row.first_day).days))
        }
        yield _Wish(row.visit_type_id, _places(sorted(days), row.from_minute, row.to_minute))


def searches_in_vain(start: dt.date, end: dt.date, units: Sequence[UUID]) -> list[SlotSearch]:
    """Searches for a time in the period, at these sites, that found none; newest first."""
    rows = SlotSearch.objects.filter(found=0, unit__in=units, first_day__gte=start, first_day__lt=end)
    return list(rows.order_by("-searched_at")[:2_000])


def _places(weekdays: Collection[int], first: int, last: int) -> list[Place]:
    """Cells of the working hours that would do; a wish for any hour is one for the hours from 7 to 19."""
    if first == 0 and last == DAY_MINUTES:
        first, last = 7 * 60, 19 * 60
    return [(weekday, band) for weekday in weekdays for band, _ in bands_between(first, last)]


def _lost_calls(actor: Actor, start: dt.date, end: dt.date, sites: Collection[Site]) -> int:
    """Calls about appointments that nobody answered and that were worth answering."""
    rows = calls_between(actor, start=start, end=end, sites=sites, right=DemandRight.READ)
    lost = {"reason": CallReason.APPOINTMENT, "outcome": Outcome.ABANDONED}
    numbers = numbers_by(rows.filter(**lost), "direction")
    return sum(one.offered for one in numbers.values())


def _cells(
    wanted: Mapping[tuple[Place, UUID], float], offers: Offers, minutes: Mapping[UUID, int], weeks: float
) -> Iterator[Mismatch]:
    by_place: dict[Place, dict[UUID, float]] = defaultdict(dict)
    for (place, kind), count in wanted.items():
        by_place[place][kind] = count * minutes[kind]
    for place in sorted(by_place.keys() | offers.keys()):
        wishes = by_place.get(place, {})
        given = share_supply(offers.get(place, []), wishes)
        for kind in sorted(wishes.keys() | given.keys(), key=str):
            length = minutes[kind]
            yield Mismatch(
                place, kind, wanted=wishes.get(kind, 0.0) / length / weeks,
                offered=given.get(kind, 0.0) / length / weeks, minutes=length,
            )  # fmt: skip
