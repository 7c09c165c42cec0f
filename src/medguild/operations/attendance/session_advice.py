"""Advice for sessions of the next two weeks: how many are expected, and whether one visit more would pay.

Judged are sums over a session, never a person: the visit more is one of average attendance, it is the same for whoever
is booked, and free times are offered to everybody before anything is overbooked.
"""

from __future__ import annotations

import datetime as dt
import enum
import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from uuid import UUID
from zoneinfo import ZoneInfo

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import at_local, local_date, now
from medguild.foundation.organization.models import Site
from medguild.operations.attendance.models import NoShowModel
from medguild.operations.attendance.overbooking_rules import Booking, Extra, Prices, Worth, best_extra, over_full
from medguild.operations.attendance.permissions import AttendanceRight
from medguild.operations.attendance.selectors import Expected, active_model, expected_of, trained_now
from medguild.operations.attendance.standards import prices_at
from medguild.operations.scheduling.calendar_sql import load_blocks
from medguild.operations.scheduling.models import Appointment, Session
from medguild.operations.scheduling.overbooking import overbooking_on
from medguild.operations.scheduling.rules import AppointmentStatus
from medguild.operations.scheduling.slot_rules import Blocks, unavailable
from medguild.operations.scheduling.week_rules import instant

AHEAD = 14  # days
LATTICE = 5  # minutes
FEWEST = 4  # visits of a session whose sum is told: fewer would tell of single people


