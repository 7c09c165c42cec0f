"""How a visit was, asked of the patient in one question."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.experience.feedback.models import VisitRating
from medguild.experience.feedback.rules import BEST, RATED_WITHIN
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Refusal
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.rules import AppointmentStatus
from medguild.operations.scheduling.services import subject_of

RATED = declare_event("visit.rated", gettext_lazy("Visit judged by the patient"), icon="message")
_OWN = "the visit is the one of who judges it"


def may_be_rated(visit: Appointment, *, at: dt.datetime) -> bool:
    """For a month after a visit that took place."""
    return visit.status == AppointmentStatus.FULFILLED and visit.end <= at < visit.end + RATED_WITHIN


def rating_of(visit: Appointment) -> str:
    """What was said of it; empty for nothing."""
    return str(scores_of([visit]).get(visit.pk, ""))


def scores_of(visits: Iterable[Appointment]) -> dict[UUID, int]:
    """What was said of each, where something was."""
    rows = VisitRating.objects.unscoped(_OWN).filter(appointment__in=list(visits))
    return dict(rows.values_list("appointment_id", "score"))


@transaction.atomic
def rate_visit(*, visit: Appointment, score: int, by: Actor, at: dt.datetime | None = None) -> VisitRating:
    """Keep the judgement, in place of an earlier one. What was said stays out of the log. Raises Refusal."""
    moment = at or now()
    if not may_be_rated(visit, at=moment):
        raise Refusal(
            _("This visit cannot be judged any more. Call us and tell us what you think."), code="not_rateable"
        )
    if not 0 <= score <= BEST:
        raise Refusal(_("Choose a number from 0 to 10."), field="score")
    rating: VisitRating
    rating, _made = VisitRating.objects.unscoped(_OWN).update_or_create(
        appointment=visit, defaults={"score": score, "rated_at": moment}
    )
    record(RATED, subject=subject_of(visit), by=by, patient_id=visit.patient_id, unit_id=visit.unit_id)
    return rating
