"""After a visit one question goes out, by the way that the patient wants: how it was. Once for a visit, and for a
patient at most once in the days that the standard of the site says."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from medguild.experience.feedback.models import VisitRating
from medguild.experience.outreach.composing import rating_words
from medguild.experience.outreach.models import Notice
from medguild.experience.outreach.reminding import MOST_AT_ONCE, minute_at, repeat, rests
from medguild.experience.outreach.rules import ASKED_WITHIN, NoticeKind, NoticeStatus
from medguild.experience.outreach.sending import MOST_ATTEMPTS, Draft, send
from medguild.experience.outreach.standards import RATING_DAYS
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.organization.models import Site
from medguild.foundation.standards.numbers import number
from medguild.foundation.standards.resolution import StandardContext
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.rules import AppointmentStatus, Mode
from medguild.patients.preferences.rules import Reach, is_quiet
from medguild.patients.preferences.selectors import reaches_of
from medguild.patients.preferences.standards import quiet_at

HOUSE = Actor.job("outreach.afterwards")
_LOOK = "the house asks its patients how their visits were"


def ask_how_it_was(*, at: dt.datetime | None = None) -> int:
    """Ask at each site whose people may be written to now; returns how many questions were sent or withheld."""
    moment = at or now()
    return sum(_ask_at(site, moment) for site in Site.objects.select_related("unit").order_by("pk"))


def _ask_at(site: Site, moment: dt.datetime) -> int:
    days = number(RATING_DAYS, StandardContext(unit_id=site.unit_id))
    minute = minute_at(site.time_zone, moment)
    if not days or is_quiet(minute, *quiet_at(site.unit_id)):
        return 0
    visits = list(_to_ask(site, dt.timedelta(days=days), moment)[:MOST_AT_ONCE])
    reaches = reaches_of({visit.patient_id for visit in visits})
    asked: set[UUID] = set()
    for visit in visits:  # of a day with several visits one is asked about
        if visit.patient_id not in asked and not rests(reaches.get(visit.patient_id, Reach()), minute):
            send(draft=_draft(visit), by=HOUSE, at=moment)
            asked.add(visit.patient_id)
    return len(asked)


def _to_ask(site: Site, rest: dt.timedelta, moment: dt.datetime) -> QuerySet[Appointment]:
    """Visits of the last days that took place, the latest first, that nobody asked about, of patients whom nobody asked
    within the time of rest."""
    asked = Notice.objects.unscoped(_LOOK).filter(
        Q(patient=OuterRef("patient"), sent_at__gt=moment - rest) | Q(appointment=OuterRef("pk")),
        kind=NoticeKind.RATING,
    )  # fmt: skip
    rated = VisitRating.objects.unscoped(_LOOK).filter(appointment=OuterRef("pk"))
    rows: QuerySet[Appointment] = Appointment.objects.unscoped(_LOOK).filter(
        unit=site.unit_id, status=AppointmentStatus.FULFILLED, start__gt=moment - ASKED_WITHIN, end__lte=moment,
        patient__deceased_on__isnull=True,
    )  # fmt: skip
    rows = rows.exclude(mode=Mode.E_CONSULT).exclude(Exists(asked)).exclude(Exists(rated))
    return rows.select_related("patient", "unit__site").order_by("-start")


def _draft(visit: Appointment) -> Draft:
    source = f"rating:{visit.pk}"
    return Draft(visit.patient, visit.unit, NoticeKind.RATING, source, rating_words(visit), visit)


def repeat_failed_questions(*, at: dt.datetime | None = None) -> int:
    """Try again what failed, as long as the question is fresh; each waits longer than the one before."""
    moment = at or now()
    failed = Notice.objects.unscoped(_LOOK).filter(
        kind=NoticeKind.RATING, status=NoticeStatus.FAILED, attempts__lt=MOST_ATTEMPTS,
        appointment__start__gt=moment - ASKED_WITHIN, appointment__status=AppointmentStatus.FULFILLED,
    )  # fmt: skip
    return repeat(failed, {NoticeKind.RATING: rating_words}, by=HOUSE, at=moment)
