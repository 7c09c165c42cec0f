"""Opening work, and closing what was opened by an event."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.access.demand import demand
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.local_time import day_at
from medguild.foundation.work.models import Duty, UnownedNeed, WorkItem
from medguild.foundation.work.permissions import WorkRight
from medguild.foundation.work.ports import work_types
from medguild.foundation.work.routing import duty_for, specialty_at
from medguild.foundation.work.rules import LIVE, Escalation, ItemStatus, Priority
from medguild.foundation.work.timing import due_after, time_allowed

OPENED = declare_event("work.opened", gettext_lazy("Work opened"), icon="checklist")
DONE = declare_event("work.done", gettext_lazy("Work done"), icon="check")
REOPENED = declare_event("work.reopened", gettext_lazy("Work reopened"), icon="arrow-back")
UNOWNED = declare_event("work.unowned", gettext_lazy("Work that nobody owns"), icon="alert-triangle")

_WHOLE = "a source is opened once, whoever asks"


class NoOwner(Refusal):
    """Nobody is accountable for this type of work at the unit or above."""

    code = "no_owner"


@transaction.atomic
def open_item(
    *,
    work_type: str,
    unit_id: UUID,
    by: Actor,
    subject: SubjectRef | None = None,
    patient_id: UUID | None = None,
    specialty: str = "",
    category: str = "",
    summary: str = "",
    priority: Priority = Priority.NORMAL,
    due_at: dt.datetime | None = None,
    source: str | None = None,
    at: dt.datetime | None = None,
) -> WorkItem:
    """Open a piece of work at a unit; the nearest duty for its type (and specialty) answers for it.

    The due time comes from the type's standard unless given. With a `source` the item is opened once: asking again
    returns it. Raises NoOwner where nobody answers, Refusal for an unknown category. `summary` holds no patient data
    when a program writes it. Checks no right: it is called by services of other rooms.
    """
    moment = at or now()
    declared = work_types.get(work_type)
    held = _by_source(source)
    if held is not None:
        return held
    if category and category not in dict(declared.categories):
        raise Refusal(_("Choose one of the categories offered."), code="unknown_category", field="category")
    day = day_at(unit_id, moment)
    place = specialty or specialty_at(unit_id, on=day)
    duty = duty_for(work_type=work_type, unit_id=unit_id, on=day, specialty=place)
    if duty is None:
        raise NoOwner(
            _("Nobody answers for this work here yet. Name an owner on the page “Who owns what”, then try again."),
            field="work_type",
        )
    allowed = time_allowed(declared, unit_id, place, day)
    due = due_at or due_after(declared, allowed, unit_id=unit_id, specialty=place, start=moment)
    item = WorkItem(
        work_type=work_type, unit_id=unit_id, duty=duty, specialty=place, category=category, summary=summary.strip(),
        subject_type=subject.type if subject and subject.id else "", subject_id=subject.id if subject else None,
        patient_id=patient_id, priority=priority, opened_at=moment, due_at=due, escalates_at=due, source=source,
    )  # fmt: skip
    return _save_once(item, by)


def _save_once(item: WorkItem, by: Actor) -> WorkItem:
    try:
        with transaction.atomic():
            item.save(force_insert=True)
    except IntegrityError:
        first = _by_source(item.source)
        if first is None:
            raise
        return first
    tell(OPENED, item, by, duty_id=item.duty_id, due_at=item.due_at.isoformat())
    return item


def _by_source(source: str | None) -> WorkItem | None:
    if source is None:
        return None
    found: WorkItem | None = WorkItem.objects.unscoped(_WHOLE).filter(source=source).first()
    return found


@transaction.atomic
def ask_for_work(
    *,
    work_type: str,
    unit_id: UUID,
    by: Actor,
    summary: str,
    category: str = "",
    priority: Priority = Priority.NORMAL,
    subject: SubjectRef | None = None,
    patient_id: UUID | None = None,
) -> WorkItem:
    """Open an item by hand, about a record that the caller has found visible.

    Needs the right to do work at the unit, and words that say what is wanted.
    """
    demand(by, WorkRight.DO, unit_id)
    if work_types.find(work_type) is None:
        raise Refusal(_("Choose a type of work."), field="work_type")
    demand(by, work_types.get(work_type).right, unit_id)
    if not summary.strip():
        raise Refusal(_("Say in a few words what is to be done."), field="summary")
    return open_item(
        work_type=work_type, unit_id=unit_id, by=by, summary=summary, category=category, priority=priority,
        subject=subject, patient_id=patient_id,
    )  # fmt: skip


@transaction.atomic
def need_item(
    *,
    work_type: str,
    unit_id: UUID | None,
    source: str,
    by: Actor,
    subject: SubjectRef | None = None,
    patient_id: UUID | None = None,
    specialty: str = "",
    category: str = "",
    summary: str = "",
    priority: Priority = Priority.NORMAL,
    again: bool = False,
    at: dt.datetime | None = None,
) -> WorkItem | UnownedNeed:
    """As `open_item`, for subscribers and jobs: where nobody answers the need is kept and shown red, never dropped.

    It is opened as soon as somebody is made accountable. Asked again, what is open says the summary of now. What is
    closed stays so, because somebody has decided it, unless the need comes and goes (`again`); a need that went before
    anybody answered for it stands again in any case.
    """
    moment = at or now()
    if unit_id is not None:
        try:
            item = open_item(
                work_type=work_type, unit_id=unit_id, by=by, subject=subject, patient_id=patient_id,
                specialty=specialty, category=category, summary=summary, priority=priority, source=source, at=moment,
            )  # fmt: skip
        except NoOwner:
            pass
        else:
            return _as_of_now(item, summary.strip(), by, again=again, at=moment)
    need, made = UnownedNeed.objects.unscoped(_WHOLE).get_or_create(
        source=source,
        defaults={
            "work_type": work_type, "unit_id": unit_id, "specialty": specialty, "patient_id": patient_id,
            "subject_type": subject.type if subject and subject.id else "",
            "subject_id": subject.id if subject else None,
            "category": category, "summary": summary, "priority": priority, "arose_at": moment,
        },
    )  # fmt: skip
    stands_again = need.settled_at is not None and need.item_id is None
    if stands_again:
        need.settled_at, need.arose_at = None, moment
    if not made and need.settled_at is None and (stands_again or need.summary != summary):
        need.summary = summary
        need.save(update_fields=["settled_at", "arose_at", "summary"])
    if made or stands_again:
        record(
            UNOWNED,
            subject=SubjectRef("unowned_need", need.pk, work_type),
            by=by,
            unit_id=unit_id,
            patient_id=patient_id,
            data={"work_type": work_type},
        )
    kept: UnownedNeed = need
    return kept


def _as_of_now(item: WorkItem, summary: str, by: Actor, *, again: bool, at: dt.datetime) -> WorkItem:
    """An item that is asked for once more: what is open is told anew, what is closed is opened if it comes and goes."""
    if item.status in LIVE and item.summary == summary:
        return item
    held: WorkItem = WorkItem.objects.unscoped(_WHOLE).select_for_update().get(pk=item.pk)
    if held.status in LIVE:
        held.summary = summary
        held.save(update_fields=["summary"])
    elif again:
        declared, day = work_types.get(held.work_type), day_at(held.unit_id, at)
        place, specialty = held.unit_id, held.specialty
        allowed = time_allowed(declared, place, specialty, day)
        held.duty = duty_for(work_type=held.work_type, unit_id=place, on=day, specialty=specialty) or held.duty
        held.status, held.assignee, held.taken_at, held.summary = ItemStatus.OPEN, None, None, summary
        held.outcome, held.closed_at, held.closed_by = "", None, None
        held.opened_at = at
        held.due_at = due_after(declared, allowed, unit_id=place, specialty=specialty, start=at)
        held.escalation, held.escalates_at = Escalation.NONE, held.due_at
        held.escalated_role, held.escalated_user = "", None
        held.save()
        tell(REOPENED, held, by)
    return held


@transaction.atomic
def adopt_needs(*, duty: Duty, by: Actor, at: dt.datetime | None = None) -> int:
    """Open the waiting needs for which the duty now answers; returns how many."""
    waiting = (
        UnownedNeed.objects.unscoped("a new owner gets what waited")
        .select_for_update()
        .filter(work_type=duty.work_type, settled_at__isnull=True, unit__isnull=False)
    )
    return sum(_adopt(need, by, at or now()) for need in waiting.order_by("arose_at"))


def _adopt(need: UnownedNeed, by: Actor, moment: dt.datetime) -> bool:
    if need.unit_id is None:
        return False
    subject = SubjectRef(need.subject_type, need.subject_id) if need.subject_type else None
    try:
        item = open_item(
            work_type=need.work_type, unit_id=need.unit_id, by=by, subject=subject, patient_id=need.patient_id,
            specialty=need.specialty, category=need.category, summary=need.summary,
            priority=Priority(need.priority), source=need.source, at=moment,
        )  # fmt: skip
    except NoOwner:
        return False
    need.item, need.settled_at = item, moment
    need.save(update_fields=["item", "settled_at"])
    return True


@transaction.atomic
def settle(*, source: str, outcome: str, by: Actor, at: dt.datetime | None = None) -> None:
    """Close what was opened from a source, because what it asked for has happened. Harmless when nothing is open."""
    moment = at or now()
    UnownedNeed.objects.unscoped(_WHOLE).filter(source=source, settled_at__isnull=True).update(settled_at=moment)
    item = WorkItem.objects.unscoped(_WHOLE).select_for_update().filter(source=source, status__in=sorted(LIVE)).first()
    if item is None:
        return
    item.status, item.outcome, item.closed_at, item.closed_by = ItemStatus.DONE, outcome, moment, by.id
    item.escalates_at = None
    item.save(update_fields=["status", "outcome", "closed_at", "closed_by", "escalates_at"])
    tell(DONE, item, by)


@transaction.atomic
def settle_about(*, work_type: str, subject: SubjectRef, outcome: str, by: Actor) -> None:
    """Close all that was opened about a record, because it has solved itself."""
    live = WorkItem.objects.unscoped(_WHOLE).filter(
        work_type=work_type, subject_type=subject.type, subject_id=subject.id, status__in=sorted(LIVE)
    )
    needs = UnownedNeed.objects.unscoped(_WHOLE).filter(
        work_type=work_type, subject_type=subject.type, subject_id=subject.id, settled_at__isnull=True
    )
    for source in {*live.values_list("source", flat=True), *needs.values_list("source", flat=True)}:
        if source is not None:
            settle(source=source, outcome=outcome, by=by)


def tell(event: str, item: WorkItem, by: Actor, **data: object) -> None:
    """Record an event of an item; its label is what its type is called, because the summary may carry patient data."""
    with translation.override("en"):  # the log speaks one language, whoever writes it
        label = str(work_types.get(item.work_type).label)
    record(
        event,
        subject=SubjectRef("work_item", item.pk, label),
        by=by,
        unit_id=item.unit_id,
        patient_id=item.patient_id,
        data={"work_type": item.work_type, "status": item.status, **data},
    )
