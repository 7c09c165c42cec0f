"""Questions about calendars to subscribe to, and what stands in them."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import QuerySet

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.organization.people import Clinician
from medguild.operations.feeds.models import CalendarFeed
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.rules import HOLDING
from medguild.patients.identity.models import Patient
from medguild.patients.identity.selectors import alias_ids

BACK, AHEAD = dt.timedelta(days=30), dt.timedelta(days=180)
MOST_EVENTS = 3_000
_OWN = "one's own calendars, by who made them"


def clinician_behind(actor: Actor) -> Clinician | None:
    """The clinician behind a login; None for everybody else."""
    if actor.id is None:
        return None
    return Clinician.objects.select_related("person").filter(person__user=actor.id).first()


def own_feeds(
    actor: Actor, *, clinician: Clinician | None = None, patient: Patient | None = None
) -> list[CalendarFeed]:
    """Live calendars of this clinician or patient that the actor made, the newest first."""
    rows = CalendarFeed.objects.unscoped(_OWN).filter(
        made_by_id=actor.id, clinician=clinician, patient=patient, revoked_at__isnull=True
    )
    return list(rows.order_by("-made_at"))


def own_feed(actor: Actor, feed_id: UUID) -> CalendarFeed:
    """One that the actor made. Raises NotVisible."""
    found: CalendarFeed | None = CalendarFeed.objects.unscoped(_OWN).filter(pk=feed_id, made_by_id=actor.id).first()
    if found is None or actor.id is None:
        raise NotVisible
    return found


def visits_in(feed: CalendarFeed, *, at: dt.datetime) -> list[Appointment]:
    """Visits of a calendar: 30 days back, half a year ahead; those given up are left out."""
    rows: QuerySet[Appointment] = Appointment.objects.unscoped("the calendar is its owner's").filter(
        status__in=HOLDING, start__gt=at - BACK, start__lt=at + AHEAD
    )
    if feed.clinician_id is not None:
        rows = rows.filter(clinician=feed.clinician_id)
    elif feed.patient_id is not None:
        rows = rows.filter(patient__in=alias_ids(feed.patient_id))
    return list(rows.select_related("unit__site").order_by("start")[:MOST_EVENTS])
