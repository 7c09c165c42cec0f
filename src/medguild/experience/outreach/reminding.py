"""Reminders whose time has come. Nothing is planned ahead: a visit that moves or falls away needs no clearing up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q, QuerySet

from medguild.experience.outreach.composing import moved_words, reminder_words
from medguild.experience.outreach.models import Notice, Reply
from medguild.experience.outreach.moved import after_attempt, call_if_too_late
from medguild.experience.outreach.repeating import to_repeat
from medguild.experience.outreach.rules import NoticeKind, NoticeStatus, Said, Words, due_lead
from medguild.experience.outreach.sending import MOST_ATTEMPTS, Draft, send, send_again
from medguild.experience.outreach.standards import terms_at
from medguild.experience.outreach.terms import own_leads
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date, now
from medguild.foundation.organization.models import Site
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.rules import AppointmentStatus, Mode
from medguild.operations.scheduling.week_rules import local_time
from medguild.patients.preferences.rules import Reach, is_quiet
from medguild.patients.preferences.selectors import reaches_of

HOUSE = Actor.job("outreach.remind")
MOST_AT_ONCE = 500
_LOOK = "the house reminds its patients"
_WORDS = {NoticeKind.REMINDER: reminder_words, NoticeKind.MOVED: moved_words}


def remind(*, at: dt.datetime | None = None) -> int:
    """Send what is due at each site whose people may be written to now; returns how many were sent or withheld."""
    moment = at or now()
    own: dict[dt.date, Mapping[UUID, Sequence[int]]] = {}  # sites have one of two days
    count = 0
    for site in Site.objects.select_related("unit").order_by("pk"):
        day = local_date(moment, site.time_zone)
        if day not in own:
            own[day] = own_leads(on=day)
        count += _remind_at(site, own[day], moment)
    return count


def _remind_at(site: Site, own: Mapping[UUID, Sequence[int]], moment: dt.datetime) -> int:
    terms = terms_at(site.unit_id)
    minute = minute_at(site.time_zone, moment)
    leads = Leads(terms.leads, own)
    if not leads.longest or is_quiet(minute, terms.quiet_from, terms.quiet_to):
        return 0
    count = 0
    for visit, lead, reach in _due(site, leads, moment):
        if not rests(reach, minute):
            count += send(draft=_draft(visit, lead), by=HOUSE, at=moment) is not None
    return count


@dataclass(frozen=True, slots=True)
class Leads:
    """Hours before a visit, the longest first: the site's, and those of kinds of visits that have their own."""

    usual: Sequence[int]
    own: Mapping[UUID, Sequence[int]]

    @property
    def longest(self) -> int:
        return max([*self.usual, *(lead for leads in self.own.values() for lead in leads)], default=0)

    def of(self, visit_type_id: UUID) -> Sequence[int]:
        return self.own.get(visit_type_id, self.usual)

    def reached(self, moment: dt.datetime) -> Q:
        """Visits that the first reminder of their kind has come for: of most of them the shorter window suffices."""

        def within(leads: Sequence[int]) -> Q:
            return Q(start__lte=moment + dt.timedelta(hours=max(leads, default=0)))

        kinds = [within(leads) & Q(visit_type=kind) for kind, leads in self.own.items()]
        return reduce(or_, kinds, within(self.usual) & ~Q(visit_type__in=list(self.own)))


def _due(site: Site, leads: Leads, moment: dt.datetime) -> Iterator[tuple[Appointment, int, Reach]]:
    """Visits whose reminder is due and was not sent for this time of the visit."""
    longest = dt.timedelta(hours=leads.longest)
    visits = list(
        Appointment.objects.unscoped(_LOOK)
        .filter(unit=site.unit_id, start__gt=moment, start__lte=moment + longest, status=AppointmentStatus.BOOKED)
        .filter(leads.reached(moment))
        .exclude(mode=Mode.E_CONSULT)  # nobody has to come
        .select_related("patient", "unit__site")
        .order_by("start")
    )
    wanted = {visit.pk: lead for visit in visits if (lead := _lead(visit, leads, moment)) is not None}
    told = set(Notice.objects.unscoped(_LOOK).filter(appointment__in=wanted).values_list("source", flat=True))
    sure = set(
        Reply.objects.unscoped(_LOOK)
        .filter(appointment__in=wanted, said=Said.YES)
        .values_list("appointment", flat=True)
    )
    left = [one for one in visits if one.pk in wanted and _source(one, wanted[one.pk]) not in told]
    reaches = reaches_of({visit.patient_id for visit in left})
    for visit in left[:MOST_AT_ONCE]:
        if visit.pk not in sure:
            yield visit, wanted[visit.pk], reaches.get(visit.patient_id, Reach())


def rests(reach: Reach, minute: int) -> bool:
    """In quiet hours of their own."""
    if reach.quiet_from is None or reach.quiet_to is None:
        return False
    return is_quiet(minute, reach.quiet_from, reach.quiet_to)


def _lead(visit: Appointment, leads: Leads, moment: dt.datetime) -> int | None:
    return due_lead(leads.of(visit.visit_type_id), start=visit.start, booked_at=visit.booked_at, at=moment)


def _source(visit: Appointment, lead: int) -> str:
    """A visit that is moved is another time to be reminded of."""
    return f"reminder:{visit.pk}:{int(visit.start.timestamp())}:{lead}"


def _draft(visit: Appointment, lead: int) -> Draft:
    return Draft(
        visit.patient, visit.unit, NoticeKind.REMINDER, _source(visit, lead), reminder_words(visit), visit
    )  # fmt: skip


def repeat_failed(*, at: dt.datetime | None = None) -> int:
    """Try again what failed, while the visit is still to come; each waits longer than the one before."""
    moment = at or now()
    rows = Notice.objects.unscoped(_LOOK).filter(
        status=NoticeStatus.FAILED, attempts__lt=MOST_ATTEMPTS, kind__in=list(_WORDS), appointment__start__gt=moment,
        appointment__status=AppointmentStatus.BOOKED,
    )  # fmt: skip
    return repeat(rows, _WORDS, by=HOUSE, at=moment)


def repeat(
    failed: QuerySet[Notice], words: Mapping[NoticeKind, Callable[[Appointment], Words]], *, by: Actor, at: dt.datetime
) -> int:
    """Another attempt for each message about a visit whose time to try again has come; returns how many."""
    count = 0
    for notice, when in to_repeat(failed.select_related("appointment__unit__site", "appointment__patient"), at=at):
        visit, kind = notice.appointment, NoticeKind(notice.kind)
        if visit is None:
            continue
        if when != at:
            if kind == NoticeKind.MOVED:
                call_if_too_late(visit, when)
            continue
        draft = Draft(visit.patient, visit.unit, kind, notice.source, words[kind](visit), visit)
        sent = send_again(notice=notice, draft=draft, by=by, at=at)
        if kind == NoticeKind.MOVED:
            after_attempt(sent, visit)
        count += 1
    return count


def minute_at(zone: str, moment: dt.datetime) -> int:
    wall = local_time(zone, int(moment.timestamp()) // 60)
    return wall.hour * 60 + wall.minute
