"""Delay of clinic days from the steps of visits: computed for one day, kept for each, summed for a page."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet, Sum

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import at_local
from medguild.foundation.organization.models import Site
from medguild.operations.chart.models import Note
from medguild.operations.demand.late_rules import Cause, Delay, Served, split_delays, total
from medguild.operations.demand.models import ClinicDay, TypicalTime
from medguild.operations.demand.permissions import DemandRight
from medguild.operations.visits.models import Visit
from medguild.operations.visits.rules import StepTime, VisitStatus, step_times
from medguild.operations.visits.selectors import history_of

FEWEST_FOR_TYPICAL = 5
LOOK_BACK = dt.timedelta(days=92)
_A_DAY = dt.timedelta(days=1)
_CHUNK = 2_000
_WHY = "clinic days of the whole house; pages show them by scope"


@dataclass(frozen=True, slots=True)
class LateVisit:
    """One booked visit of a day with its delay and what caused it; `visit` has its patient and kind."""

    visit: Visit
    delay: Delay
    began: dt.datetime
    minutes: int
    slot_minutes: int


@dataclass(frozen=True, slots=True)
class _Timed:
    visit: Visit
    began: dt.datetime
    ended: dt.datetime
    roomed: dt.datetime | None


def _on(site: Site, day: dt.date) -> Q:
    first, last = (at_local(one, dt.time(), site.time_zone) for one in (day, day + _A_DAY))
    return Q(site_id=site.unit_id, arrived_at__gte=first, arrived_at__lt=last)


def _timed(visits: Sequence[Visit]) -> Iterator[_Timed]:
    """Visits that a clinician began and left again, with the times of their steps."""
    for begin in range(0, len(visits), _CHUNK):
        part = visits[begin : begin + _CHUNK]
        histories = history_of([visit.pk for visit in part])
        for visit in part:
            found = _times(visit, step_times(histories.get(visit.pk, [])))
            if found is not None:
                yield found


def _times(visit: Visit, steps: Sequence[StepTime]) -> _Timed | None:
    began = next((step for step in steps if step.status is VisitStatus.WITH_CLINICIAN), None)
    ended = began.ended if began is not None else None
    if began is None or ended is None:
        return None
    roomed = next((step.began for step in steps if step.status is VisitStatus.ROOMED), None)
    return _Timed(visit, began.began, ended, roomed)


def _seconds(moment: dt.datetime) -> int:
    return int(moment.timestamp())


def _served(one: _Timed, typical: Mapping[tuple[UUID, UUID], int]) -> Served:
    booked = one.visit.appointment
    times = {
        "began": _seconds(one.began), "ended": _seconds(one.ended), "arrived": _seconds(one.visit.arrived_at),
        "roomed": _seconds(one.roomed) if one.roomed else None,
    }  # fmt: skip
    if booked is None:
        return Served(**times)  # type: ignore[arg-type]
    return Served(
        planned=_seconds(booked.start), slot=_seconds(booked.end) - _seconds(booked.start),
        typical=typical.get((one.visit.clinician_id, booked.visit_type_id)), **times,  # type: ignore[arg-type]
    )  # fmt: skip


def typical_times(clinicians: Collection[UUID], *, on: dt.date) -> dict[tuple[UUID, UUID], int]:
    """Seconds that a kind of visit usually takes with a clinician, as known on the day."""
    rows = (
        TypicalTime.objects.unscoped(_WHY)
        .filter(clinician__in=list(clinicians), month__lte=on, visits__gte=FEWEST_FOR_TYPICAL)
        .order_by("month")
        .values_list("clinician_id", "visit_type_id", "seconds")
    )
    return {(clinician, kind): seconds for clinician, kind, seconds in rows}


def _written(clinicians: Collection[UUID], start: dt.datetime, end: dt.datetime) -> dict[UUID, list[int]]:
    """When each clinician saved or signed notes, of visits that arrived in the two days before the end."""
    notes = Note.objects.unscoped("instants only, no text").filter(
        visit__clinician_id__in=list(clinicians), visit__arrived_at__gte=start - _A_DAY, visit__arrived_at__lt=end
    )
    pens: dict[UUID, list[int]] = defaultdict(list)
    for author, saved, signed in notes.values_list("author_id", "saved_at", "signed_at"):
        pens[author] += [_seconds(moment) for moment in (saved, signed) if moment and start <= moment < end]
    return pens


def _days_of(site: Site, day: dt.date, clinicians: Collection[UUID] | None = None) -> dict[UUID, list[LateVisit]]:
    rows = Visit.objects.unscoped(_WHY).filter(_on(site, day)).exclude(status=VisitStatus.CANCELLED)
    if clinicians is not None:
        rows = rows.filter(clinician_id__in=list(clinicians))
    rows = rows.select_related("appointment__visit_type", "patient").order_by("clinician_id", "arrived_at")
    timed = list(_timed(list(rows)))
    if not timed:
        return {}
    people = {one.visit.clinician_id for one in timed}
    typical = typical_times(people, on=day)
    start = at_local(day, dt.time(), site.time_zone)
    pens = _written(people, start, start + _A_DAY)
    return {
        clinician: list(_delays(list(group), typical, pens.get(clinician, [])))
        for clinician, group in groupby(timed, key=lambda one: one.visit.clinician_id)
    }


def _delays(
    timed: Sequence[_Timed], typical: Mapping[tuple[UUID, UUID], int], pens: Sequence[int]
) -> Iterator[LateVisit]:
    served = [_served(one, typical) for one in timed]
    places = {id(one): place for place, one in enumerate(served)}
    for visit, delay in split_delays(served, pens):
        one = timed[places[id(visit)]]
        yield LateVisit(one.visit, delay, one.began, (visit.ended - visit.began) // 60, (visit.slot or 0) // 60)


def clinic_day(actor: Actor, *, site: Site, clinician_id: UUID, day: dt.date) -> list[LateVisit]:
    """The booked visits of a clinician's day at a site that the actor may see numbers of, as they began."""
    if not actor.may(DemandRight.READ):
        return []
    return _days_of(site, day, [clinician_id]).get(clinician_id, [])


