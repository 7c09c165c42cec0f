"""A time that came free is offered to those who wait, in their turn; the first yes wins.

The time is held while people think, so that nobody outside of the list takes it meanwhile. When all have said no or let
the offer pass, the next are asked, until nobody is left or the visit is too near; then the time is free for everybody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.events.ports import declare_event
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Clinician
from medguild.foundation.work.timing import is_open_at
from medguild.operations.scheduling.holding import hold_slot, release_hold
from medguild.operations.scheduling.models import Hold, VisitType
from medguild.operations.scheduling.network.answers import keep_no
from medguild.operations.scheduling.network.check import billing_entity
from medguild.operations.scheduling.network.rules import Said, books
from medguild.operations.scheduling.placing import pools_of
from medguild.operations.scheduling.protocol import as_resource, lock_resources
from medguild.operations.scheduling.selectors import find_slots
from medguild.operations.scheduling.slot_rules import Opening
from medguild.operations.scheduling.week_rules import local_time
from medguild.operations.waitlist.calling import ask_desk, call_about, calls_done
from medguild.operations.waitlist.errors import OfferGone
from medguild.operations.waitlist.fitting import asked_of, read_fitting, try_lock, waiting_at
from medguild.operations.waitlist.models import SlotOffer, WaitlistEntry
from medguild.operations.waitlist.rules import EntryStatus, OfferStatus, in_turn, offer_lasts
from medguild.operations.waitlist.services import tell
from medguild.operations.waitlist.standards import Terms, terms_at
from medguild.operations.waitlist.timing import SHORTEST_THINKING, Window, windows
from medguild.payers.networks.selectors import Place

OFFERED = declare_event("waitlist.offered", gettext_lazy("Time offered"), icon="mail-forward")
UNTOLD = declare_event("waitlist.untold", gettext_lazy("Offer could not be told"), icon="mail-x")
DECLINED = declare_event("waitlist.declined", gettext_lazy("Offer declined"), icon="mail-x")

# What holds the times; a hold belongs to who made it.
HOUSE = Actor.job("waitlist.offers")
_LIST = "the list is worked in turn, whoever caused it"


@dataclass(frozen=True, slots=True)
class Freed:
    """Time of a clinician at a site that came free."""

    clinician_id: UUID
    unit_id: UUID
    start: dt.datetime
    end: dt.datetime


@dataclass(frozen=True, slots=True)
class Round:
    """Whom to ask for which start, and each one's time to answer. `untold` is who comes first of those whom no message
    can reach in time."""

    entries: Sequence[WaitlistEntry]
    start: dt.datetime
    minutes: int
    windows: Mapping[UUID, Window]
    untold: WaitlistEntry | None = None

    @property
    def end(self) -> dt.datetime:
        return self.start + dt.timedelta(minutes=self.minutes)


def offer_freed(*, freed: Freed, by: Actor = HOUSE, at: dt.datetime | None = None) -> list[SlotOffer]:
    """Offer what came free to those whose turn it is; an empty list when nobody fits or it is too near.

    At night the time is held and the words wait for the morning; where the visit is too near for that, the desk is
    asked to call. Each who is asked gets one event; sending the words is for those who hear it.
    """
    moment = at or now()
    terms = terms_at(freed.unit_id)
    if offer_lasts(freed.start - moment, usual=terms.lasts) < SHORTEST_THINKING:
        return []
    passed: set[UUID] = set()
    while True:
        found = _round(freed, terms, moment, passed)
        if found is None:
            return []
        if not found.entries:
            _call_instead(found, freed, by, moment)
            return []
        try:
            return _offer(found, freed, by, moment)
        except _AskedElsewhere as meanwhile:
            passed |= meanwhile.entries
        except Refusal:  # somebody was quicker
            return []


class _AskedElsewhere(Exception):
    """Some of a round are being asked about another time at this very moment, or wait no more: the next are asked."""

    def __init__(self, entries: set[UUID]) -> None:
        super().__init__()
        self.entries = entries


def _call_instead(found: Round, freed: Freed, by: Actor, moment: dt.datetime) -> None:
    """Nobody may be written to in time: whose turn it is may still be called."""
    if found.untold is not None:
        source = f"waitlist.call:{freed.clinician_id}:{int(found.start.timestamp())}:{found.untold.pk}"
        call_about(found.untold, source=source, by=by, at=moment)


def _round(freed: Freed, terms: Terms, moment: dt.datetime, passed: Collection[UUID] = ()) -> Round | None:
    """The first in turn decides on kind of visit and start; others who fit the same are asked with them.

    Those `passed` over are left out: they are asked about another time.
    """
    site = Site.objects.get(unit_id=freed.unit_id)
    asked = SlotOffer.objects.unscoped(_LIST).filter(clinician=freed.clinician_id, start__gte=freed.start)
    waiting = (
        waiting_at(WaitlistEntry.objects.unscoped(_LIST), site)
        .exclude(pk__in=asked.filter(start__lt=freed.end).values("entry_id"))
        .exclude(pk__in=list(passed))
    )
    entries, clinician = in_turn(waiting), freed.clinician_id
    fitting = read_fitting(
        entries, clinicians=[clinician], site=site, start=freed.start, end=freed.end, at=moment
    )  # fmt: skip
    starts: dict[UUID, list[tuple[dt.datetime, int]]] = {}
    for entry in entries:
        kind = entry.visit_type_id
        if kind not in starts:
            starts[kind] = _starts(freed, kind, site, moment)
        for start, minutes in starts[kind]:
            if fitting.fits(entry, clinician, start, minutes):
                same = [other for other in entries if other.visit_type_id == kind]
                suited = [other for other in same if fitting.fits(other, clinician, start, minutes)]
                times = windows(
                    [one.patient_id for one in suited], site=site, start=start, usual=terms.lasts, at=moment
                )
                reached = _each_once(one for one in suited if one.patient_id in times)
                return Round(reached[: terms.at_once], start, minutes, times, suited[0])
    return None


def _each_once(entries: Iterable[WaitlistEntry]) -> list[WaitlistEntry]:
    """Of somebody who waits under two records the first entry."""
    found: dict[UUID, WaitlistEntry] = {}
    for one in entries:
        found.setdefault(as_resource(one.patient), one)
    return list(found.values())


def _starts(freed: Freed, visit_type_id: UUID, site: Site, moment: dt.datetime) -> list[tuple[dt.datetime, int]]:
    """Starts of this kind of visit inside the freed time that can be booked now."""
    day = local_time(site.time_zone, int(freed.start.timestamp()) // 60).date()
    openings: Collection[Opening] = find_slots(
        actor=HOUSE, visit_type_id=visit_type_id, start=day, end=day + dt.timedelta(days=1),
        clinicians=[freed.clinician_id], units=[freed.unit_id], at=moment,
    )  # fmt: skip
    found = []
    for opening in openings:
        for minute in opening.starts:
            start = dt.datetime.fromtimestamp(minute * 60, dt.UTC)
            if freed.start <= start < freed.end:
                found.append((start, opening.session.minutes))
    return sorted(found)


@transaction.atomic
def _offer(found: Round, freed: Freed, by: Actor, moment: dt.datetime) -> list[SlotOffer]:
    _claim(found, freed)
    first = found.entries[0]
    times = {entry.pk: found.windows[entry.patient_id] for entry in found.entries}
    lasts = max(window.expires_at for window in times.values()) - moment
    hold = hold_slot(
        clinician=Clinician.objects.select_related("resource").get(pk=freed.clinician_id),
        visit_type=VisitType(pk=first.visit_type_id), site=Site.objects.get(unit_id=freed.unit_id),
        start=found.start, by=HOUSE, lasts=lasts, at=moment,
    )  # fmt: skip
    offers = SlotOffer.objects.bulk_create(
        SlotOffer(
            entry=entry, patient_id=entry.patient_id, unit_id=freed.unit_id, clinician_id=freed.clinician_id,
            start=found.start, minutes=found.minutes, during=(found.start, found.end), hold_id=hold.pk,
            offered_at=moment, sends_at=times[entry.pk].sends_at, expires_at=times[entry.pk].expires_at,
        )
        for entry in found.entries
    )  # fmt: skip
    for offer in offers:
        told = {"start": offer.start, "sends_at": offer.sends_at, "expires_at": offer.expires_at}
        tell(OFFERED, offer.entry, by, {"offer_id": offer.pk, **told})
    return list(offers)


def _claim(found: Round, freed: Freed) -> None:
    """Lock those who are to be asked, without waiting: whoever is locked is being asked by somebody else, or answers.

    Two times that come free at once choose the same people, because each sees them free; only under these locks it is
    known that they still are. People are locked before what they wait for: of two that want another thing each, or
    another record of one person, one gets them. Raises _AskedElsewhere with those whom we do not get.
    """
    wanted = {entry.pk: as_resource(entry.patient) for entry in found.entries}
    held = try_lock(wanted.values())
    ours = _lock(pk for pk, person in wanted.items() if person in held)
    times = asked_of(wanted.values()).filter(during__overlap=(found.start, found.end))
    busy = set(times.values_list("person", flat=True))
    ours -= {pk for pk, person in wanted.items() if person in busy}
    same = Q(clinician=freed.clinician_id, start=found.start)
    offers = SlotOffer.objects.unscoped(_LIST).filter(entry_id__in=ours)
    ours -= set(offers.filter(Q(status=OfferStatus.OPEN) | same).values_list("entry_id", flat=True))
    if wanted.keys() - ours:
        raise _AskedElsewhere(wanted.keys() - ours)


def _lock(entries: Iterable[UUID]) -> set[UUID]:
    """Those of the entries that wait and that nobody else has locked."""
    rows = WaitlistEntry.objects.unscoped(_LIST).filter(pk__in=list(entries), status=EntryStatus.WAITING).order_by("pk")
    return set(rows.select_for_update(of=("self",), skip_locked=True, no_key=True).values_list("pk", flat=True))


@transaction.atomic
def decline_offer(*, offer: SlotOffer, by: Actor, told: Said | None = None, at: dt.datetime | None = None) -> SlotOffer:
    """No, thank you: they keep their place. When nobody who was asked is left, the next are asked.

    `told` is what they heard of their plan's network, where that is why: then it is kept. Raises what `keep_no` does.
    """
    moment = at or now()
    held = lock_offer(offer, moment)
    if told is not None and not books(told):
        _keep_no(held, told, by, moment)
    held.status, held.answered_at = OfferStatus.DECLINED, moment
    held.save(update_fields=["status", "answered_at"])
    tell(DECLINED, held.entry, by, {"offer_id": held.pk})
    calls_done([held], outcome=OfferStatus.DECLINED, by=by, at=moment)
    _go_on(held, moment)
    return held


def _keep_no(offer: SlotOffer, told: Said, by: Actor, moment: dt.datetime) -> None:
    site = offer.unit.site
    entity = billing_entity(clinician_id=offer.clinician_id, site=site, start=offer.start)
    keep_no(
        patient=offer.entry.patient, place=Place(entity, site.unit_id, offer.clinician_id),
        visit_type_id=offer.entry.visit_type_id, site=site, start=offer.start, said=told, by=by, at=moment,
    )  # fmt: skip


@transaction.atomic
def pass_on(*, entry_id: UUID, at: dt.datetime | None = None) -> None:
    """Somebody who was being asked waits no more: once nobody else is asked about the time, the next are."""
    offers = SlotOffer.objects.unscoped(_LIST).filter(entry=entry_id, status=OfferStatus.DECLINED)
    holds = Hold.objects.unscoped(_LIST).filter(pk__in=offers.values("hold_id"))
    for offer in offers.filter(hold_id__in=holds.values("pk")).order_by("pk"):
        _lock_round(offer)
        _go_on(offer, at or now())


@transaction.atomic
def could_not_tell(*, offer: SlotOffer, by: Actor, at: dt.datetime | None = None) -> SlotOffer:
    """No message reached whom the offer is for. While the desk is open it calls, and the offer stands; else the offer
    is closed, they keep their place, and the next are asked. Raises OfferGone."""
    moment = at or now()
    held = lock_offer(offer, moment)
    if is_open_at(held.unit_id, at=moment):
        ask_desk(held, by=by, at=moment)
        return held
    held.status, held.answered_at = OfferStatus.UNTOLD, moment
    held.save(update_fields=["status", "answered_at"])
    tell(UNTOLD, held.entry, by, {"offer_id": held.pk})
    _go_on(held, moment)
    return held


def expire_offers(*, at: dt.datetime | None = None) -> int:
    """Close offers whose time to answer is over and ask the next; returns how many were closed.

    Each time by itself: what one of them meets keeps no other from its end, and is raised after the last.
    """
    moment = at or now()
    rows = SlotOffer.objects.unscoped(_LIST).filter(status=OfferStatus.OPEN, expires_at__lte=moment)
    closed, trouble = 0, None
    for hold_id in sorted(set(rows.values_list("hold_id", flat=True))):
        try:
            closed += _expire(hold_id, moment)
        except Exception as error:  # noqa: BLE001 - raised below
            trouble = trouble or error
    if trouble is not None:
        raise trouble
    return closed


@transaction.atomic
def _expire(hold_id: UUID, moment: dt.datetime) -> int:
    rows = SlotOffer.objects.unscoped(_LIST).filter(hold_id=hold_id, status=OfferStatus.OPEN, expires_at__lte=moment)
    late = list(rows.select_for_update(of=("self",), skip_locked=True).select_related("entry").order_by("pk"))
    if not late:
        return 0
    for offer in late:
        offer.status, offer.answered_at = OfferStatus.EXPIRED, moment
        offer.save(update_fields=["status", "answered_at"])
    calls_done(late, outcome=OfferStatus.EXPIRED, by=HOUSE, at=moment)
    _go_on(late[0], moment)
    return len(late)


def lock_offer(offer: SlotOffer, moment: dt.datetime) -> SlotOffer:
    """The offer as it stands, locked. Raises OfferGone unless it is open and not too late."""
    rows = _lock_round(offer)
    held: SlotOffer = rows.select_related(
        "entry__visit_type", "entry__patient", "entry__instead_of__clinician", "clinician__resource", "unit__site"
    ).get(pk=offer.pk)
    if held.status == OfferStatus.TAKEN:
        raise OfferGone(_("Somebody else was quicker. You keep your place on the list."))
    if held.status == OfferStatus.ACCEPTED:
        raise OfferGone(_("This time is taken already. Call us if you cannot come."))
    if held.status != OfferStatus.OPEN or held.expires_at <= moment:
        raise OfferGone(_("This offer is no longer open. You keep your place on the list."))
    return held


def _lock_round(offer: SlotOffer) -> QuerySet[SlotOffer]:
    """With all others for the same time, in one order: a yes closes them, so of two only the first goes on."""
    rows: QuerySet[SlotOffer] = SlotOffer.objects.unscoped("who has the link, or the desk, answers")
    rows = rows.select_for_update(of=("self",))
    list(rows.filter(hold_id=offer.hold_id).order_by("pk").values_list("pk", flat=True))
    return rows


def _go_on(offer: SlotOffer, moment: dt.datetime) -> None:
    """Ask the next, once nobody of this round can say yes any more."""
    if SlotOffer.objects.unscoped(_LIST).filter(hold_id=offer.hold_id, status=OfferStatus.OPEN).exists():
        return
    hold = Hold.objects.unscoped(_LIST).select_related("clinician").filter(pk=offer.hold_id).first()
    goes_on = terms_at(offer.unit_id).automatic
    if hold is not None:
        if goes_on:
            _lock_people(hold)
        release_hold(hold=hold, by=HOUSE)
    end = offer.start + dt.timedelta(minutes=offer.minutes)
    if goes_on:
        offer_freed(freed=Freed(offer.clinician_id, offer.unit_id, offer.start, end), at=moment)


def _lock_people(hold: Hold) -> None:
    """All whom the next hold may take, before the old one is given back: the clinician's lock taken alone and then the
    staff's would cross with bookings, which take all people at once."""
    waiting = WaitlistEntry.objects.unscoped(_LIST).filter(unit=hold.unit_id, status=EntryStatus.WAITING)
    needy = VisitType.objects.filter(pk__in=waiting.values("visit_type_id"), needs__isnull=False).distinct()
    asked = [(kind, hold.unit_id) for kind in needy.values_list("pk", flat=True)]
    day = hold.start.date()
    staff, _things = pools_of(asked, start=day - dt.timedelta(days=1), end=day + dt.timedelta(days=2))
    lock_resources({hold.clinician.resource_id, *staff})
