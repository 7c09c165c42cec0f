"""Hand-offs: from one person to another or to a role, with what they need to know, a time, and an answer."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.access.demand import login_of
from medguild.foundation.access.models import User
from medguild.foundation.access.rules import Role
from medguild.foundation.events.ports import declare_event
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Conflict, NotAllowed, NotVisible, Refusal
from medguild.foundation.organization.local_time import day_at, today_at
from medguild.foundation.standards.resolution import StandardContext, resolve
from medguild.foundation.work.acts import locked, own_login, refuse_unable
from medguild.foundation.work.models import Handoff, WorkItem
from medguild.foundation.work.presets import HANDOFF_DUE
from medguild.foundation.work.routing import holders
from medguild.foundation.work.rules import HANDOFF_MOVES, TAKEN, HandoffStatus, ItemStatus
from medguild.foundation.work.services import tell

HANDED_OVER = declare_event("work.handed_over", gettext_lazy("Hand-off sent"), icon="arrow-forward-up")
ACCEPTED = declare_event("work.handover_accepted", gettext_lazy("Hand-off accepted"), icon="check")
DECLINED = declare_event("work.handover_declined", gettext_lazy("Hand-off declined"), icon="x")
WITHDRAWN = declare_event("work.handover_withdrawn", gettext_lazy("Hand-off withdrawn"), icon="arrow-back")


@transaction.atomic
def hand_over(
    *,
    item_id: UUID,
    content: str,
    by: Actor,
    to_user: User | None = None,
    to_role: Role | None = None,
    due_at: dt.datetime | None = None,
    at: dt.datetime | None = None,
) -> Handoff:
    """Offer one's own item to a person or to a role. The sender keeps it until it is accepted.

    The time to answer comes from the standard `work.handoff_due` unless given.
    """
    moment = at or now()
    item = locked(item_id, by)
    if item.status not in TAKEN or item.assignee_id != login_of(by):
        raise Refusal(_("Take the item first; only its owner can hand it over."), code="not_owner")
    if not content.strip():
        raise Refusal(_("Write what the receiver needs to know."), field="content")
    day = day_at(item.unit_id, moment)
    _refuse_wrong_receiver(item, to_user, to_role, day)
    due = due_at or moment + _time_to_answer(item, day)
    if due <= moment:
        raise Refusal(_("Choose a time that is still to come."), field="due_at")
    pending = Handoff.objects.unscoped("the item is locked").filter(item=item, status=HandoffStatus.PENDING)
    if pending.exists():
        raise Conflict(_("A hand-off of this item waits for an answer. Withdraw it first."), code="handoff_pending")
    handoff: Handoff = Handoff.objects.create(
        item=item, sender_id=own_login(by), to_user=to_user, to_role=to_role or "", content=content.strip(),
        sent_at=moment, due_at=due,
    )  # fmt: skip
    tell(HANDED_OVER, item, by, handoff_id=handoff.pk, to_user=handoff.to_user_id, to_role=handoff.to_role)
    return handoff


def _refuse_wrong_receiver(item: WorkItem, user: User | None, role: Role | None, on: dt.date) -> None:
    if (user is None) == (role is None):
        raise Refusal(_("Choose a person or a role."), code="one_receiver", field="to_user")
    if user is not None:
        if user.pk == item.assignee_id:
            raise Refusal(_("This is yours already."), field="to_user")
        refuse_unable(user, item, "to_user")
    elif not holders(str(role), item.unit_id, on=on).exclude(pk__in=[item.assignee_id]).exists():
        raise Refusal(_("Nobody else holds this role here. Choose a person or another role."), field="to_role")


def _time_to_answer(item: WorkItem, on: dt.date) -> dt.timedelta:
    value = resolve(HANDOFF_DUE, StandardContext(unit_id=item.unit_id, specialty=item.specialty, on=on)).value
    if not isinstance(value, dt.timedelta):
        raise TypeError(HANDOFF_DUE)
    return value


@transaction.atomic
def accept_handover(*, handoff_id: UUID, by: Actor, at: dt.datetime | None = None) -> WorkItem:
    """Take what was offered: the item is then the receiver's."""
    handoff, item = _answerable(handoff_id, by)
    moment = at or now()
    _answer(handoff, HandoffStatus.ACCEPTED, by, moment)
    item.assignee_id, item.status, item.taken_at = login_of(by), ItemStatus.ACCEPTED, moment
    item.save(update_fields=["assignee", "status", "taken_at"])
    tell(ACCEPTED, item, by, handoff_id=handoff.pk)
    return item


@transaction.atomic
def decline_handover(*, handoff_id: UUID, reason: str, by: Actor, at: dt.datetime | None = None) -> WorkItem:
    """Turn it down with a reason; the sender keeps the item."""
    handoff, item = _answerable(handoff_id, by)
    if not reason.strip():
        raise Refusal(_("Say why, so that the sender can act."), field="reason")
    handoff.answer = reason.strip()
    _answer(handoff, HandoffStatus.DECLINED, by, at or now())
    tell(DECLINED, item, by, handoff_id=handoff.pk)
    return item


@transaction.atomic
def withdraw_handover(*, handoff_id: UUID, by: Actor, at: dt.datetime | None = None) -> WorkItem:
    """Take back one's own hand-off that nobody has answered."""
    handoff, item = _locked(handoff_id, by)
    if handoff.sender_id != login_of(by):
        raise NotAllowed(_("Only the sender can withdraw a hand-off."))
    _answer(handoff, HandoffStatus.WITHDRAWN, by, at or now())
    tell(WITHDRAWN, item, by, handoff_id=handoff.pk)
    return item


def _locked(handoff_id: UUID, by: Actor) -> tuple[Handoff, WorkItem]:
    """The item first, then its hand-off: the same order everywhere."""
    found = Handoff.objects.visible_to(by).filter(pk=handoff_id).values_list("item_id", flat=True).first()
    if found is None:
        raise NotVisible
    item = locked(found, by)
    handoff: Handoff = Handoff.objects.unscoped("the item is visible").select_for_update().get(pk=handoff_id)
    return handoff, item


def _answerable(handoff_id: UUID, by: Actor) -> tuple[Handoff, WorkItem]:
    handoff, item = _locked(handoff_id, by)
    me = own_login(by)
    meant = handoff.to_user_id == me if handoff.to_user_id else _holds(handoff.to_role, item, me)
    if not meant or me == handoff.sender_id:
        raise NotAllowed(_("This hand-off is for somebody else."))
    return handoff, item


def _holds(role: str, item: WorkItem, user_id: UUID) -> bool:
    return holders(role, item.unit_id, on=today_at(item.unit_id)).filter(pk=user_id).exists()


def _answer(handoff: Handoff, to: HandoffStatus, by: Actor, moment: dt.datetime) -> None:
    if to not in HANDOFF_MOVES[HandoffStatus(handoff.status)]:
        raise Conflict(_("This hand-off has been answered already."), code="answered_already")
    handoff.status, handoff.answered_by_id, handoff.answered_at = to, login_of(by), moment
    handoff.save(update_fields=["status", "answered_by", "answered_at", "answer"])
