"""Times that came free and stand empty, who is next for each, and the desk's word to offer one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date, now
from medguild.foundation.organization.models import Site
from medguild.operations.scheduling.checks import refuse_invisible
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.rules import HOLDING, AppointmentStatus
from medguild.operations.scheduling.selectors import appointments, find_slots
from medguild.operations.waitlist.errors import OfferedAlready, TimeGone
from medguild.operations.waitlist.models import SlotOffer, WaitlistEntry
from medguild.operations.waitlist.offering import HOUSE, Freed, fits, offer_freed
from medguild.operations.waitlist.rules import EntryStatus, OfferStatus, in_turn
from medguild.operations.waitlist.selectors import entries

AHEAD = dt.timedelta(days=14)
MOST = 40
_TAKEN = "only whether the time is taken"
Starts = dict[UUID, list[dt.datetime]]


@dataclass(frozen=True, slots=True)
class FreedTime:
    """The visit that was given up, all offers of its time, and who is next for which start; None while offers are open
    and when nobody who waits fits."""

    visit: Appointment
    offers: Sequence[SlotOffer] = field(default_factory=list)
    following: WaitlistEntry | None = None
    start: dt.datetime | None = None

    @property
    def is_offered(self) -> bool:
        return any(one.status == OfferStatus.OPEN for one in self.offers)


def freed_times(actor: Actor, site: Site, *, at: dt.datetime) -> list[FreedTime]:
    """Cancelled times of a site in the coming 14 days that nobody has taken, the nearest first; at most 40.

    One search for each kind of visit that somebody waits for; who may see whom is asked for those who come first.
    """
    times = _cancelled(actor, site, at)
    if not times:
        return []
    offers = _offers(actor, site, at)
    rows = entries(actor).filter(unit=site.unit_id, status=EntryStatus.WAITING).select_related("instead_of")
    waiting = in_turn(rows.exclude(offers__status=OfferStatus.OPEN))
    free = _free_starts(times, {one.visit_type_id for one in waiting}, site, at)
    return [_freed(visit, offers, waiting, free, site, at) for visit in times]


def _cancelled(actor: Actor, site: Site, at: dt.datetime) -> list[Appointment]:
    """Each time once, however often it was given up."""
    taken = Appointment.objects.unscoped(_TAKEN).filter(
        clinician=OuterRef("clinician"), status__in=HOLDING, start__lt=OuterRef("end"), end__gt=OuterRef("start")
    )
    rows = appointments(actor).filter(
        ~Exists(taken), unit=site.unit_id, status=AppointmentStatus.CANCELLED, start__gt=at, start__lt=at + AHEAD
    )
    once: dict[tuple[UUID, dt.datetime], Appointment] = {}
    for visit in rows.order_by("start", "-cancelled_at")[: 2 * MOST]:
        once.setdefault((visit.clinician_id, visit.start), visit)
    return list(once.values())[:MOST]


def _offers(actor: Actor, site: Site, at: dt.datetime) -> list[SlotOffer]:
    rows = SlotOffer.objects.visible_to(actor).filter(unit=site.unit_id, start__gt=at, start__lt=at + AHEAD)
    return list(rows.select_related("entry__patient", "entry__instead_of", "unit__site").order_by("offered_at", "pk"))


def _free_starts(times: Sequence[Appointment], kinds: set[UUID], site: Site, at: dt.datetime) -> dict[UUID, Starts]:
    """Starts that can be booked now, by kind of visit and clinician."""
    clinicians = {visit.clinician_id for visit in times}
    days = [local_date(visit.start, site.time_zone) for visit in times]
    found: dict[UUID, Starts] = {}
    for kind in kinds:
        by_clinician = found.setdefault(kind, {})
        for opening in find_slots(
            actor=HOUSE, visit_type_id=kind, start=min(days), end=max(days) + dt.timedelta(days=1),
            clinicians=clinicians, units=[site.unit_id], at=at,
        ):  # fmt: skip
            starts = by_clinician.setdefault(opening.session.clinician_id, [])
            starts.extend(dt.datetime.fromtimestamp(minute * 60, dt.UTC) for minute in opening.starts)
    return found


def _freed(
    visit: Appointment,
    offers: Sequence[SlotOffer],
    waiting: Sequence[WaitlistEntry],
    free: dict[UUID, Starts],
    site: Site,
    at: dt.datetime,
) -> FreedTime:
    mine = [one for one in offers if one.clinician_id == visit.clinician_id and visit.start <= one.start < visit.end]
    made = FreedTime(visit, mine)
    if made.is_offered:
        return made
    asked, freed = {one.entry_id for one in mine}, freed_of(visit)
    for entry in waiting:
        if entry.pk in asked:
            continue
        for start in sorted(free[entry.visit_type_id].get(visit.clinician_id, [])):
            if visit.start <= start < visit.end and fits(entry, freed, start, site, at):
                return FreedTime(visit, mine, entry, start)
    return made


def freed_of(visit: Appointment) -> Freed:
    return Freed(visit.clinician_id, visit.unit_id, visit.start, visit.end)


def offer_by_hand(*, visit: Appointment, by: Actor, at: dt.datetime | None = None) -> list[SlotOffer]:
    """Offer the time of a visit that was given up to those whose turn it is, whatever the site's standard says.

    An empty list when nobody can be written to in time. Raises OfferedAlready, TimeGone, NotVisible, NotAllowed.
    """
    moment = at or now()
    refuse_invisible(by, visit.unit_id, SchedulingRight.BOOK)
    if visit.holds_time or visit.start <= moment:
        raise TimeGone(_("This time is not free any more. Look at the list again."))
    asked = SlotOffer.objects.unscoped("whether the time is offered already").filter(
        clinician=visit.clinician_id, status=OfferStatus.OPEN, start__gte=visit.start, start__lt=visit.end
    )
    if asked.exists():
        raise OfferedAlready(_("Somebody has just offered this time. Look at the list again."))
    return offer_freed(freed=freed_of(visit), by=by, at=moment)
