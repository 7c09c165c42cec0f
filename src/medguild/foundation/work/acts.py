"""What people do with an item: take, start, put back, finish, cancel, reopen, give to somebody."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.access.demand import demand, holds_at, login_of
from medguild.foundation.access.models import User
from medguild.foundation.access.selectors import actor_of_user
from medguild.foundation.events.ports import declare_event
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Conflict, NotAllowed, NotVisible, Refusal
from medguild.foundation.work.models import Handoff, WorkItem
from medguild.foundation.work.permissions import WorkRight
from medguild.foundation.work.ports import work_types
from medguild.foundation.work.rules import LIVE, HandoffStatus, ItemStatus, may_move
from medguild.foundation.work.services import DONE, REOPENED, tell

TAKEN = declare_event("work.taken", gettext_lazy("Work taken"), icon="hand-grab")
STARTED = declare_event("work.started", gettext_lazy("Work started"), icon="player-play")
RELEASED = declare_event("work.released", gettext_lazy("Work put back"), icon="arrow-back")
CANCELLED = declare_event("work.cancelled", gettext_lazy("Work cancelled"), icon="x")
REASSIGNED = declare_event("work.reassigned", gettext_lazy("Work given to somebody"), icon="user-plus")


@transaction.atomic
def take(*, item_id: UUID, by: Actor, at: dt.datetime | None = None) -> WorkItem:
    """Make an open item one's own. Taking one's own again changes nothing; somebody else's raises Conflict."""
    item = locked(item_id, by)
    me = own_login(by)
    if item.assignee_id == me and item.status in LIVE:
        return item
    if item.assignee_id is not None:
        raise Conflict(_("Somebody else has taken this already."), code="taken_already")
    move(item, ItemStatus.ACCEPTED)
    item.assignee_id, item.taken_at = me, at or now()
    item.save(update_fields=["status", "assignee", "taken_at"])
    tell(TAKEN, item, by)
    return item


@transaction.atomic
def start(*, item_id: UUID, by: Actor) -> WorkItem:
    """Say that one works on it now."""
    item = locked(item_id, by)
    _demand_owner(item, by)
    move(item, ItemStatus.IN_PROGRESS)
    item.save(update_fields=["status"])
    tell(STARTED, item, by)
    return item


@transaction.atomic
def release(*, item_id: UUID, by: Actor) -> WorkItem:
    """Put an item back, for whoever answers for it; its clock goes on."""
    item = locked(item_id, by)
    _demand_owner(item, by)
    move(item, ItemStatus.OPEN)
    _withdraw_handoffs(item, now())
    item.assignee, item.taken_at = None, None
    item.save(update_fields=["status", "assignee", "taken_at"])
    tell(RELEASED, item, by)
    return item


@transaction.atomic
def complete(*, item_id: UUID, outcome: str, by: Actor, at: dt.datetime | None = None) -> WorkItem:
    """Finish an item with its outcome. An open one is taken on the way; finishing another's needs the right to assign.

    Finishing again what is done changes nothing.
    """
    item = locked(item_id, by)
    if item.status == ItemStatus.DONE:
        return item
    if not outcome.strip():
        raise Refusal(_("Say how it ended."), field="outcome")
    moment = at or now()
    if item.assignee_id is None:
        item.assignee_id, item.taken_at = login_of(by), moment
    _close(item, ItemStatus.DONE, outcome, by, moment)
    tell(DONE, item, by)
    return item


@transaction.atomic
def cancel(*, item_id: UUID, reason: str, by: Actor, at: dt.datetime | None = None) -> WorkItem:
    """Close an item that needs no doing, with the reason."""
    item = locked(item_id, by)
    if not reason.strip():
        raise Refusal(_("Say why this need not be done."), field="reason")
    _close(item, ItemStatus.CANCELLED, reason, by, at or now())
    tell(CANCELLED, item, by)
    return item


def _close(item: WorkItem, to: ItemStatus, words: str, by: Actor, moment: dt.datetime) -> None:
    _demand_owner(item, by)
    move(item, to)
    _withdraw_handoffs(item, moment)
    item.outcome, item.closed_at, item.closed_by, item.escalates_at = words.strip(), moment, by.id, None
    item.save(update_fields=["status", "assignee", "taken_at", "outcome", "closed_at", "closed_by", "escalates_at"])


@transaction.atomic
def reopen(*, item_id: UUID, by: Actor) -> WorkItem:
    """Take a finished item up again; it is then one's own."""
    item = locked(item_id, by)
    if item.closed_by != by.id:
        demand(by, WorkRight.ASSIGN, item.unit_id)
    move(item, ItemStatus.ACCEPTED)
    item.assignee_id, item.taken_at = own_login(by), now()
    item.outcome, item.closed_at, item.closed_by, item.escalates_at = "", None, None, item.due_at
    item.save(update_fields=["status", "assignee", "taken_at", "outcome", "closed_at", "closed_by", "escalates_at"])
    tell(REOPENED, item, by)
    return item


@transaction.atomic
def reassign(*, item_id: UUID, to: User, by: Actor) -> WorkItem:
    """Give an item to somebody who can see it and do it. Needs the right to assign."""
    item = locked(item_id, by)
    demand(by, WorkRight.ASSIGN, item.unit_id)
    refuse_unable(to, item)
    move(item, ItemStatus.ACCEPTED)
    _withdraw_handoffs(item, now())
    item.assignee, item.taken_at = to, now()
    item.save(update_fields=["status", "assignee", "taken_at"])
    tell(REASSIGNED, item, by, to=to.pk)
    return item


def locked(item_id: UUID, by: Actor, right: str = WorkRight.DO) -> WorkItem:
    """The item, locked, once it is clear that the actor may see it and act on it. Raises NotVisible, NotAllowed."""
    item = WorkItem.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=item_id).first()
    if item is None or not holds_at(by, work_types.get(item.work_type).right, item.unit_id):
        raise NotVisible
    demand(by, right, item.unit_id)
    found: WorkItem = item
    return found


def move(item: WorkItem, to: ItemStatus) -> None:
    if not may_move(ItemStatus(item.status), to):
        raise Conflict(_("This has changed in the meantime. Look at it again."), code="wrong_status")
    item.status = to


def refuse_unable(user: User, item: WorkItem, field: str = "to") -> None:
    """Raises Refusal unless the user may see and do the item where it stands."""
    actor = actor_of_user(user)
    able = holds_at(actor, WorkRight.DO, item.unit_id)
    if not (user.is_active and able and holds_at(actor, work_types.get(item.work_type).right, item.unit_id)):
        raise Refusal(_("This person may not see or do this work here. Choose somebody else."), field=field)


def _withdraw_handoffs(item: WorkItem, moment: dt.datetime) -> None:
    Handoff.objects.unscoped("the item is locked").filter(item=item, status=HandoffStatus.PENDING).update(
        status=HandoffStatus.WITHDRAWN, answered_at=moment
    )


def _demand_owner(item: WorkItem, by: Actor) -> None:
    if item.assignee_id in (None, login_of(by)) or by.sees_all:
        return
    if not holds_at(by, WorkRight.ASSIGN, item.unit_id):
        raise NotAllowed(_("This belongs to somebody else. Ask them, or your manager, to hand it over."))


def own_login(by: Actor) -> UUID:
    login = login_of(by)
    if login is None:
        raise NotAllowed(_("Work is taken by a person."))
    return login
