"""Complaints beside the numbers of visits: how many visits were followed by one of their patient."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from medguild.experience.feedback.models import Complaint
from medguild.experience.feedback.permissions import FeedbackRight
from medguild.foundation.kernel.actor import Actor
from medguild.operations.demand.ports import Aspect, VisitMeasure, visit_measures

WITHIN = dt.timedelta(days=14)


def _complained(actor: Actor, visits: QuerySet[Any], keys: Sequence[str]) -> Mapping[tuple[Any, ...], float]:
    after = Complaint.objects.visible_to(actor, FeedbackRight.READ).filter(
        patient_id=OuterRef("patient_id"), site_id=OuterRef("unit_id"), received_at__gt=OuterRef("start"),
        received_at__lt=OuterRef("start") + WITHIN,
    )  # fmt: skip
    found = visits.filter(Exists(after)).order_by().values_list(*keys).annotate(count=Count("pk"))
    return {tuple(key): count for *key, count in found}


COMPLAINTS = VisitMeasure(
    "feedback.complaints", _("Complaints within two weeks, per 1,000"), Aspect.EXPERIENCE, FeedbackRight.READ,
    _complained, per=1_000,
)  # fmt: skip
visit_measures.register(COMPLAINTS.key, COMPLAINTS)
