"""Access over time: cancelled times filled again, searches that found nothing, samples and clinic days of months past.

Rates: two thirds of the times that were given up two days before are filled again, one fifth of those given up on the
day; a third of them from the waiting list. Riverside turns new patients away on Tuesday mornings: they look for a time and find none.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from medguild.demo import plan
from medguild.demo.copying import copy_rows, id_at
from medguild.demo.flow import Seen
from medguild.demo.group import LOADER, Group
from medguild.demo.listed import let_wait
from medguild.demo.people import Invented
from medguild.demo.schedule import (
    ALLOCATION_COLUMNS,
    APPOINTMENT_COLUMNS,
    Booked,
    allocation_rows,
    appointment_row,
    panels_of,
)
from medguild.foundation.kernel.clock import at_local, local_date
from medguild.operations.chart.models import Note
from medguild.operations.demand.late_rules import Served, split_delays
from medguild.operations.demand.lateness import day_row, keep_days, keep_typical_times
from medguild.operations.demand.models import ClinicDay, SlotSearch
from medguild.operations.demand.third_next import reconstruct_samples
from medguild.operations.scheduling.models import Allocation, Appointment
from medguild.operations.scheduling.rules import AppointmentStatus, Origin

_WHY = "the demo plays everybody's part"
_A_DAY, _WEEK = dt.timedelta(days=1), dt.timedelta(weeks=1)
_SAMPLED_WEEKS, _MEASURED_DAYS = 14, 190
_LENGTHS_DAYS = 92
_ONLINE, _FROM_WAITLIST = 0.12, 0.4  # of the times filled again
_TURNED_AWAY = ("riverside", "new", 1, 8 * 60, 10 * 60, 9)  # site, kind, weekday, from, to, how many a week


def refill_cancelled(group: Group, size: plan.Size, today: dt.date) -> None:
    """Somebody else is booked into some of the times that were given up, by the desk, by themselves online, or because
    they waited for it; these visits are kept like others."""
    rng = random.Random(plan.SEED + 11)
    panels = panels_of(group)
    busy = {(one.patient.id, local_date(one.start, plan.TIME_ZONE)) for one in group.appointments}
    found = [
        filler
        for one in group.appointments
        if one.given_up is not None and not one.overbooked
        for filler in _filler(one, one.given_up, panels, busy, today, rng)
    ]
    group.appointments.extend(found)
    copy_rows(Appointment, APPOINTMENT_COLUMNS, (appointment_row(group, one) for one in found))
    copy_rows(Allocation, ALLOCATION_COLUMNS, allocation_rows(group, found, rng))
    let_wait(group, [one for one in found if one.origin is Origin.STAFF and rng.random() < _FROM_WAITLIST], rng)


def _filler(
    one: Booked, given_up: dt.datetime, panels: dict[str, list[Invented]], busy: set[tuple[UUID, dt.date]],
    today: dt.date, rng: random.Random,
) -> Iterator[Booked]:  # fmt: skip
    lead = one.start - given_up
    if lead <= dt.timedelta(hours=1) or rng.random() > (0.2 if lead < _A_DAY else 0.65):
        return
    patient, day = rng.choice(panels[one.site]), local_date(one.start, plan.TIME_ZONE)
    booked_at = given_up + lead * rng.uniform(0.05, 0.8)
    if (patient.id, day) in busy or booked_at > dt.datetime.combine(today, dt.time(), tzinfo=dt.UTC):
        return
    busy.add((patient.id, day))
    over = day < today
    status = AppointmentStatus.FULFILLED if over and rng.random() > 0.05 else AppointmentStatus.NO_SHOW
    yield Booked(
        id=id_at(rng, booked_at), patient=patient, clinician=one.clinician, site=one.site, visit_type=one.visit_type,
        start=one.start, minutes=one.minutes, status=status if over else AppointmentStatus.BOOKED, cancel_reason="",
        session=one.session, overbooked=False, booked_at=booked_at, lane=one.lane,
        origin=Origin.PORTAL if rng.random() < _ONLINE else Origin.STAFF,
    )  # fmt: skip


def build_demand(group: Group, size: plan.Size, today: dt.date) -> None:
    """What the numbers of access look back on."""
    _turn_away(group, today)
    _measure(group, today)
    monday = today - today.weekday() * _A_DAY
    for weeks in range(_SAMPLED_WEEKS, 0, -1):
        reconstruct_samples(at=at_local(monday - weeks * _WEEK, dt.time(6), plan.TIME_ZONE), by=LOADER)


def _turn_away(group: Group, today: dt.date) -> None:
    site, code, weekday, first, last, count = _TURNED_AWAY
    rng = random.Random(plan.SEED + 12)
    rows = []
    for week in range(1, 27):
        wanted = today - today.weekday() * _A_DAY - week * _WEEK + weekday * _A_DAY
        for number in range(max(1, round(rng.gauss(count, 2)))):
            looked = at_local(wanted - rng.randrange(1, 9) * _A_DAY, dt.time(rng.randrange(8, 17), 10), plan.TIME_ZONE)
            rows.append(
                SlotSearch(
                    unit_id=group.units[site].pk, visit_type=group.visit_types[code], first_day=wanted,
                    end_day=wanted + _A_DAY, from_minute=first, to_minute=last, found=0,
                    door=rng.choice((Origin.STAFF, Origin.STAFF, Origin.PORTAL)), asker=f"demo-{week}-{number}",
                    searched_at=looked,
                )
            )  # fmt: skip
    SlotSearch.objects.bulk_create(rows)


def _measure(group: Group, today: dt.date) -> None:
    """Usual lengths and clinic days, from the visits that the demo has thought up."""
    first = today - _MEASURED_DAYS * _A_DAY
    recent = [seen for seen in group.visits if seen.arrived_at.date() >= first - _LENGTHS_DAYS * _A_DAY]
    lengths: dict[tuple[UUID, UUID], list[int]] = defaultdict(list)
    for seen in recent:
        taken = int((seen.times[3] - seen.times[2]).total_seconds())
        lengths[seen.booked.clinician.pk, seen.booked.visit_type.pk].append(taken)
    keep_typical_times(first.replace(day=1), lengths)
    days: dict[tuple[str, UUID, dt.date], list[Seen]] = defaultdict(list)
    for seen in recent:
        day = local_date(seen.booked.start, plan.TIME_ZONE)
        if first <= day < today:
            days[seen.booked.site, seen.booked.clinician.pk, day].append(seen)
    typical = {key: sorted(times)[len(times) // 2] for key, times in lengths.items()}
    pens = _pens(first)
    keep_days(_clinic_day(group, key, visits, typical, pens) for key, visits in days.items())


def _pens(first: dt.date) -> dict[tuple[UUID, dt.date], list[int]]:
    """When each clinician signed notes, by day."""
    signed = Note.objects.unscoped(_WHY).filter(signed_at__gte=at_local(first, dt.time(), plan.TIME_ZONE))
    pens: dict[tuple[UUID, dt.date], list[int]] = defaultdict(list)
    for author, moment in signed.values_list("author_id", "signed_at"):
        if moment is None:
            continue
        pens[author, local_date(moment, plan.TIME_ZONE)].append(int(moment.timestamp()))
    return pens


def _clinic_day(
    group: Group, key: tuple[str, UUID, dt.date], visits: list[Seen], typical: dict[tuple[UUID, UUID], int],
    pens: dict[tuple[UUID, dt.date], list[int]],
) -> ClinicDay:  # fmt: skip
    site, clinician, day = key
    told = split_delays([_served(seen, typical) for seen in visits], pens.get((clinician, day), ()))
    return day_row(group.units[site].pk, clinician, day, [delay for _, delay in told])


def _served(seen: Seen, typical: dict[tuple[UUID, UUID], int]) -> Served:
    arrived, roomed, began, ended, _left = (int(moment.timestamp()) for moment in seen.times)
    booked = seen.booked
    return Served(
        began=began, ended=ended, arrived=arrived, planned=int(booked.start.timestamp()), slot=booked.minutes * 60,
        roomed=roomed, typical=typical.get((booked.clinician.pk, booked.visit_type.pk)),
    )  # fmt: skip
