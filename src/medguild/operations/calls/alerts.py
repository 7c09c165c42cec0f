"""Callers who wait too long: told while it lasts, kept as a failure of management until it is explained."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.access.demand import demand
from medguild.foundation.access.rules import Role
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Conflict, Refusal
from medguild.foundation.work.ports import declare_work_type
from medguild.foundation.work.rules import Priority
from medguild.foundation.work.services import need_item, settle
from medguild.operations.calls.hold_rules import CALM_AFTER, JUDGED, AlertCause, breach
from medguild.operations.calls.models import Call, HoldAlert, TelephoneQueue
from medguild.operations.calls.permissions import CallsRight
from medguild.operations.calls.rules import Direction
from medguild.operations.calls.standards import hold_limit

BEGAN = declare_event("calls.hold_alert", gettext_lazy("Callers wait too long"), icon="phone-off")
ENDED = declare_event("calls.hold_calm", gettext_lazy("Callers wait no longer than they should"), icon="phone")
EXPLAINED = declare_event("calls.hold_explained", gettext_lazy("Long waits explained"), icon="message-report")
HOLD_ALERT = declare_work_type(
    "calls.hold_alert",
    gettext_lazy("Callers wait too long: explain"),
    role=Role.PRACTICE_MANAGER,
    backup_role=Role.PHYSICIAN_OWNER,
    due=dt.timedelta(hours=4),
    subject_types=("hold_alert",),
    right=CallsRight.READ,
    icon="phone-off",
)
_ONE = "one alert of a site at a time, whoever tells of it"


class ExplainedAlready(Conflict):
    """Somebody has explained this alert."""

    code = "explained_already"


@transaction.atomic
def report_queue(
    *, site_id: UUID, waiting: int, longest_seconds: int, by: Actor, at: dt.datetime | None = None
) -> TelephoneQueue:
    """What the telephone system says of this moment; older news than what is known changes nothing.

    Raises NotAllowed, Refusal.
    """
    demand(by, CallsRight.LOG, site_id)
    if not waiting and longest_seconds:
        raise Refusal(_("Nobody waits, so nobody waits for long."), code="queue_empty", field="longest_seconds")
    moment = at or now()
    TelephoneQueue.objects.get_or_create(site_id=site_id, defaults={"told_at": moment})
    held: TelephoneQueue = TelephoneQueue.objects.select_for_update().get(site_id=site_id)
    if held.told_at > moment:
        return held
    held.waiting, held.longest_seconds, held.told_at = waiting, longest_seconds, moment
    held.save(update_fields=["waiting", "longest_seconds", "told_at"])
    _judge(site_id, longest_seconds, by=by, at=moment)
    return held


def judge_call(call: Call, *, by: Actor, at: dt.datetime) -> None:
    """A call that has just ended, after a wait or a hold over the limit. Older ones come from files of the past."""
    if call.direction == Direction.INBOUND and at - call.ended_at <= JUDGED:
        _judge(call.site_id, max(call.wait_seconds, call.hold_seconds), by=by, at=call.ended_at)


@transaction.atomic
def _judge(site_id: UUID, seconds: int, *, by: Actor, at: dt.datetime) -> None:
    limit = hold_limit(site_id)
    if not breach(seconds, limit):
        return
    rows = HoldAlert.objects.unscoped(_ONE)
    alert, made = rows.get_or_create(
        site_id=site_id, ended_at=None,
        defaults={"began_at": at, "last_at": at, "limit_seconds": limit, "worst_seconds": seconds},
    )  # fmt: skip
    if made:
        _begin(alert, by, at)
        return
    held = rows.select_for_update().get(pk=alert.pk)
    held.last_at, held.worst_seconds = max(held.last_at, at), max(held.worst_seconds, seconds)
    held.breaches += 1
    held.save(update_fields=["last_at", "worst_seconds", "breaches"])


def _begin(alert: HoldAlert, by: Actor, at: dt.datetime) -> None:
    _tell(BEGAN, alert, by)
    need_item(
        work_type=HOLD_ALERT, unit_id=alert.site_id, source=_source(alert), by=by, priority=Priority.HIGH,
        subject=SubjectRef("hold_alert", alert.pk), at=at,
    )  # fmt: skip


@transaction.atomic
def end_calm_alerts(*, by: Actor, at: dt.datetime | None = None) -> int:
    """Close alerts without a breach in the last quarter of an hour; returns how many."""
    moment = at or now()
    rows = HoldAlert.objects.unscoped(_ONE).filter(ended_at__isnull=True, last_at__lte=moment - CALM_AFTER)
    calm = list(rows.select_for_update(skip_locked=True).order_by("pk"))
    for alert in calm:
        alert.ended_at = moment
        alert.save(update_fields=["ended_at"])
        _tell(ENDED, alert, by)
    return len(calm)


@transaction.atomic
def explain_alert(
    *, alert: HoldAlert, cause: AlertCause, explanation: str, by: Actor, at: dt.datetime | None = None
) -> HoldAlert:
    """Say why callers waited; it closes the work, not the alert. Raises NotAllowed, ExplainedAlready, Refusal."""
    demand(by, CallsRight.EXPLAIN, alert.site_id)
    held: HoldAlert = HoldAlert.objects.unscoped(_ONE).select_for_update().get(pk=alert.pk)
    if held.explained_at is not None:
        raise ExplainedAlready(_("This has been explained already. Look at it again."))
    if cause is AlertCause.OTHER and not explanation.strip():
        raise Refusal(_("Say in a few words what the cause was."), field="explanation")
    moment = at or now()
    held.cause, held.explanation, held.explained_at = cause, explanation.strip(), moment
    held.explained_by_label = by.label
    held.save(update_fields=["cause", "explanation", "explained_at", "explained_by_label"])
    settle(source=_source(held), outcome=str(cause), by=by, at=moment)
    _tell(EXPLAINED, held, by, cause=cause)
    return held


def _source(alert: HoldAlert) -> str:
    return f"hold_alert:{alert.pk}"


def _tell(event: str, alert: HoldAlert, by: Actor, **data: object) -> None:
    record(
        event, subject=SubjectRef("hold_alert", alert.pk, ""), by=by, unit_id=alert.site_id,
        data={"worst_seconds": alert.worst_seconds, "limit_seconds": alert.limit_seconds, **data},
    )  # fmt: skip
