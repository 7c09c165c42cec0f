"""Weekly templates, 18 months of appointments with their outcomes, and the weeks ahead.

Rates: no-show about 7 % (MGMA polls 5-7), timely cancellations 8 %, late ones 2 %, bumps 1.5 %, fill about 90 %; about
every sixth visit is booked on its day, nearly half of these by who walks in. Each day fills in the same way, by when people call (`_lead`): of days to come only what has been booked by today is
there, so that numbers of the past lead into those of today. Two templates are out of balance on purpose: one 115 % full
beside one 70 % full. Where the front desk lost people (`plan.FRONT_DESK_TROUBLES`) no-shows rise from that day on.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg.types.range import TimestamptzRange

from medguild.demo import plan
from medguild.demo.attendance import chance_to_miss
from medguild.demo.copying import copy_rows, id_at
from medguild.demo.group import LOADER, Group
from medguild.demo.people import Invented
from medguild.foundation.kernel.clock import at_local
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Clinician
from medguild.operations.scheduling import templating
from medguild.operations.scheduling.kinds.visit_types import record_visit_type
from medguild.operations.scheduling.models import Allocation, Appointment, Session, VisitType
from medguild.operations.scheduling.rules import (
    HOLDING,
    AppointmentStatus,
    CancelReason,
    Mode,
    Origin,
    PatientKind,
    ReasonCategory,
)
from medguild.operations.scheduling.templating import Block

# code, name, minutes, colour, patient kind, specialty ("" for all)
VISIT_TYPES = (
    ("follow-up", "Follow-up visit", 20, "blue", PatientKind.ESTABLISHED, ""),
    ("new", "New patient visit", 40, "green", PatientKind.NEW, ""),
    ("physical", "Yearly check-up", 40, "purple", PatientKind.ANY, ""),
    ("acute", "Same-day sick visit", 20, "orange", PatientKind.ANY, ""),
    ("echo", "Heart ultrasound", 40, "red", PatientKind.ANY, "cardiology"),
)
_STARTS = (8 * 60, 13 * 60)
_BLOCK = 240
_HALF_DAYS, _ADDED_DAY = 5, 2
_WEEKS_AHEAD = 6
_GIVEN_UP = ((2, 20), (25, 72), (72, 168), (168, 400))  # hours before a visit that is given up
_OPENS, _CLOSES = 7 * 60 + 30, 17 * 60  # minutes of the day between which the telephones are answered
_WALKS_IN = 0.45  # of those who come on the day that they ask


@dataclass(slots=True)
class Booked:
    """One appointment, as the visits step needs it."""

    id: UUID
    patient: Invented
    clinician: Clinician
    site: str
    visit_type: VisitType
    start: dt.datetime
    minutes: int
    status: AppointmentStatus
    cancel_reason: str
    session: Session
    overbooked: bool
    booked_at: dt.datetime
    lane: int
    given_up: dt.datetime | None = None
    origin: Origin = Origin.STAFF


def build_schedule(group: Group, size: plan.Size, today: dt.date) -> None:
    """Templates through the services, appointments and their allocations by COPY."""
    rng = random.Random(plan.SEED + 3)
    group.visit_types = record_visit_types(group)
    sessions = {
        clinician.pk: give_sessions(group, clinician, site, today)
        for site, clinicians in group.clinicians.items()
        for clinician in clinicians
    }
    group.appointments = list(_appointments(group, sessions, today, rng))
    copy_rows(Appointment, APPOINTMENT_COLUMNS, (appointment_row(group, booked) for booked in group.appointments))
    copy_rows(Allocation, ALLOCATION_COLUMNS, allocation_rows(group, group.appointments, rng))


def record_visit_types(group: Group) -> dict[str, VisitType]:
    return {
        code: record_visit_type(
            owner=group.units["enterprise"], code=code, name=name, minutes=minutes, colour=colour, patient_kind=kind,
            specialty=specialty, by=LOADER,
            modes=(Mode.IN_PERSON, Mode.VIDEO) if code == "follow-up" else (Mode.IN_PERSON,),
        )
        for code, name, minutes, colour, kind, specialty in VISIT_TYPES
    }  # fmt: skip


def give_sessions(group: Group, clinician: Clinician, place: str, today: dt.date) -> list[Session]:
    """A half day each weekday, mornings for some clinicians of a site while others have afternoons; one whose template
    was changed has one more from then on."""
    site = Site.objects.select_related("unit").get(unit=group.units[place])
    fitting = [kind for kind in group.visit_types.values() if kind.specialty in ("", clinician.specialty)]
    number = group.clinicians[place].index(clinician)
    start = today - dt.timedelta(days=31 * (plan.MONTHS_OF_HISTORY + 1))

    def add(weekday: int, start_minute: int, since: dt.date) -> Session:
        block = Block(
            weekday=weekday, start_minute=start_minute, end_minute=start_minute + _BLOCK,
            visit_types={kind.pk: kind.minutes for kind in fitting}, step_minutes=20, overbook_limit=2,
        )  # fmt: skip
        return templating.add_session(clinician=clinician, site=site, block=block, start=since, by=LOADER)

    sessions = [add(half % 5, _STARTS[(half + number) % 2], start) for half in range(_HALF_DAYS)]
    if changed_template(place, number):
        sessions.append(add(_ADDED_DAY, _STARTS[(_ADDED_DAY + number + 1) % 2], changed_on(today)))
    return sessions


def changed_template(place: str, number: int) -> bool:
    """Whether the plan's change of a template is of this clinician of a site."""
    return place == plan.TEMPLATE_CHANGE.site and number == 0


