"""Free times as the search page shows them: the best first with their reasons, then by day, clinician and site."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from uuid import UUID

from django.utils.translation import gettext as _

from medguild.operations.scheduling.network.rules import NetworkStanding
from medguild.operations.scheduling.network.words import STANDINGS, TONES
from medguild.operations.scheduling.rules import Mode
from medguild.operations.scheduling.search.rules import Reason, Suits
from medguild.operations.scheduling.search.searching import Found, Wanted, spoken_language
from medguild.operations.scheduling.slot_rules import Opening, iso_starts
from medguild.operations.scheduling.words import MODE_WORDS, OFFER_REASONS, Text, clock_words
from medguild.patients.identity.words import LANGUAGES

# A page shows so many rows at most, whole days of them; what is later is one click away.
MOST_ROWS = 60
_LANGUAGES = dict(LANGUAGES)


@dataclass(frozen=True, slots=True)
class Time:
    """One button: `value` is what it posts, `label` the wall-clock time."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A word beside an offer: a reason, or what is known of the network."""

    tone: str
    label: Text


@dataclass(frozen=True, slots=True)
class Offer:
    """The free times of a clinician at a site on a day, in which ways, and what speaks for them."""

    clinician_id: UUID
    clinician: str
    site_id: UUID
    site: str
    day: dt.date
    minutes: int
    times: list[Time]
    tags: list[Tag]
    only: Text = ""
    place: int | None = None


@dataclass(frozen=True, slots=True)
class DayOffers:
    day: dt.date
    offers: list[Offer] = field(default_factory=list)
    count: int = 0


def shown_days(openings: Sequence[Opening]) -> tuple[list[Opening], dt.date | None]:
    """As many whole days as a page holds, and the first day that is left out (None: all are shown)."""
    rows: dict[dt.date, set[tuple[UUID, UUID]]] = {}
    for opening in openings:
        rows.setdefault(opening.day, set()).add((opening.session.clinician_id, opening.session.unit_id))
    total = 0
    for number, (day, pairs) in enumerate(sorted(rows.items())):
        total += len(pairs)
        if number and total > MOST_ROWS:
            return [opening for opening in openings if opening.day < day], day
    return list(openings), None


def by_day(openings: Iterable[Opening], found: Found, wanted: Wanted, sites: Mapping[UUID, str]) -> list[DayOffers]:
    """Openings grouped for the page; sessions of one clinician at one site are joined."""
    days = []
    for day, group in groupby(openings, key=lambda opening: opening.day):
        offers = list(_offers(list(group), found, wanted, sites))
        days.append(DayOffers(day, offers, sum(len(offer.times) for offer in offers)))
    return days


def _offers(openings: list[Opening], found: Found, wanted: Wanted, sites: Mapping[UUID, str]) -> Iterable[Offer]:
    def place(opening: Opening) -> tuple[UUID, UUID]:
        return opening.session.clinician_id, opening.session.unit_id

    for _pair, group in groupby(openings, key=place):
        same = list(group)
        times = [_time(text) for opening in same for text in iso_starts(opening)]
        yield _offer(same[0], times, found, wanted, sites, _standing_tags(same[0], found))


def best(found: Found, wanted: Wanted, sites: Mapping[UUID, str]) -> list[Offer]:
    """The times that are named first, one each, with all of their reasons."""
    offers = []
    for place, suggestion in enumerate(found.suggestions, start=1):
        one = Opening(suggestion.opening.session, suggestion.opening.day, [suggestion.start])
        tags = [_reason_tag(reason, one, found, wanted) for reason in suggestion.reasons]
        offer = _offer(one, [_time(iso_starts(one)[0])], found, wanted, sites, tags + _doubts(one, found))
        offers.append(replace(offer, place=place))
    return offers


def _offer(
    opening: Opening, times: list[Time], found: Found, wanted: Wanted, sites: Mapping[UUID, str], tags: list[Tag]
) -> Offer:
    session = opening.session
    who = found.people.get(session.clinician_id)
    return Offer(
        session.clinician_id, who.label if who else "", session.unit_id, sites.get(session.unit_id, ""), opening.day,
        session.minutes, times, tags, _only(opening, found, wanted),
    )  # fmt: skip


def _only(opening: Opening, found: Found, wanted: Wanted) -> Text:
    """In which ways alone this clinician may see the patient, when not in all that the kind of visit offers."""
    if found.ways is None or wanted.mode:
        return ""
    ways = found.ways.modes_at(opening.session.clinician_id, opening.session.unit_id, opening.day)
    if len(ways) == len(wanted.visit_type.modes):
        return ""
    return _("only: %(ways)s") % {"ways": ", ".join(str(MODE_WORDS[Mode(way)]) for way in ways)}


def _time(text: str) -> Time:
    return Time(text, clock_words(int(text[11:13]) * 60 + int(text[14:16])))


def _reason_tag(reason: Reason, opening: Opening, found: Found, wanted: Wanted) -> Tag:
    tone = "ok" if reason in (Reason.IN_NETWORK, Reason.EARLIEST) else "info"
    if reason is not Reason.SPEAKS:
        return Tag(tone, OFFER_REASONS[reason])
    language = spoken_language(wanted)
    return Tag(tone, _("Speaks %(language)s") % {"language": _LANGUAGES.get(language, language)})


def _doubts(opening: Opening, found: Found) -> list[Tag]:
    """Out of network, or not known to be in: said beside every time that is offered."""
    standing = found.standing(opening)
    if standing in (NetworkStanding.OUT, NetworkStanding.UNKNOWN):
        return [Tag(TONES[standing], STANDINGS[standing])]
    return []


def _standing_tags(opening: Opening, found: Found) -> list[Tag]:
    """What the list says of a clinician at a site: their own, in or out of network."""
    suits = found.suits.get((opening.session.clinician_id, opening.session.unit_id), Suits())
    tags = [Tag("info", OFFER_REASONS[Reason.OWN_CLINICIAN])] if suits.own else []
    if found.standing(opening) is NetworkStanding.IN:
        tags.append(Tag("ok", OFFER_REASONS[Reason.IN_NETWORK]))
    return tags + _doubts(opening, found)
