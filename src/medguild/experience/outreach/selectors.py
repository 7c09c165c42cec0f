"""Questions about messages and answers."""

from __future__ import annotations

from django.db.models import QuerySet

from medguild.experience.outreach.models import Notice, Reply
from medguild.foundation.kernel.actor import Actor
from medguild.operations.scheduling.models import Appointment


def notices(actor: Actor) -> QuerySet[Notice]:
    """Messages of the actor's sites, the newest first."""
    rows: QuerySet[Notice] = Notice.objects.visible_to(actor).select_related("patient", "unit__site", "appointment")
    return rows.order_by("-sent_at", "-pk")


def last_answer(visit: Appointment) -> str | None:
    """What the patient said last of a visit that the caller may see: `yes`, `no`, or None."""
    rows = Reply.objects.unscoped("the visit is visible").filter(appointment=visit).order_by("-at")
    found: str | None = rows.values_list("said", flat=True).first()
    return found
