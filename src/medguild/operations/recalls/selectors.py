"""Questions about recalls: the list, one of them, the numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible
from medguild.operations.recalls.models import Recall, RecallContact, RecallRule
from medguild.operations.recalls.rules import OPEN, RecallStatus
from medguild.operations.scheduling.permissions import SchedulingRight

COMING = dt.timedelta(days=30)
OVERDUE = dt.timedelta(days=30)
LOOKED_BACK = dt.timedelta(days=90)


def recalls(actor: Actor, right: str = SchedulingRight.READ) -> QuerySet[Recall]:
    """Recalls that the actor may see, with what a list shows, the longest due first."""
    rows: QuerySet[Recall] = Recall.objects.visible_to(actor, right).select_related(
        "patient", "visit_type", "unit__site", "clinician__person"
    )
    return rows.order_by("due_on", "pk")


def recall(actor: Actor, recall_id: UUID, right: str = SchedulingRight.READ) -> Recall:
    """Raises NotVisible."""
    rows = recalls(actor, right).select_related("rule__after_type", "appointment__unit__site", "from_visit__unit__site")
    found: Recall | None = rows.filter(pk=recall_id).first()
    if found is None:
        raise NotVisible
    return found


def contacts_of(recall: Recall) -> list[RecallContact]:
    """What was tried for a recall that the caller may see, the newest first."""
    rows = RecallContact.objects.unscoped("the recall is visible").filter(recall=recall)
    return list(rows.order_by("-at", "-pk"))


def recalls_of(actor: Actor, patient_ids: Iterable[UUID]) -> list[Recall]:
    """What a person is due for, under all linked ids."""
    return list(recalls(actor).filter(patient__in=list(patient_ids), status__in=OPEN))


def recall_rules(actor: Actor) -> QuerySet[RecallRule]:
    """Rules in force at the actor's units."""
    rows: QuerySet[RecallRule] = RecallRule.objects.visible_to(actor).filter(active=True)
    return rows.select_related("unit", "after_type", "due_type").order_by("unit__name", "after_type__name", "months")


def recall_rule(actor: Actor, rule_id: UUID) -> RecallRule:
    """Raises NotVisible."""
    found: RecallRule | None = recall_rules(actor).filter(pk=rule_id).first()
    if found is None:
        raise NotVisible
    return found


# Each number with the condition that finds its rows; the list filters by the same.
def conditions(on: dt.date) -> dict[str, Q]:
    is_open = Q(status__in=OPEN)
    past = Q(due_on__gt=on - LOOKED_BACK, due_on__lte=on)
    return {
        "coming": is_open & Q(due_on__gt=on, due_on__lte=on + COMING),
        "due": is_open & Q(due_on__lte=on),
        "overdue": is_open & Q(due_on__lte=on - OVERDUE),
        "reached": past & ~Q(status=RecallStatus.CLOSED) & Q(contacted_at__isnull=False),
        "booked": past & Q(status=RecallStatus.BOOKED),
        "past": past & ~Q(status=RecallStatus.CLOSED),
    }


@dataclass(frozen=True, slots=True)
class Numbers:
    """Open recalls: due in the coming 30 days, due, due for 30 days or longer. Of those whose day lies in the last 90
    days (but those closed for a reason): how many, how many were reached, how many are booked."""

    coming: int = 0
    due: int = 0
    overdue: int = 0
    reached: int = 0
    booked: int = 0
    past: int = 0

    @property
    def booked_share(self) -> float | None:
        return round(100 * self.booked / self.past, 1) if self.past else None


def numbers(actor: Actor, *, on: dt.date, unit_id: UUID | None = None) -> Numbers:
    """One query over the recalls that the actor may see."""
    rows = Recall.objects.visible_to(actor)
    if unit_id is not None:
        rows = rows.filter(unit=unit_id)
    counts = {name: Count("pk", filter=condition) for name, condition in conditions(on).items()}
    found: dict[str, int] = rows.aggregate(**counts)
    return Numbers(**found)
