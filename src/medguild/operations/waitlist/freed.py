"""Times that came free and stand empty, who is next for each, and the desk's word to offer one."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date, now
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Clinician
from medguild.operations.scheduling.calendar_sql import Where, load_blocks, load_sessions
from medguild.operations.scheduling.change_models import AppointmentMove
from medguild.operations.scheduling.checks import covers, refuse_invisible
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.rules import HOLDING, AppointmentStatus
from medguild.operations.scheduling.selectors import appointment, appointments, find_slots
from medguild.operations.scheduling.slot_rules import Blocks, Unfit, session_for, unavailable
from medguild.operations.scheduling.week_rules import SessionPattern
from medguild.operations.waitlist.errors import OfferedAlready, TimeGone
from medguild.operations.waitlist.fitting import Fitting, read_fitting, waiting_at
from medguild.operations.waitlist.models import SlotOffer, WaitlistEntry
from medguild.operations.waitlist.offering import HOUSE, Freed, offer_freed
from medguild.operations.waitlist.rules import OfferStatus, in_turn, parts_left
from medguild.operations.waitlist.selectors import entries

AHEAD = dt.timedelta(days=14)
MOST = 40
_TAKEN = "only whether the time is taken"
_GONE = gettext_noop("This time is not free any more. Look at the list again.")
Starts = dict[UUID, list[tuple[dt.datetime, int]]]


@dataclass(frozen=True, slots=True)
class FreedTime:
    """A time that was given up, all offers of it, and who is next for which start; None while offers are open and when
    nobody who waits fits. `source` is the cancelled visit, or the move by which a visit left it."""

    source: UUID
    time: Freed
    clinician: Clinician
    moved: bool = False
    offers: Sequence[SlotOffer] = field(default_factory=list)
    following: WaitlistEntry | None = None
    start: dt.datetime | None = None

    @property
    def is_offered(self) -> bool:
        return any(one.status == OfferStatus.OPEN for one in self.offers)


def freed_times(actor: Actor, site: Site, *, at: dt.datetime) -> list[FreedTime]:
    """Times of a site in the coming 14 days that a visit left, cancelled or moved, as far as nobody has taken them, the
    nearest first; at most 40.

    One search for each kind of visit that somebody waits for; who may see whom is asked for those who come first.
    """
    times = _still_worked(_still_free(_given_up(actor, site, at)), site)[:MOST]
    if not times:
        return []
    offers = _offers(actor, site, at)
    waiting = in_turn(waiting_at(entries(actor), site))
    free = _free_starts(times, {one.visit_type_id for one in waiting}, site, at)
    fitting = read_fitting(
        waiting, clinicians={one.time.clinician_id for one in times}, site=site, start=times[0].time.start,
        end=max(one.time.end for one in times), at=at,
    )  # fmt: skip
    turn = _Turn(waiting, free, fitting)
    return [_with_next(time, offers, turn) for time in times]


def _given_up(actor: Actor, site: Site, at: dt.datetime) -> list[FreedTime]:
    """Each time once, however often it was given up, by time."""
    times = [
        FreedTime(visit.pk, freed_of(visit), visit.clinician)
        for visit in appointments(actor)
        .filter(~_taken(""), unit=site.unit_id, status=AppointmentStatus.CANCELLED, **_soon("start", at))
        .order_by("start", "-cancelled_at")[: 2 * MOST]
    ]
    if covers(actor, SchedulingRight.READ, site.unit_id):
        times += [
            FreedTime(move.pk, left_by(move), move.former_clinician, moved=True)
            for move in _moves()
            .filter(~_taken("former_"), former_unit=site.unit_id, **_soon("former_start", at))
            .order_by("former_start", "-moved_at")[: 2 * MOST]
        ]
    once: dict[tuple[UUID, dt.datetime], FreedTime] = {}
    for one in times:
        once.setdefault((one.time.clinician_id, one.time.start), one)
    return sorted(once.values(), key=lambda one: (one.time.start, one.time.clinician_id))


def _moves() -> QuerySet[AppointmentMove]:
    rows: QuerySet[AppointmentMove] = AppointmentMove.objects.unscoped("a time of the site; no patient is told")
    return rows.select_related("former_clinician__person")


def _soon(field_name: str, at: dt.datetime) -> dict[str, dt.datetime]:
    return {f"{field_name}__gt": at, f"{field_name}__lt": at + AHEAD}


def _taken(former: str) -> Exists:
    """Whether one visit of the clinician fills a time that was given up."""
    return Exists(
        Appointment.objects.unscoped(_TAKEN).filter(
            clinician=OuterRef(f"{former}clinician"), status__in=HOLDING, start__lte=OuterRef(f"{former}start"),
            end__gte=OuterRef(f"{former}end"),
        )
    )  # fmt: skip


def _still_free(times: Sequence[FreedTime]) -> list[FreedTime]:
    """Each part of these times that is free."""
    parts = _parts([one.time for one in times])
    return [replace(one, time=part) for one, own in zip(times, parts, strict=True) for part in own]


def _parts(times: Sequence[Freed]) -> list[list[Freed]]:
    """Of each time the parts that the visits of its clinician leave free; one question."""
    if not times:
        return []
    visits = Appointment.objects.unscoped(_TAKEN).filter(
        clinician__in={one.clinician_id for one in times}, status__in=HOLDING,
        start__lt=max(one.end for one in times), end__gt=min(one.start for one in times),
    )  # fmt: skip
    taken: dict[UUID, list[tuple[dt.datetime, dt.datetime]]] = defaultdict(list)
    for clinician, start, end in visits.order_by("start").values_list("clinician", "start", "end"):
        taken[clinician].append((start, end))
    return [
        [replace(one, start=start, end=end) for start, end in parts_left(one.start, one.end, taken[one.clinician_id])]
        for one in times
    ]


def _still_worked(times: Sequence[FreedTime], site: Site) -> list[FreedTime]:
    """Without those at which the clinician sees nobody any more: who moves visits because of leave frees no time."""
    if not times:
        return []
    days = [local_date(one.time.start, site.time_zone) for one in times]
    start, end = min(days), max(days) + dt.timedelta(days=1)
    clinicians = {one.time.clinician_id for one in times}
    where = Where(clinicians=clinicians, units=[site.unit_id])
    sessions = load_sessions(visit_type_id=None, start=start, end=end, where=where)
    blocks = load_blocks(
        clinicians=clinicians, units=[site.unit_id], sessions=[one.id for one in sessions], start=start, end=end
    )
    return [one for one, day in zip(times, days, strict=True) if _is_worked(one.time, day, sessions, blocks)]


def _is_worked(time: Freed, day: dt.date, sessions: Sequence[SessionPattern], blocks: Blocks) -> bool:
    first, last = (int(moment.timestamp()) // 60 for moment in (time.start, time.end))
    own = [one for one in sessions if one.clinician_id == time.clinician_id]
    if isinstance(session_for(own, blocks, day=day, start=first, minutes=last - first), Unfit):
        return False
    gone = unavailable(
        blocks, clinician_id=time.clinician_id, unit_id=time.unit_id, day=day, start=first, end=last
    )  # fmt: skip
    return gone is None


def _offers(actor: Actor, site: Site, at: dt.datetime) -> list[SlotOffer]:
    rows = SlotOffer.objects.visible_to(actor).filter(unit=site.unit_id, start__gt=at, start__lt=at + AHEAD)
    return list(rows.select_related("entry__patient", "entry__instead_of", "unit__site").order_by("offered_at", "pk"))


def _free_starts(times: Sequence[FreedTime], kinds: set[UUID], site: Site, at: dt.datetime) -> dict[UUID, Starts]:
    """Starts that can be booked now, with their minutes, by kind of visit and clinician."""
    clinicians = {one.time.clinician_id for one in times}
    days = [local_date(one.time.start, site.time_zone) for one in times]
    found: dict[UUID, Starts] = {}
    for kind in kinds:
        by_clinician = found.setdefault(kind, {})
        for opening in find_slots(
            actor=HOUSE, visit_type_id=kind, start=min(days), end=max(days) + dt.timedelta(days=1),
            clinicians=clinicians, units=[site.unit_id], at=at,
        ):  # fmt: skip
            starts = by_clinician.setdefault(opening.session.clinician_id, [])
            length = opening.session.minutes
            starts.extend((dt.datetime.fromtimestamp(minute * 60, dt.UTC), length) for minute in opening.starts)
    return found


@dataclass(frozen=True, slots=True)
class _Turn:
    """Who waits, in turn, and what decides whether a time fits them."""

    waiting: Sequence[WaitlistEntry]
    free: dict[UUID, Starts]
    fitting: Fitting


def _with_next(found: FreedTime, offers: Sequence[SlotOffer], turn: _Turn) -> FreedTime:
    time = found.time
    mine = [one for one in offers if one.clinician_id == time.clinician_id and time.start <= one.start < time.end]
    made = replace(found, offers=mine)
    if made.is_offered:
        return made
    asked = {one.entry_id for one in mine}
    for entry in turn.waiting:
        if entry.pk in asked:
            continue
        for start, minutes in sorted(turn.free[entry.visit_type_id].get(time.clinician_id, [])):
            within = time.start <= start < time.end
            if within and turn.fitting.fits(entry, time.clinician_id, start, minutes):
                return replace(made, following=entry, start=start)
    return made


def freed_of(visit: Appointment) -> Freed:
    return Freed(visit.clinician_id, visit.unit_id, visit.start, visit.end)


def left_by(move: AppointmentMove) -> Freed:
    return Freed(move.former_clinician_id, move.former_unit_id, move.former_start, move.former_end)


def part_given_up(actor: Actor, source: UUID, minute: int | None) -> Freed:
    """The free part that holds a minute (since the epoch) of a time that was given up; without one the whole.

    Raises NotVisible, TimeGone.
    """
    whole = time_given_up(actor, source)
    if minute is None:
        return whole
    for part in _parts([whole])[0]:
        if part.start.timestamp() <= minute * 60 < part.end.timestamp():
            return part
    raise TimeGone(_(_GONE))


def time_given_up(actor: Actor, source: UUID) -> Freed:
    """The time that a cancelled visit or a move gave up. Raises NotVisible, TimeGone."""
    move = _moves().filter(pk=source).first()
    if move is not None:
        refuse_invisible(actor, move.former_unit_id, SchedulingRight.READ)
        return left_by(move)
    visit = appointment(actor, source)
    if visit.holds_time:
        raise TimeGone(_(_GONE))
    return freed_of(visit)


def offer_by_hand(*, freed: Freed, by: Actor, at: dt.datetime | None = None) -> list[SlotOffer]:
    """Offer a time that was given up to those whose turn it is, whatever the site's standard says.

    An empty list when nobody can be written to in time. Raises OfferedAlready, TimeGone, NotVisible, NotAllowed.
    """
    moment = at or now()
    refuse_invisible(by, freed.unit_id, SchedulingRight.BOOK)
    if freed.start <= moment:
        raise TimeGone(_(_GONE))
    asked = SlotOffer.objects.unscoped("whether the time is offered already").filter(
        clinician=freed.clinician_id, status=OfferStatus.OPEN, start__gte=freed.start, start__lt=freed.end
    )
    if asked.exists():
        raise OfferedAlready(_("Somebody has just offered this time. Look at the list again."))
    return offer_freed(freed=freed, by=by, at=moment)
