"""The telephone and the complaints of each site: who answers, 18 months of calls, what people were not content with.

Rates: four of five calls answered within 30 s and about 5 % abandoned (HFMA's experts: 80/20, below 5 as a goal, 7 as an
average); two calls a booked visit, a third of callers put on hold, and 3 complaints per 1,000 visits are our own guesses.
Where a front desk lost people (`plan.FRONT_DESK_TROUBLES`) waits, hold, abandonment and complaints rise from that day on;
no-shows rise with them (see `schedule`).
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any
from uuid import UUID

from medguild.demo import names, plan
from medguild.demo.copying import copy_rows, id_at
from medguild.demo.group import LOADER, Group
from medguild.demo.people import Invented
from medguild.foundation.kernel.clock import at_local, local_date
from medguild.foundation.organization import staffing
from medguild.foundation.organization.people import Person
from medguild.foundation.organization.rules import AffiliationKind
from medguild.operations.calls.models import Call
from medguild.operations.calls.rules import CallReason, Direction

CALLS_PER_VISIT = 2.0
_MONDAY = 1.25
_SATURDAY = 5
_WAIT, _PATIENCE, _HOLD, _TALK = 15.0, 280.0, 45.0, 140.0  # mean seconds
_ON_HOLD, _OUTBOUND, _KNOWN = 0.33, 0.08, 0.55  # shares of calls
# Calls by hour from 8 to 17, and how much longer one waits in the crowded ones.
_HOURS = tuple(range(8, 17))
_BY_HOUR = tuple(accumulate((15, 16, 14, 11, 7, 10, 11, 9, 7)))
_CROWDED = {8: 1.3, 9: 1.3, 10: 1.1, 12: 1.4}
_REASON_SHARES = {
    CallReason.APPOINTMENT: 46, CallReason.REFILL: 14, CallReason.CLINICAL: 10, CallReason.RESULT: 9,
    CallReason.BILLING: 9, CallReason.REFERRAL: 7, CallReason.OTHER: 5,
}  # fmt: skip
_REASONS = tuple(reason.value for reason in _REASON_SHARES)
_BY_REASON = tuple(accumulate(_REASON_SHARES.values()))
_CALL = (
    "id", "site_id", "direction", "reason", "queue", "received_at", "answered_at", "ended_at", "hold_seconds",
    "abandoned", "phone", "patient_id", "answered_by_id", "source_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Desk:
    """Who answers at a site until when (None: still), and who calls: patients as (id, telephone number)."""

    site: str
    unit_id: UUID
    staff: Sequence[tuple[UUID, dt.date | None]]
    callers: Sequence[tuple[UUID, str]]

    def on(self, day: dt.date) -> list[UUID]:
        return [person for person, until in self.staff if until is None or day < until]


def build_front_desk(group: Group, size: plan.Size, today: dt.date) -> None:
    """People of the front desks through the services, calls by COPY."""
    desks = _desks(group, today)
    copy_rows(Call, _CALL, _all_calls(group, desks, today))


def _desks(group: Group, today: dt.date) -> list[Desk]:
    rng = random.Random(plan.SEED + 5)
    callers: dict[str, list[tuple[UUID, str]]] = {site: [] for site in group.sites}
    for patient in group.patients:
        callers[patient.site].append(_caller(patient))
    return [
        Desk(site, group.units[site].pk, _hire_staff(group, site, today, rng), callers[site] or callers["riverside"])
        for site in group.sites
    ]


def _caller(patient: Invented) -> tuple[UUID, str]:
    return patient.id, f"+1{patient.person.phone}"


def _hire_staff(group: Group, site: str, today: dt.date, rng: random.Random) -> list[tuple[UUID, dt.date | None]]:
    """The first ones hired are those who leave, where people leave."""
    trouble, _ = plan.shortage(site, 0)
    staff: list[tuple[UUID, dt.date | None]] = []
    for number in range(plan.FRONT_DESK_STAFF.get(site, 1)):
        leaves = today - dt.timedelta(days=trouble.days) if trouble and number < trouble.leavers else None
        staff.append((_hire(group, site, leaves, today, rng).pk, leaves))
    return staff


def _hire(group: Group, site: str, leaves: dt.date | None, today: dt.date, rng: random.Random) -> Person:
    invented = names.invent(rng, today)
    person = staffing.join(
        given_name=invented.given, family_name=invented.family, by=LOADER, start=group.start,
        email=f"{site.replace('_', '-')}.{invented.given.lower()}@desk.larkspur.example",
    )  # fmt: skip
    staffing.affiliate(
        person=person, unit=group.units[site], kind=AffiliationKind.EMPLOYED, title="Front desk", by=LOADER,
        start=group.start, end=leaves,
    )  # fmt: skip
    return person


def _all_calls(group: Group, desks: Sequence[Desk], today: dt.date) -> Iterator[tuple[Any, ...]]:
    booked = Counter((one.site, local_date(one.start, plan.TIME_ZONE)) for one in group.appointments)
    first = today - dt.timedelta(days=int(30.4 * plan.MONTHS_OF_HISTORY))
    days = [first + dt.timedelta(days=offset) for offset in range((today - first).days)]
    working = sum(day.weekday() < _SATURDAY for day in days)
    for desk in desks:
        usual = sum(booked[desk.site, day] for day in days) / working
        for day in days:
            visits = visits_felt(booked[desk.site, day], usual)
            yield from calls_of(desk, day, visits=visits, days_ago=(today - day).days)


def visits_felt(booked: int, usual: float) -> float:
    """People call about today's visits and about those of other days alike."""
    return (booked + usual) / 2