_COLUMNS = [cause.value for cause in Cause]


@transaction.atomic
def measure_day(*, site: Site, day: dt.date) -> int:
    """Keep the delay of each clinician's day at a site; a day measured before is measured anew."""
    rows = [_row(site.unit_id, clinician, day, visits) for clinician, visits in _days_of(site, day).items() if visits]
    keep_days(rows)
    return len(rows)


def _row(unit_id: UUID, clinician_id: UUID, day: dt.date, visits: Sequence[LateVisit]) -> ClinicDay:
    return day_row(unit_id, clinician_id, day, [one.delay for one in visits])


def day_row(unit_id: UUID, clinician_id: UUID, day: dt.date, delays: Sequence[Delay]) -> ClinicDay:
    whole = total(delays)
    return ClinicDay(
        day=day, unit_id=unit_id, clinician_id=clinician_id, visits=len(delays),
        late_visits=sum(one.is_late for one in delays), late=whole.late,
        **{cause.value: seconds for cause, seconds in whole.causes.items()},
    )  # fmt: skip


def keep_days(rows: Iterable[ClinicDay]) -> None:
    ClinicDay.objects.unscoped(_WHY).bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["unit", "day", "clinician"],
        update_fields=["visits", "late_visits", "late", *_COLUMNS],
        batch_size=2_000,
    )


@transaction.atomic
def learn_typical_times(*, month: dt.date) -> int:
    """Keep how long each kind of visit took with each clinician in the three months before the first of a month."""
    until = dt.datetime.combine(month, dt.time(), tzinfo=dt.UTC)
    rows = Visit.objects.unscoped(_WHY).filter(arrived_at__gte=until - LOOK_BACK, arrived_at__lt=until)
    rows = rows.filter(appointment__isnull=False).exclude(status=VisitStatus.CANCELLED)
    kept = 0
    for clinician in sorted(set(rows.order_by().values_list("clinician_id", flat=True)), key=str):
        visits = list(rows.filter(clinician_id=clinician).select_related("appointment"))
        lengths: dict[UUID, list[int]] = defaultdict(list)
        for one in _timed(visits):
            if one.visit.appointment is not None:
                lengths[one.visit.appointment.visit_type_id].append(_seconds(one.ended) - _seconds(one.began))
        keep_typical_times(month, {(clinician, kind): times for kind, times in lengths.items()})
        kept += len(lengths)
    return kept