def changed_on(today: dt.date) -> dt.date:
    """A Monday."""
    day = today - dt.timedelta(days=plan.TEMPLATE_CHANGE.days)
    return day - dt.timedelta(days=day.weekday())


def fill_of(group: Group, place: str, clinician: Clinician, *, day: dt.date, today: dt.date) -> float:
    """How full the template runs: the first clinician of Riverside is crowded, the second has room."""
    number = group.clinicians[place].index(clinician)
    if changed_template(place, number):
        change = plan.TEMPLATE_CHANGE
        return change.fill_before if day < changed_on(today) else change.fill_after
    if place == "riverside" and number == 0:
        return 1.15
    if place == "riverside" and number == 1:
        return 0.70
    return 0.97  # of which a tenth is given up again, half of that filled again


def _appointments(
    group: Group, sessions: dict[UUID, list[Session]], today: dt.date, rng: random.Random
) -> Iterator[Booked]:
    panels = panels_of(group)
    first = today - dt.timedelta(days=int(30.4 * plan.MONTHS_OF_HISTORY))
    last = today + dt.timedelta(weeks=_WEEKS_AHEAD)
    busy: set[tuple[UUID, int]] = set()
    for place, clinicians in group.clinicians.items():
        for clinician in clinicians:
            for day in _days(first, last):
                fill = fill_of(group, place, clinician, day=day, today=today)
                for session in sessions[clinician.pk]:
                    if session.weekday == day.weekday() and session.period.lower <= day:
                        yield from _fill(group, place, clinician, session, day, today, fill, panels, busy, rng)


def panels_of(group: Group) -> dict[str, list[Invented]]:
    panels: dict[str, list[Invented]] = {site: [] for site in group.clinicians}
    for patient in group.patients:
        if patient.site in panels:
            panels[patient.site].append(patient)
    shared = [patient for patient in group.patients if patient.entity == "main"]
    return {site: panel or shared for site, panel in panels.items()}


def _days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    for offset in range((last - first).days):
        yield first + dt.timedelta(days=offset)


def _fill(
    group: Group, place: str, clinician: Clinician, session: Session, day: dt.date, today: dt.date, fill: float,
    panels: dict[str, list[Invented]], busy: set[tuple[UUID, int]], rng: random.Random,
) -> Iterator[Booked]:  # fmt: skip
    """Walk through the block; of days to come people have called for some of the times only."""
    minute = session.start_minute
    while minute + 20 <= session.end_minute:
        kind = _kind(group, clinician, session.end_minute - minute, rng)
        if rng.random() < min(fill, 1.0):
            yield from _book(group, place, clinician, session, day, today, minute, kind, 0, panels, busy, rng)
        if rng.random() < fill - 1.0:
            yield from _book(group, place, clinician, session, day, today, minute, kind, 1, panels, busy, rng)
        minute += kind.minutes


def _kind(group: Group, clinician: Clinician, left: int, rng: random.Random) -> VisitType:
    codes, weights = ["follow-up", "acute", "new", "physical"], [53, 22, 12, 13]
    if clinician.specialty == "cardiology":
        codes, weights = ["follow-up", "new", "echo"], [60, 20, 20]
    kind: VisitType = group.visit_types[rng.choices(codes, weights)[0]]
    short: VisitType = group.visit_types["follow-up"]
    return kind if kind.minutes <= left else short


def _lead(kind: VisitType, rng: random.Random) -> int:
    """How many days ahead somebody calls: for what is acute on the day or the one before, else mostly weeks ahead."""
    if kind.code == "acute":
        return rng.choices((0, 1, 2), (70, 20, 10))[0]
    return int(rng.triangular(1, 40, 6))


def _called_before(minute: int, lead: int, rng: random.Random) -> dt.timedelta:
    """How long before a visit at a minute of the day somebody called, while the telephones are answered; on the day
    itself many walk in."""
    if lead:
        return dt.timedelta(days=lead, minutes=minute - rng.randrange(_OPENS, _CLOSES))
    walks_in = rng.random() < _WALKS_IN
    return dt.timedelta(minutes=rng.randrange(10, 31) if walks_in else rng.randrange(25, minute - _OPENS + 1))


