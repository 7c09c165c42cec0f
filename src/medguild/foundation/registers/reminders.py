"""A due review or a passed deadline becomes work for the entry's owner, once."""

from __future__ import annotations

import datetime as dt

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.registers.models import RegisterEntry
from medguild.foundation.registers.ports import Register, registers
from medguild.foundation.registers.rules import review_due
from medguild.foundation.registers.selectors import to_remind
from medguild.foundation.registers.services import deadline_source, review_source
from medguild.foundation.work.acts import reassign
from medguild.foundation.work.models import WorkItem
from medguild.foundation.work.rules import ItemStatus
from medguild.foundation.work.services import need_item


def remind(*, by: Actor, at: dt.datetime | None = None) -> int:
    """Open an item for each due review and passed deadline of every register; returns how many were asked for.

    Running twice opens nothing twice: the source names the entry and the date.
    """
    moment = at or now()
    return sum(
        _remind_entry(register, entry, by, moment)
        for register in registers
        for entry in to_remind(register, moment.date())
    )


def _remind_entry(register: Register, entry: RegisterEntry, by: Actor, moment: dt.datetime) -> int:
    asked = 0
    if review_due(entry.review_on, moment.date()):
        _open(register, entry, "review", review_source(register, entry), by, moment)
        asked += 1
    if register.deadline and review_due(getattr(entry, register.deadline), moment.date()):
        _open(register, entry, "deadline", deadline_source(register, entry), by, moment)
        asked += 1
    return asked


def _open(register: Register, entry: RegisterEntry, category: str, source: str, by: Actor, moment: dt.datetime) -> None:
    item = need_item(
        work_type=register.review_work_type, unit_id=entry.unit_id, source=source, by=by, category=category,
        subject=SubjectRef(register.key, entry.pk), at=moment,
    )  # fmt: skip
    if not isinstance(item, WorkItem) or item.status != ItemStatus.OPEN or entry.owner is None:
        return
    try:
        reassign(item_id=item.pk, to=entry.owner, by=by)
    except Refusal:
        # An owner who may not do the work (any more) leaves it to whoever answers for the register.
        return
