"""What patients say beside the numbers of visits: complaints that came after them, and how they were judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medguild.experience.feedback.models import Complaint, VisitRating
from medguild.experience.feedback.permissions import FeedbackRight
from medguild.experience.feedback.selectors import after_visits, last_visit
from medguild.foundation.kernel.actor import Actor
from medguild.operations.demand.ports import Aspect, VisitMeasure, visit_measures

Told = Mapping[tuple[Any, ...], float]


def _complaints(actor: Actor, visits: QuerySet[Any], keys: Sequence[str]) -> Told:
    """Complaints of their patients about their site that came within two weeks, each for the last visit before it."""
    rows = after_visits(Complaint.objects.visible_to(actor, FeedbackRight.READ), visits)
    named = {f"visit_{number}": last_visit(key) for number, key in enumerate(keys)}
    found = rows.order_by().annotate(**named).values_list(*named).annotate(count=Count("pk"))
    return {tuple(key): count for *key, count in found}


def _ratings(actor: Actor, visits: QuerySet[Any], keys: Sequence[str]) -> QuerySet[Any]:
    rows = VisitRating.objects.visible_to(actor, FeedbackRight.READ).order_by()
    return rows.filter(appointment__in=visits.order_by().values("pk")).values_list(
        *(f"appointment__{key}" for key in keys)
    )


def _scores(actor: Actor, visits: QuerySet[Any], keys: Sequence[str]) -> Told:
    return {tuple(key): total for *key, total in _ratings(actor, visits, keys).annotate(total=Sum("score"))}


def _answers(actor: Actor, visits: QuerySet[Any], keys: Sequence[str]) -> Told:
    return {tuple(key): count for *key, count in _ratings(actor, visits, keys).annotate(count=Count("pk"))}


def _after(asked: Mapping[str, str]) -> str:
    """The complaints that came after these visits."""
    days = {"day_from": "after_from", "day_to": "after_to", "site": "visited"}
    query = {days.get(name, name): value for name, value in asked.items()}
    return f"{reverse('feedback:list')}?{urlencode(query)}"


def _rated(asked: Mapping[str, str]) -> str:
    return f"{reverse('feedback:ratings')}?{urlencode(asked)}"


COMPLAINTS = VisitMeasure(
    "feedback.complaints", _("Complaints within two weeks, per 1,000"), Aspect.EXPERIENCE, FeedbackRight.READ,
    _complaints, _after, per=1_000,
)  # fmt: skip
RATING = VisitMeasure(
    "feedback.rating", _("Rated 0 to 10 (answers)"), Aspect.EXPERIENCE, FeedbackRight.READ, _scores, _rated,
    of=_answers, less_is_better=False,
)  # fmt: skip
for _measure in (RATING, COMPLAINTS):
    visit_measures.register(_measure.key, _measure)
