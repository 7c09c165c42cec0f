"""What is late climbs: to the backup, then to the manager of the unit. Running twice changes nothing."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy

from medguild.foundation.access.rules import Role
from medguild.foundation.events.ports import declare_event
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.organization.local_time import day_at
from medguild.foundation.standards.resolution import StandardContext, remembered, resolve
from medguild.foundation.work.models import Handoff, WorkItem
from medguild.foundation.work.ports import work_types
from medguild.foundation.work.presets import ESCALATION_STEP
from medguild.foundation.work.routing import first_held
from medguild.foundation.work.rules import LIVE, Escalation, HandoffStatus, next_escalation
from medguild.foundation.work.services import tell
from medguild.foundation.work.timing import due_after

ESCALATED = declare_event("work.escalated", gettext_lazy("Work climbed because it is late"), icon="arrow-up")
HANDOFF_LATE = declare_event("work.handover_late", gettext_lazy("Hand-off not accepted in time"), icon="alert-triangle")

# Who is told last: the manager of the unit; where nobody holds that role, whoever leads the place.
MANAGERS = (Role.PRACTICE_MANAGER, Role.PHYSICIAN_OWNER, Role.ADMINISTRATOR)
_BATCH = 200
_HOUSE = "the clock runs for everybody"


def escalate_overdue(*, by: Actor, at: dt.datetime | None = None) -> int:
    """Let every late item and unanswered hand-off climb one step; returns how many climbed."""
    moment = at or now()
    with remembered():
        climbed = _each(_late_items, _climb_item, moment, by)
        return climbed + _each(_late_handoffs, _climb_handoff, moment, by)


def _each(find, act, moment: dt.datetime, by: Actor) -> int:  # type: ignore[no-untyped-def]
    """One short transaction per row, so that one row in trouble does not hold up the others."""
    ids: list[UUID] = find(moment)
    return sum(act(row_id, moment, by) for row_id in ids)


def _late_items(moment: dt.datetime) -> list[UUID]:
    late = WorkItem.objects.unscoped(_HOUSE).filter(status__in=sorted(LIVE), escalates_at__lte=moment)
    return list(late.order_by("escalates_at").values_list("pk", flat=True)[:_BATCH])


def _late_handoffs(moment: dt.datetime) -> list[UUID]:
    late = Handoff.objects.unscoped(_HOUSE).filter(
        status=HandoffStatus.PENDING, due_at__lte=moment, escalated_at__isnull=True
    )
    return list(late.order_by("due_at").values_list("pk", flat=True)[:_BATCH])


@transaction.atomic
def _climb_item(item_id: UUID, moment: dt.datetime, by: Actor) -> bool:
    item = (
        WorkItem.objects.unscoped(_HOUSE)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("duty")
        .filter(pk=item_id, status__in=sorted(LIVE), escalates_at__lte=moment)
        .first()
    )
    return item is not None and climb(item, moment, by)


@transaction.atomic
def _climb_handoff(handoff_id: UUID, moment: dt.datetime, by: Actor) -> bool:
    handoffs = Handoff.objects.unscoped(_HOUSE).filter(pk=handoff_id, escalated_at__isnull=True)
    item = (
        WorkItem.objects.unscoped(_HOUSE)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("duty")
        .filter(pk__in=handoffs.values("item_id"))
        .first()
    )
    # The item is locked before its hand-off, as everywhere; only then is the hand-off's state certain.
    handoff = handoffs.select_for_update(of=("self",)).filter(status=HandoffStatus.PENDING).first() if item else None
    if item is None or handoff is None:
        return False
    handoff.escalated_at = moment
    handoff.save(update_fields=["escalated_at"])
    tell(HANDOFF_LATE, item, by, handoff_id=handoff.pk)
    climb(item, moment, by)
    return True


def climb(item: WorkItem, moment: dt.datetime, by: Actor) -> bool:
    """One step up for a locked item; at the top its clock stops. Returns whether it climbed."""
    duty = item.duty
    backed = bool(duty.backup_role or duty.backup_user_id)
    level = next_escalation(Escalation(item.escalation), has_backup=backed)
    if level is None:
        item.escalates_at = None
        item.save(update_fields=["escalates_at"])
        return False
    day = day_at(item.unit_id, moment)
    if level == Escalation.BACKUP:
        item.escalated_role, item.escalated_user_id = duty.backup_role, duty.backup_user_id
        item.escalates_at = due_after(
            work_types.get(item.work_type), _step(item, day), unit_id=item.unit_id, specialty=item.specialty,
            start=moment,
        )  # fmt: skip
    else:
        managers = first_held(MANAGERS, item.unit_id, on=day) or MANAGERS[0]
        item.escalated_role, item.escalated_user_id, item.escalates_at = managers, None, None
    item.escalation = level
    item.save(update_fields=["escalation", "escalated_role", "escalated_user", "escalates_at"])
    tell(ESCALATED, item, by, level=int(level), role=item.escalated_role, user_id=item.escalated_user_id)
    return True


def _step(item: WorkItem, on: dt.date) -> dt.timedelta:
    value = resolve(ESCALATION_STEP, StandardContext(unit_id=item.unit_id, specialty=item.specialty, on=on)).value
    if not isinstance(value, dt.timedelta):
        raise TypeError(ESCALATION_STEP)
    return value