def _book(
    group: Group, place: str, clinician: Clinician, session: Session, day: dt.date, today: dt.date, minute: int,
    kind: VisitType, lane: int, panels: dict[str, list[Invented]], busy: set[tuple[UUID, int]], rng: random.Random,
) -> Iterator[Booked]:  # fmt: skip
    lead = _lead(kind, rng)
    start = at_local(day, dt.time(minute // 60, minute % 60), plan.TIME_ZONE)
    midnight = dt.datetime.combine(today, dt.time(), tzinfo=dt.UTC)
    booked_at = start - _called_before(minute, lead, rng)
    if day > today and booked_at > midnight:
        return  # they have not called yet
    patient = rng.choice(panels[place])
    if (patient.id, day.toordinal()) in busy:
        return
    busy.add((patient.id, day.toordinal()))
    booked_at = min(booked_at, midnight)
    missed = chance_to_miss(
        patient.id, lead=lead, kind=kind.code, age=(day - patient.person.birth_date).days / 365.25,
        more=missed_more(place, (today - day).days),
    )  # fmt: skip
    status, reason = _outcome(day, today, missed, lead, rng)
    yield Booked(
        id=id_at(rng, max(booked_at, group.log_begins)), patient=patient, clinician=clinician, site=place,
        visit_type=kind, start=start, minutes=kind.minutes, status=status, cancel_reason=reason, session=session,
        overbooked=lane > 0, booked_at=booked_at, lane=lane,
        given_up=_given_up(start, booked_at, midnight, rng) if status is AppointmentStatus.CANCELLED else None,
    )  # fmt: skip


def missed_more(place: str, days_ago: int) -> float:
    """How many times as many do not come: who cannot reach the front desk cannot cancel either."""
    trouble, strength = plan.shortage(place, days_ago)
    return 1 + (trouble.no_shows - 1) * strength if trouble else 1.0


def _outcome(
    day: dt.date, today: dt.date, no_show: float, lead: int, rng: random.Random
) -> tuple[AppointmentStatus, str]:
    """What became of it; `no_show` is the chance that it was missed. Who calls on the day seldom cancels."""
    if day >= today:
        cancelled = day > today and rng.random() < 0.03
        return (
            (AppointmentStatus.CANCELLED, CancelReason.PATIENT_REQUEST) if cancelled else (AppointmentStatus.BOOKED, "")
        )
    chance, cancels = rng.random(), 0.11 if lead else 0.02
    if chance < no_show:
        return AppointmentStatus.NO_SHOW, ""
    if chance < no_show + cancels:
        return AppointmentStatus.CANCELLED, rng.choice(
            [CancelReason.PATIENT_REQUEST, CancelReason.PATIENT_ILL, CancelReason.PATIENT_TRANSPORT]
        )
    if chance < no_show + cancels + 0.015:
        return AppointmentStatus.CANCELLED, CancelReason.PRACTICE_CLINICIAN_AWAY
    return AppointmentStatus.FULFILLED, ""


APPOINTMENT_COLUMNS = (
    "id", "patient_id", "clinician_id", "unit_id", "entity_id", "visit_type_id", "session_id", "start", '"end"', "mode",
    "status", "reason_category", "reason", "origin", "overbooked", "overbook_reason", "cancel_reason", "cancel_note",
    "booked_at", "cancelled_at",
)  # fmt: skip
ALLOCATION_COLUMNS = ("id", "resource_id", "lane", "during", "unit_id", "appointment_id", "active")
_CATEGORY = {
    "follow-up": ReasonCategory.FOLLOW_UP,
    "new": ReasonCategory.CHRONIC,
    "physical": ReasonCategory.PREVENTIVE,
    "acute": ReasonCategory.ACUTE,
    "echo": ReasonCategory.PROCEDURE,
}


def _given_up(start: dt.datetime, booked_at: dt.datetime, latest: dt.datetime, rng: random.Random) -> dt.datetime:
    """When a visit that was cancelled was given up: mostly in time, some on the day; never after `latest`."""
    first, last = rng.choices(_GIVEN_UP, (20, 50, 20, 10))[0]
    given_up = start - dt.timedelta(hours=rng.uniform(first, last))
    if booked_at >= given_up:
        given_up = booked_at + (min(start, latest) - booked_at) * rng.random()
    return given_up if given_up <= latest else booked_at + (latest - booked_at) * rng.random()


def appointment_row(group: Group, booked: Booked) -> tuple[Any, ...]:
    return (
        booked.id, booked.patient.id, booked.clinician.pk, group.units[booked.site].pk, booked.session.entity_id,
        booked.visit_type.pk, booked.session.pk, booked.start, booked.start + dt.timedelta(minutes=booked.minutes),
        Mode.IN_PERSON.value, booked.status.value, _CATEGORY[booked.visit_type.code].value, "", booked.origin.value,
        booked.overbooked, "Asked for by the clinician" if booked.overbooked else "", str(booked.cancel_reason), "",
        booked.booked_at, booked.given_up,
    )  # fmt: skip


def allocation_rows(group: Group, visits: Iterable[Booked], rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for booked in visits:
        if booked.status not in HOLDING:
            continue
        during = TimestamptzRange(booked.start, booked.start + dt.timedelta(minutes=booked.minutes))
        unit_id = group.units[booked.site].pk
        for resource_id, lane in ((booked.clinician.resource_id, booked.lane), (booked.patient.id, 0)):
            yield id_at(rng, booked.booked_at), resource_id, lane, during, unit_id, booked.id, True