@dataclass(frozen=True, slots=True)
class _Strain:
    """How busy a desk is: factors of waiting, of time on hold, and of calls (who hangs up calls again)."""

    wait: float = 1.0
    hold: float = 1.0
    calls: float = 1.0


def _strain(site: str, days_ago: int) -> _Strain:
    trouble, strength = plan.shortage(site, days_ago)
    if trouble is None:
        return _Strain()
    return _Strain(1 + (trouble.wait - 1) * strength, 1 + (trouble.hold - 1) * strength, 1 + 0.2 * strength)


def calls_of(desk: Desk, day: dt.date, *, visits: float, days_ago: int) -> Iterator[tuple[Any, ...]]:
    """The calls of a site on a day, as columns of `_CALL`, the same for each asking; nobody answers on week-ends."""
    if day.weekday() >= _SATURDAY or not visits:
        return
    rng = random.Random(f"{plan.SEED}-{desk.site}-{day}")
    strain = _strain(desk.site, days_ago)
    usual = CALLS_PER_VISIT * visits * strain.calls * (_MONDAY if day.weekday() == 0 else 1.0)
    count = max(1, round(rng.gauss(usual, usual**0.5)))
    opening = at_local(day, dt.time(_HOURS[0]), plan.TIME_ZONE)
    present = desk.on(day)
    for number in range(count):
        yield _call(desk, day, number, opening, present, strain, rng)


def _call(
    desk: Desk, day: dt.date, number: int, opening: dt.datetime, present: Sequence[UUID], strain: _Strain,
    rng: random.Random,
) -> tuple[Any, ...]:  # fmt: skip
    hour = rng.choices(_HOURS, cum_weights=_BY_HOUR)[0]
    received = opening + dt.timedelta(seconds=(hour - _HOURS[0]) * 3600 + rng.randrange(3600))
    outbound = rng.random() < _OUTBOUND
    wait = rng.expovariate(1 / (_WAIT * strain.wait * _CROWDED.get(hour, 1.0)))
    gives_up = rng.expovariate(1 / _PATIENCE)
    abandoned = not outbound and gives_up < wait
    waited = received + dt.timedelta(seconds=int(min(wait, gives_up) if not outbound else min(wait, 25)))
    hold = 0
    if not abandoned and not outbound and rng.random() < min(0.8, _ON_HOLD * strain.hold**0.5):
        hold = int(rng.expovariate(1 / (_HOLD * strain.hold)))
    talk = 30 + int(rng.expovariate(1 / _TALK)) + hold
    patient, phone = _who(desk, rng)
    return (
        id_at(rng, received), desk.unit_id, (Direction.OUTBOUND if outbound else Direction.INBOUND).value,
        rng.choices(_REASONS, cum_weights=_BY_REASON)[0], "", received,
        None if abandoned else waited, waited if abandoned else waited + dt.timedelta(seconds=talk), hold, abandoned,
        phone, patient, rng.choice(present) if present and not abandoned else None, f"{desk.site}-{day}-{number}",
    )  # fmt: skip


def _who(desk: Desk, rng: random.Random) -> tuple[UUID | None, str]:
    """A patient whose number is known, a number that is not, or a number withheld."""
    chance = rng.random()
    if desk.callers and chance < _KNOWN:
        return rng.choice(desk.callers)
    return None, f"+1503555{rng.randrange(100, 200):04d}" if chance < 0.9 else ""


def columns_of(row: tuple[Any, ...]) -> Mapping[str, Any]:
    """A row of `calls_of` by field name, for those who write single calls."""
    return dict(zip(_CALL, row, strict=True))