def keep_typical_times(month: dt.date, lengths: Mapping[tuple[UUID, UUID], Sequence[int]]) -> None:
    """Medians of seconds by clinician and kind of visit."""
    rows = [
        TypicalTime(
            month=month, clinician_id=clinician, visit_type_id=kind, seconds=round(median(times)), visits=len(times)
        )
        for (clinician, kind), times in lengths.items()
    ]
    TypicalTime.objects.unscoped(_WHY).bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["clinician", "visit_type", "month"],
        update_fields=["seconds", "visits"],
    )


def clinic_days(
    actor: Actor, *, start: dt.date, end: dt.date, sites: Collection[Site] | None = None
) -> QuerySet[ClinicDay]:
    """Days that the actor may see, of the half-open period."""
    rows: QuerySet[ClinicDay] = ClinicDay.objects.visible_to(actor, DemandRight.READ)
    rows = rows.filter(day__gte=start, day__lt=end)
    return rows.filter(unit__in=[site.unit_id for site in sites]) if sites is not None else rows


@dataclass(frozen=True, slots=True)
class LateNumbers:
    """Sums of clinic days: visits, how many began late, and the delay in seconds by cause."""

    visits: int = 0
    late_visits: int = 0
    delay: Delay = Delay(0)

    @property
    def minutes_a_visit(self) -> float | None:
        return round(self.delay.late / 60 / self.visits, 1) if self.visits else None


def late_numbers(rows: QuerySet[ClinicDay], *keys: str) -> dict[tuple[Any, ...], LateNumbers]:
    """Sums per value of the keys (fields of the row); one query."""
    sums = {name: Sum(name) for name in ("visits", "late_visits", "late", *_COLUMNS)}
    named = {f"sum_{name}": one for name, one in sums.items()}
    found = rows.order_by().values(*keys).annotate(**named) if keys else [rows.aggregate(**named)]
    return {tuple(row[key] for key in keys): _numbers(row) for row in found}


def _numbers(row: Mapping[str, Any]) -> LateNumbers:
    causes = {cause: row[f"sum_{cause.value}"] or 0 for cause in Cause}
    return LateNumbers(row["sum_visits"] or 0, row["sum_late_visits"] or 0, Delay(row["sum_late"] or 0, causes))


@dataclass(frozen=True, slots=True)
class KindLength:
    """A kind of visit: minutes of its slot, and how long it usually takes (mean of clinicians' medians by visits)."""

    name: str
    slot: int
    usual: float
    visits: int


def typical_rows(actor: Actor, clinicians: Collection[UUID], *, on: dt.date) -> dict[tuple[UUID, UUID], TypicalTime]:
    """By clinician and kind of visit, the lengths last learned before the day, where the actor may see numbers."""
    rows = TypicalTime.objects.visible_to(actor, DemandRight.READ).filter(clinician__in=list(clinicians), month__lte=on)
    latest: dict[tuple[UUID, UUID], TypicalTime] = {}
    for row in rows.select_related("visit_type").order_by("month"):
        latest[row.clinician_id, row.visit_type_id] = row
    return latest


def usual_minutes(rows: Collection[TypicalTime]) -> float | None:
    """The mean of clinicians' medians by visits."""
    visits = sum(row.visits for row in rows)
    return round(sum(row.seconds * row.visits for row in rows) / visits / 60, 1) if visits else None


def lengths_by_kind(actor: Actor, clinicians: Collection[UUID], *, on: dt.date) -> list[KindLength]:
    """Of the clinicians given that the actor may see numbers of, as known on the day; the most visits first."""
    by_kind: dict[UUID, list[TypicalTime]] = defaultdict(list)
    for (_, kind), row in typical_rows(actor, clinicians, on=on).items():
        by_kind[kind].append(row)
    found = [
        KindLength(
            held[0].visit_type.name, held[0].visit_type.minutes, usual_minutes(held) or 0,
            sum(row.visits for row in held),
        )
        for held in by_kind.values()
    ]  # fmt: skip
    return sorted(found, key=lambda one: -one.visits)
