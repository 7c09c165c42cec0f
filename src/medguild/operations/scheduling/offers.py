"""Free times as the search page shows them: by day, then by clinician and site."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from uuid import UUID

from medguild.operations.scheduling.slot_rules import Opening, iso_starts
from medguild.operations.scheduling.words import clock_words


@dataclass(frozen=True, slots=True)
class Time:
    """One button: `value` is what it posts, `label` the wall-clock time."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Offer:
    """The free times of a clinician at a site on a day."""

    clinician_id: UUID
    clinician: str
    site_id: UUID
    site: str
    minutes: int
    times: list[Time]


@dataclass(frozen=True, slots=True)
class DayOffers:
    day: dt.date
    offers: list[Offer] = field(default_factory=list)
    count: int = 0


def by_day(openings: Iterable[Opening], clinicians: Mapping[UUID, str], sites: Mapping[UUID, str]) -> list[DayOffers]:
    """Openings grouped for the page; sessions of one clinician at one site are joined."""
    days = []
    for day, found in groupby(openings, key=lambda opening: opening.day):
        offers = list(_offers(list(found), clinicians, sites))
        days.append(DayOffers(day, offers, sum(len(offer.times) for offer in offers)))
    return days


def _offers(openings: list[Opening], clinicians: Mapping[UUID, str], sites: Mapping[UUID, str]) -> Iterable[Offer]:
    def place(opening: Opening) -> tuple[UUID, UUID]:
        return opening.session.clinician_id, opening.session.unit_id

    for (clinician_id, site_id), group in groupby(openings, key=place):
        same = list(group)
        times = [
            Time(text, clock_words(int(text[11:13]) * 60 + int(text[14:16])))
            for opening in same
            for text in iso_starts(opening)
        ]
        yield Offer(
            clinician_id, clinicians.get(clinician_id, ""), site_id, sites.get(site_id, ""),
            same[0].session.minutes, times,
        )  # fmt: skip
