"""Judgements of visits over the API."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from medguild.experience.feedback import selectors
from medguild.experience.feedback.models import VisitRating
from medguild.experience.feedback.permissions import FeedbackRight
from medguild.foundation.access.api import TokenAuth, actor_of, show
from medguild.operations.scheduling.api_schemas import PageQuery

router = Router(tags=["feedback"])


class RatingOut(Schema):
    """What a patient said of a visit, from 0 (worst) to 10 (best); `date` is the visit's day at the site."""

    appointment: UUID
    patient: UUID
    visit_type: UUID
    site: UUID
    clinician: UUID
    date: dt.date
    score: int
    rated_at: dt.datetime


class RatingsOut(Schema):
    count: int
    ratings: list[RatingOut]


class RatingQuery(PageQuery):
    """Days of the visits, at their sites; `end` is not included."""

    site: UUID | None = None
    clinician: UUID | None = None
    patient: UUID | None = None
    start: dt.date | None = None
    end: dt.date | None = None

    def filters(self) -> dict[str, object]:
        asked = {
            "appointment__unit": self.site, "appointment__clinician": self.clinician,
            "appointment__patient": self.patient, "local_day__gte": self.start, "local_day__lt": self.end,
        }  # fmt: skip
        return {name: value for name, value in asked.items() if value is not None}


@router.get("/ratings", auth=TokenAuth(FeedbackRight.READ), response={200: RatingsOut})
def ratings(request: HttpRequest, query: Query[RatingQuery]) -> HttpResponse:
    """What patients said of their visits, the newest visit first; the last word of each counts."""
    rows = selectors.ratings(actor_of(request)).filter(**query.filters())
    found = list(rows[query.offset : query.offset + query.limit])
    body = {"count": rows.count(), "ratings": [_rating(one) for one in found]}
    return show(request, body, patients=[one.appointment.patient_id for one in found])


def _rating(row: VisitRating) -> dict[str, object]:
    visit = row.appointment
    return {
        "appointment": visit.pk,
        "patient": visit.patient_id,
        "visit_type": visit.visit_type_id,
        "site": visit.unit_id,
        "clinician": visit.clinician_id,
        "date": row.local_day,  # type: ignore[attr-defined]
        "score": row.score,
        "rated_at": row.rated_at,
    }
