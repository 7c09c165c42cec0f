"""People who waited for an earlier time and got one that was given up, with the offers that were made for it."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg.types.range import TimestamptzRange

from medguild.demo.copying import copy_rows, id_at
from medguild.demo.group import Group
from medguild.demo.schedule import Booked
from medguild.operations.waitlist.models import SlotOffer, WaitlistEntry
from medguild.operations.waitlist.rules import EntryStatus, OfferStatus, Urgency

_ENTRY = (
    "id", "patient_id", "unit_id", "visit_type_id", "urgency", "earliest", "weekdays", "from_minute", "to_minute",
    "notice_minutes", "note", "status", "added_at", "closed_at", "appointment_id",
)  # fmt: skip
_OFFER = (
    "id", "entry_id", "patient_id", "unit_id", "clinician_id", "start", "minutes", "during", "hold_id", "status",
    "offered_at", "sends_at", "expires_at", "answered_at",
)  # fmt: skip
_TO_ANSWER = dt.timedelta(hours=2)
_MOST_ASKED = 2  # beside the one who said yes


@dataclass(frozen=True, slots=True)
class _Listed:
    """Somebody who waited from `since` until the visit that they got was booked."""

    id: UUID
    since: dt.datetime
    visit: Booked


def let_wait(group: Group, fillers: Sequence[Booked], rng: random.Random) -> None:
    """Each of these visits was an offer accepted; some who waited at the same site were asked before, in vain."""
    listed = [_listed(visit, rng) for visit in fillers]
    by_place: dict[tuple[str, UUID], list[_Listed]] = defaultdict(list)
    for one in listed:
        by_place[one.visit.site, one.visit.visit_type.pk].append(one)
    copy_rows(WaitlistEntry, _ENTRY, (_entry(group, one) for one in listed))
    copy_rows(SlotOffer, _OFFER, (row for held in by_place.values() for row in _offers(group, held, rng)))


def _listed(visit: Booked, rng: random.Random) -> _Listed:
    since = visit.booked_at - dt.timedelta(days=rng.randrange(2, 25), minutes=rng.randrange(600))
    return _Listed(id_at(rng, since), since, visit)


def _entry(group: Group, one: _Listed) -> tuple[Any, ...]:
    visit = one.visit
    return (
        one.id, visit.patient.id, group.units[visit.site].pk, visit.visit_type.pk, Urgency.ROUTINE.value,
        one.since.date(), [], 0, 1440, 120, "", EntryStatus.BOOKED.value, one.since, visit.booked_at, visit.id,
    )  # fmt: skip


def _offers(group: Group, held: Sequence[_Listed], rng: random.Random) -> Iterator[tuple[Any, ...]]:
    """Who was asked before had no need of the time, or did not answer."""
    ordered = sorted(held, key=lambda one: one.visit.booked_at)
    for place, one in enumerate(ordered):
        yield _offer(group, one, one, OfferStatus.ACCEPTED, one.visit.booked_at, rng)
        waiting = [other for other in ordered[place + 1 : place + 12] if other.since < one.visit.booked_at - _TO_ANSWER]
        asked = rng.sample(waiting, min(len(waiting), rng.randrange(_MOST_ASKED + 1)))
        for number, other in enumerate(asked, start=1):
            status = rng.choice((OfferStatus.DECLINED, OfferStatus.EXPIRED))
            yield _offer(group, one, other, status, one.visit.booked_at - number * dt.timedelta(minutes=20), rng)


def _offer(
    group: Group, one: _Listed, asked: _Listed, status: OfferStatus, answered: dt.datetime, rng: random.Random
) -> tuple[Any, ...]:
    offered = answered - rng.uniform(0.1, 0.9) * _TO_ANSWER
    visit = one.visit
    during = TimestamptzRange(visit.start, visit.start + dt.timedelta(minutes=visit.minutes))
    return (
        id_at(rng, offered), asked.id, asked.visit.patient.id, group.units[visit.site].pk, visit.clinician.pk,
        visit.start, visit.minutes, during, id_at(rng, offered), status.value, offered, offered,
        offered + _TO_ANSWER, answered,
    )  # fmt: skip
