"""Statuses, priorities, escalation and roles of work in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.kernel.clock import now
from medguild.foundation.standards.display import role_word
from medguild.foundation.ui.rules import minutes_between, short_wait
from medguild.foundation.work.models import Duty, Handoff, WorkItem
from medguild.foundation.work.rules import LIVE, Escalation, HandoffStatus, Health, ItemStatus, Priority

STATUS_WORDS: Mapping[str, Promise] = {
    ItemStatus.OPEN: gettext_lazy("Open"),
    ItemStatus.ACCEPTED: gettext_lazy("Taken"),
    ItemStatus.IN_PROGRESS: gettext_lazy("In progress"),
    ItemStatus.DONE: gettext_lazy("Done"),
    ItemStatus.CANCELLED: gettext_lazy("Cancelled"),
}
STATUS_TONES: Mapping[str, str] = {
    ItemStatus.OPEN: "info",
    ItemStatus.ACCEPTED: "busy",
    ItemStatus.IN_PROGRESS: "busy",
    ItemStatus.DONE: "ok",
    ItemStatus.CANCELLED: "neutral",
}
HANDOFF_WORDS: Mapping[str, Promise] = {
    HandoffStatus.PENDING: gettext_lazy("Waits for an answer"),
    HandoffStatus.ACCEPTED: gettext_lazy("Accepted"),
    HandoffStatus.DECLINED: gettext_lazy("Declined"),
    HandoffStatus.WITHDRAWN: gettext_lazy("Withdrawn"),
}
HANDOFF_TONES: Mapping[str, str] = {
    HandoffStatus.PENDING: "info",
    HandoffStatus.ACCEPTED: "ok",
    HandoffStatus.DECLINED: "bad",
    HandoffStatus.WITHDRAWN: "neutral",
}
PRIORITY_WORDS: Mapping[int, Promise] = {
    Priority.LOW: gettext_lazy("Low"),
    Priority.NORMAL: gettext_lazy("Normal"),
    Priority.HIGH: gettext_lazy("High"),
    Priority.URGENT: gettext_lazy("Urgent"),
}
ESCALATION_WORDS: Mapping[int, Promise] = {
    Escalation.BACKUP: gettext_lazy("With the backup"),
    Escalation.MANAGER: gettext_lazy("With the manager"),
}
HEALTH_WORDS: Mapping[str, Promise] = {
    Health.OWNED: gettext_lazy("Owned"),
    Health.NO_BACKUP: gettext_lazy("No backup"),
    Health.VACANT: gettext_lazy("Nobody holds the role"),
    Health.MISSING: gettext_lazy("No owner"),
}
HEALTH_TONES: Mapping[str, str] = {
    Health.OWNED: "ok",
    Health.NO_BACKUP: "warn",
    Health.VACANT: "bad",
    Health.MISSING: "bad",
}
_SOON = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Clock:
    """How the time stands: words and tone."""

    text: str
    tone: str


def clock(item: WorkItem, at: dt.datetime | None = None) -> Clock:
    """`late 2 h 05` in red, `in 40 min` in amber within the last hour, plain else; closed items have no clock."""
    moment = at or now()
    if item.status not in LIVE:
        return Clock("", "neutral")
    if moment >= item.due_at:
        late = short_wait(minutes_between(item.due_at, moment))
        return Clock(_("late %(time)s") % {"time": late}, "bad")
    left = short_wait(minutes_between(moment, item.due_at))
    return Clock(_("in %(time)s") % {"time": left}, "warn" if item.due_at - moment <= _SOON else "neutral")


def owner_of(item: WorkItem) -> str:
    """The person who has it, or the role or person who answers for it."""
    return item.assignee.label() if item.assignee else accountable(item.duty)


def accountable(duty: Duty) -> str:
    return duty.user.label() if duty.user else role_word(duty.role)


def backup(duty: Duty) -> str:
    return duty.backup_user.label() if duty.backup_user else role_word(duty.backup_role)


def receiver(handoff: Handoff) -> str:
    return handoff.to_user.label() if handoff.to_user else role_word(handoff.to_role)
