"""A delivery that can never succeed is set aside: with a reason, by somebody, and kept in the log for good."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.models import Delivery, Event
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.rules import DeliveryStatus
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Conflict, Refusal

SET_ASIDE = declare_event("delivery.set_aside", gettext_lazy("Failed step set aside"), icon="archive", hidden=True)
LONGEST_REASON = 300


@transaction.atomic
def set_aside(*, delivery_id: UUID, reason: str, by: Actor) -> None:
    """Give a failed step up: what waits behind it goes on. The step itself was never done; the event says so.

    Raises Refusal (`reason`) without words, Conflict where the step is not failed (any more).
    """
    words = " ".join(reason.split())
    if not words or len(words) > LONGEST_REASON:
        raise Refusal(_("Write why, in at most 300 characters."), code="reason", field="reason")
    failed = Delivery.objects.select_for_update().filter(pk=delivery_id, status=DeliveryStatus.FAILED).first()
    if failed is None:
        raise Conflict(_("It is not failed any more."), code="not_failed")
    # Over for the dispatcher: later steps of the same record need not wait for it.
    failed.status, failed.done_at = DeliveryStatus.DONE, now()
    failed.save(update_fields=["status", "done_at"])
    event = Event.objects.unscoped("its type and time tell nothing of patients").filter(pk=failed.event_id).first()
    record(
        SET_ASIDE,
        subject=SubjectRef("delivery", failed.pk, failed.subscriber),
        by=by,
        data={
            "reason": words, "subscriber": failed.subscriber, "error": failed.error, "event_id": failed.event_id,
            "after": event.type if event else "",
        },
    )  # fmt: skip


def steps_set_aside() -> QuerySet[Event]:
    """Steps that were given up, the latest first. They outlive their deliveries, which are forgotten after a while."""
    rows = Event.objects.unscoped("steps belong to no unit; the caller manages work of the whole house")
    return rows.filter(type=SET_ASIDE).order_by("-occurred_at")


def set_aside_event(delivery_id: UUID) -> Event | None:
    return steps_set_aside().filter(subject_type="delivery", subject_id=delivery_id).first()
