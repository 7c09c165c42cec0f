"""Offers of the waiting list on their way: sent when their time has come, tried again, or given to the desk."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from medguild.experience.outreach.composing import offer_words
from medguild.experience.outreach.models import Notice
from medguild.experience.outreach.repeating import to_repeat
from medguild.experience.outreach.rules import NoticeKind, NoticeStatus
from medguild.experience.outreach.sending import Draft, send, send_again
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Refusal
from medguild.operations.waitlist.models import SlotOffer
from medguild.operations.waitlist.offering import could_not_tell
from medguild.operations.waitlist.rules import OfferStatus

HOUSE = Actor.job("outreach.offers")
# An offer lives for an hour: who is not reached after the third try in seven minutes is called, or the next is asked.
MOST_TRIES = 3
_LOOK = "the house writes to its patients"


def send_offers(*, at: dt.datetime | None = None) -> int:
    """Send open offers whose time has come and of which no word went out yet; returns how many."""
    moment = at or now()
    told = Notice.objects.unscoped(_LOOK).filter(source=_source_of_row())
    waiting = _open_offers(moment).filter(sends_at__lte=moment).exclude(Exists(told))
    return sum(send_offer(offer, at=moment) for offer in waiting.order_by("sends_at", "pk")[:500])


def send_offer(offer: SlotOffer, *, at: dt.datetime) -> bool:
    """Send one whose time has come; where nothing can be sent, the desk or the next in turn gets it."""
    if offer.sends_at > at:
        return False
    notice = send(draft=_draft(offer), by=HOUSE, at=at)
    if notice is not None and notice.status == NoticeStatus.WITHHELD:
        _give_on(offer, at)
    return notice is not None


def repeat_failed_offers(*, at: dt.datetime | None = None) -> int:
    """Try again what failed while the offer is open, one, two and four minutes later; then give it on."""
    moment = at or now()
    failed = Notice.objects.unscoped(_LOOK).filter(kind=NoticeKind.OFFER, status=NoticeStatus.FAILED)
    failed = failed.filter(attempts__lte=MOST_TRIES, sent_at__gt=moment - dt.timedelta(days=1))
    by_source = {one.source: (one, when) for one, when in to_repeat(failed, at=moment, wait=_wait)}
    ids = [source.removeprefix("offer:") for source in by_source]
    count = 0
    for offer in _open_offers(moment).filter(pk__in=ids):
        notice, when = by_source[_source(offer)]
        if when != moment:
            if when is None or when >= offer.expires_at:
                _give_on(offer, moment)
            continue
        count += 1
        again = send_again(notice=notice, draft=_draft(offer), by=HOUSE, at=moment)
        if again.status == NoticeStatus.FAILED and again.attempts > MOST_TRIES:
            _give_on(offer, moment)
    return count


def _wait(attempts: int) -> dt.timedelta:
    return dt.timedelta(minutes=2 ** (attempts - 1))


def _open_offers(moment: dt.datetime) -> QuerySet[SlotOffer]:
    rows: QuerySet[SlotOffer] = SlotOffer.objects.unscoped(_LOOK).filter(status=OfferStatus.OPEN, expires_at__gt=moment)
    return rows.select_related("unit__site", "entry__patient")


def _give_on(offer: SlotOffer, moment: dt.datetime) -> None:
    try:
        could_not_tell(offer=offer, by=HOUSE, at=moment)
    except Refusal:  # answered or taken meanwhile
        return


def _draft(offer: SlotOffer) -> Draft:
    return Draft(offer.entry.patient, offer.unit, NoticeKind.OFFER, _source(offer), offer_words(offer))


def _source(offer: SlotOffer) -> str:
    return f"offer:{offer.pk}"


def _source_of_row() -> Concat:
    """The source of each row's own message, for comparison in the database."""
    return Concat(Value("offer:"), Cast(OuterRef("pk"), TextField()))