class Verdict(enum.StrEnum):
    """What is said of a session."""

    PAYS = "pays"
    SMALL = "small"
    NONE = "none"
    FREE_TIME = "free_time"
    LIMIT = "limit"
    FEW = "few"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class SessionAdvice:
    """A session on a day. `shows` are expected visits, `over_full` the chance that those who come need more time than
    the session has. `extra` is the best place for one visit more (None where none was tried), `start` its moment.
    Waiting and overtime are minutes added, `gain` is in visits, `money` in cents."""

    session: Session
    day: dt.date
    booked: int
    overbooked: int
    verdict: Verdict
    shows: float | None = None
    over_full: float | None = None
    extra: Extra | None = None
    start: dt.datetime | None = None
    money: int = 0

    @property
    def begins(self) -> dt.time:
        """When the session starts, on the clocks of the site."""
        return dt.time(self.session.start_minute // 60 % 24, self.session.start_minute % 60)

    @property
    def gain_text(self) -> str:
        """+0.12 or −0.12 visits."""
        return f"{self.extra.gain:+.2f}".replace("-", "−") if self.extra else ""

    @property
    def waiting_added(self) -> float:
        return self.extra.waiting * LATTICE if self.extra else 0.0

    @property
    def overtime_added(self) -> float:
        return self.extra.overtime * LATTICE if self.extra else 0.0

    @property
    def waiting_each(self) -> float:
        """Minutes that one patient of the session would wait, with the visit more."""
        return self.extra.after.waiting_each * LATTICE if self.extra else 0.0


@dataclass(frozen=True, slots=True)
class SiteAdvice:
    """`model` is None, or has shortfalls, where nothing is advised."""

    model: NoShowModel | None
    sessions: Sequence[SessionAdvice] = ()


def advice_for(
    actor: Actor,
    site: Site,
    *,
    at: dt.datetime | None = None,
    days: int = AHEAD,
    clinician_id: UUID | None = None,
) -> SiteAdvice:
    """Sessions of a site that begin within so many days, take place and have bookings, by day; the caller has checked
    the site."""
    moment = at or now()
    model = active_model(site.unit_id, on=moment.date())
    if model is None or model.shortfalls:
        return SiteAdvice(model)
    rows = Appointment.objects.visible_to(actor, AttendanceRight.READ).filter(
        unit_id=site.unit_id, status=AppointmentStatus.BOOKED, session__isnull=False, start__gte=moment,
        start__lt=moment + dt.timedelta(days=days),
    )  # fmt: skip
    if clinician_id is not None:
        rows = rows.filter(clinician_id=clinician_id)
    known = dict(rows.values_list("pk", "session_id"))
    lengths = {key: (end - start) for key, start, end in rows.values_list("pk", "start", "end")}
    sessions = _sessions(set(filter(None, known.values())))
    blocks: dict[tuple[dt.date, UUID], list[Expected]] = defaultdict(list)
    for one in expected_of(rows, trained_now(model, site.unit_id)):
        session_id = known.get(one.lived.id)
        if session_id is not None:
            blocks[local_date(one.lived.start, site.time_zone), session_id].append(one)
    off = _off(site, sessions.values(), blocks)
    prices, worth = prices_at(site.unit_id)
    return SiteAdvice(
        model,
        [
            _advice(sessions[session_id], day, site, visits, lengths, prices, worth)
            for (day, session_id), visits in sorted(
                blocks.items(), key=lambda one: (one[0][0], sessions[one[0][1]].start_minute, str(one[0][1]))
            )
            if _takes_place(off, sessions[session_id], day, site)
        ],
    )


def _sessions(ids: Iterable[UUID]) -> dict[UUID, Session]:
    rows = Session.objects.unscoped("sessions of visits that the actor sees").filter(pk__in=list(ids))
    return {row.pk: row for row in rows.select_related("clinician__person", "unit")}


def _off(site: Site, sessions: Iterable[Session], days: Collection[tuple[dt.date, UUID]]) -> Blocks:
    """What takes sessions off their days."""
    if not days:
        return Blocks()
    first, last = min(days)[0], max(days)[0]
    held = list(sessions)
    return load_blocks(
        clinicians={one.clinician_id for one in held}, units=[site.unit_id], sessions=[one.pk for one in held],
        start=first, end=last + dt.timedelta(days=1),
    )  # fmt: skip


def _takes_place(off: Blocks, session: Session, day: dt.date, site: Site) -> bool:
    start, end = (instant(site.time_zone, day, minute) for minute in (session.start_minute, session.end_minute))
    gone = unavailable(
        off, clinician_id=session.clinician_id, unit_id=site.unit_id, day=day, start=start, end=end
    )  # fmt: skip
    return gone is None and (session.pk, day) not in off.cancelled


def _advice(
    session: Session, day: dt.date, site: Site, visits: Sequence[Expected], lengths: dict[UUID, dt.timedelta],
    prices: Prices, worth: int,
) -> SessionAdvice:  # fmt: skip
    overbooked = sum(one.lived.overbooked for one in visits)
    plain = SessionAdvice(session, day, len(visits), overbooked, Verdict.FEW)
    if len(visits) < FEWEST:
        return plain
    bookings = [_booking(one, lengths[one.lived.id], session, site) for one in visits]
    end = (session.end_minute - session.start_minute) // LATTICE
    shows = math.fsum(one.shows for one in bookings)
    chance = over_full(bookings, end * session.capacity)
    usual = int(median(one.length for one in bookings))
    told = SessionAdvice(session, day, len(visits), overbooked, Verdict.GROUP, shows, chance)
    if session.capacity > 1:
        return told
    if end - _taken(bookings, end) >= usual:
        return _with(told, Verdict.FREE_TIME)
    extra = best_extra(
        bookings, end=end, starts=_starts(bookings), length=usual, shows=shows / len(bookings), prices=prices
    )
    if extra is None:
        return _with(told, Verdict.NONE)
    verdict = {Worth.NONE: Verdict.NONE, Worth.SMALL: Verdict.SMALL, Worth.PAYS: Verdict.PAYS}[extra.worth]
    if verdict is Verdict.PAYS and _at_limit(session, day, site):
        verdict = Verdict.LIMIT
    minute = session.start_minute + extra.start * LATTICE
    start = at_local(day, dt.time(minute // 60 % 24, minute % 60), site.time_zone)
    return SessionAdvice(
        session, day, len(visits), overbooked, verdict, shows, chance, extra, start, round(extra.gain * worth)
    )


def _with(told: SessionAdvice, verdict: Verdict) -> SessionAdvice:
    return SessionAdvice(told.session, told.day, told.booked, told.overbooked, verdict, told.shows, told.over_full)


def _booking(one: Expected, length: dt.timedelta, session: Session, site: Site) -> Booking:
    local = one.lived.start.astimezone(ZoneInfo(site.time_zone))
    minute = local.hour * 60 + local.minute - session.start_minute
    return Booking(max(minute, 0) // LATTICE, max(round(length.total_seconds() / 60 / LATTICE), 1), 1 - one.probability)


def _taken(bookings: Sequence[Booking], end: int) -> int:
    """Steps of the session in which somebody is booked; two at once count once."""
    steps = {step for one in bookings for step in range(one.start, one.start + one.length)}
    return len([step for step in steps if step < end])


def _starts(bookings: Sequence[Booking]) -> list[int]:
    """Where one visit more may stand: at starts that have one booking, so that never three are called at once."""
    starts = [one.start for one in bookings]
    return sorted({start for start in starts if starts.count(start) == 1})


def _at_limit(session: Session, day: dt.date, site: Site) -> bool:
    """The standards of the site bear no more overbooked visits in this session or on this day."""
    use = overbooking_on(
        clinician_id=session.clinician_id, unit_id=site.unit_id, zone=site.time_zone, day=day, session_id=session.pk
    )
    return use.day_full or use.session_full
