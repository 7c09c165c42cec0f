"""Whom a start suits: it is what they asked for, they are free then, and may be seen there. Read once for all who wait.

People are told apart by the record that stands for them: two linked records are one person with one calendar.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from medguild.foundation.kernel.sql import planned_cursor
from medguild.foundation.organization.models import Site
from medguild.operations.scheduling.models import Allocation, VisitType
from medguild.operations.scheduling.protocol import as_resource
from medguild.operations.scheduling.rules import Mode
from medguild.operations.scheduling.week_rules import local_time
from medguild.operations.waitlist.models import SlotOffer, WaitlistEntry
from medguild.operations.waitlist.rules import EntryStatus, FreeTime, OfferStatus, misfit
from medguild.people.credentialing.spans import Span, performs, privilege_spans, treating_spans, treats

_LIST = "the list is worked in turn, whoever caused it"
_DAY = dt.timedelta(days=1)
# The locks of who is being asked, apart from those of calendars, which have one key of 64 bits.
_ASKING = 1
Spells = Mapping[UUID, Sequence[tuple[dt.datetime, dt.datetime, UUID | None]]]


@dataclass(frozen=True, slots=True)
class Fitting:
    """What decides. `taken`: by person, when they have a visit (with its id) or are being asked about a time."""

    site: Site
    at: dt.datetime
    taken: Spells
    treating: Mapping[tuple[UUID, str], Sequence[Span]]
    performing: Mapping[UUID, Mapping[tuple[UUID, UUID], Sequence[Span]]]  # by privilege

    def fits(self, entry: WaitlistEntry, clinician_id: UUID, start: dt.datetime, minutes: int) -> bool:
        """Whether somebody who waits wants this start, can take it, and may be seen there by this clinician."""
        if entry.instead_of is not None and entry.instead_of.start <= start:
            return False
        end = start + dt.timedelta(minutes=minutes)
        spells = self.taken.get(as_resource(entry.patient), ())
        if any(s < end and start < until and (own is None or own != entry.instead_of_id) for s, until, own in spells):
            return False
        wall = local_time(self.site.time_zone, int(start.timestamp()) // 60)
        free = FreeTime(clinician_id, wall.date(), wall.hour * 60 + wall.minute, start - self.at)
        return misfit(entry, free) is None and self._allowed(entry, clinician_id, wall.date())

    def _allowed(self, entry: WaitlistEntry, clinician_id: UUID, day: dt.date) -> bool:
        """Nobody is offered a time with a clinician who may not see them there on that day."""
        remote, state = _care(entry, self.site)
        if not treats(self.treating.get((clinician_id, state), ()), day, remote=remote):
            return False
        privilege = _privilege(entry.visit_type)
        return privilege is None or performs(self.performing[privilege].get((clinician_id, self.site.unit_id), ()), day)


def waiting_at(rows: QuerySet[WaitlistEntry], site: Site) -> QuerySet[WaitlistEntry]:
    """Of these, who waits at the site, lives, and is not being asked for that."""
    rows = rows.filter(unit=site.unit_id, status=EntryStatus.WAITING, patient__deceased_on__isnull=True)
    rows = rows.exclude(offers__status=OfferStatus.OPEN)
    return rows.select_related("visit_type__terms", "instead_of", "patient")


def read_fitting(
    entries: Sequence[WaitlistEntry], *, clinicians: Collection[UUID], site: Site, start: dt.datetime,
    end: dt.datetime, at: dt.datetime,
) -> Fitting:  # fmt: skip
    """For starts with these clinicians from `start` until `end`: three questions, and one for each privilege that a
    kind of visit asks for; however many wait."""
    if not entries:
        return Fitting(site, at, {}, {}, {})
    people = {as_resource(one.patient) for one in entries}
    first, last = start.date() - _DAY, end.date() + 2 * _DAY
    states = {_care(one, site)[1] for one in entries} - {""}
    privileges = {privilege for one in entries if (privilege := _privilege(one.visit_type)) is not None}
    return Fitting(
        site, at, _taken(people, start, end + _DAY), treating_spans(clinicians, states, start=first, end=last),
        {one: privilege_spans(clinicians, one, [site.unit_id], start=first, end=last) for one in privileges},
    )  # fmt: skip


def asked_of(people: Collection[UUID]) -> QuerySet[Any]:
    """What these people are being asked now, whichever of their linked records it names; `person` says who."""
    rows: QuerySet[Any] = SlotOffer.objects.unscoped(_LIST).filter(status=OfferStatus.OPEN)
    rows = rows.filter(Q(patient__in=people) | Q(patient__survivor__in=people))
    found: QuerySet[Any] = rows.annotate(person=Coalesce("patient__survivor", "patient"))
    return found


def try_lock(people: Iterable[UUID]) -> set[UUID]:
    """Those whom nobody else is about to ask; the others are not waited for. Freed at the end of the transaction."""
    by_key = {int.from_bytes(person.bytes[12:], signed=True): person for person in people}
    with planned_cursor() as cursor:
        cursor.execute(
            "select key from unnest(%s::int[]) as key where pg_try_advisory_xact_lock(%s::int, key)",
            [sorted(by_key), _ASKING],
        )
        return {by_key[key] for (key,) in cursor.fetchall()}


def _taken(people: Collection[UUID], start: dt.datetime, end: dt.datetime) -> Spells:
    found: dict[UUID, list[tuple[dt.datetime, dt.datetime, UUID | None]]] = defaultdict(list)
    for person, during in asked_of(people).values_list("person", "during"):
        found[person].append((during.lower, during.upper, None))
    visits = Allocation.objects.unscoped(_LIST).filter(
        resource_id__in=people, active=True, appointment__isnull=False, during__overlap=(start, end)
    )
    for person, during, visit in visits.values_list("resource_id", "during", "appointment_id"):
        found[person].append((during.lower, during.upper, visit))
    return found


def _care(entry: WaitlistEntry, site: Site) -> tuple[bool, str]:
    """Whether they are seen remotely, and the state in which they are then; empty when nobody knows."""
    later = entry.instead_of
    if (later.mode if later else entry.visit_type.modes[0]) == Mode.IN_PERSON:
        return False, site.state
    return True, (later.patient_state if later else "") or entry.patient.state


def _privilege(kind: VisitType) -> UUID | None:
    terms = getattr(kind, "terms", None)
    return terms.privilege_id if terms else None
