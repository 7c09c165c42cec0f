"""The queue of call-backs: who is to be called, by whom, until when; and what came of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.work.acts import complete, take
from medguild.foundation.work.models import WorkItem
from medguild.foundation.work.selectors import item_for, live_items
from medguild.foundation.work.words import Clock, clock, owner_of
from medguild.operations.calls.models import Call
from medguild.operations.calls.recording import CALL_BACK
from medguild.operations.calls.rules import CallFacts, CallReason, Direction
from medguild.operations.calls.services import log_call
from medguild.operations.calls.words import CALL_BACK_OUTCOMES

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class CallBack:
    """One who is to be called: the work with its clock, and the call that was missed (None when it is not visible)."""

    item: WorkItem
    call: Call | None
    clock: Clock
    owner: str
    tries: int


def call_backs(actor: Actor, *, site_id: UUID | None = None, at: dt.datetime | None = None) -> list[CallBack]:
    """Open call-backs at the actor's sites, the soonest due first; three queries."""
    rows = live_items(actor).filter(work_type=CALL_BACK)
    if site_id is not None:
        rows = rows.filter(unit=site_id)
    items = list(rows[:MOST_SHOWN])
    calls = _calls(actor, items)
    tried = _tries(actor, list(calls.values()))
    shown = []
    for item in items:
        call = calls.get(item.subject_id) if item.subject_id else None
        shown.append(CallBack(item, call, clock(item, at), owner_of(item), tried.get(call.pk, 0) if call else 0))
    return shown


def _calls(actor: Actor, items: list[WorkItem]) -> dict[UUID, Call]:
    rows = Call.objects.visible_to(actor).filter(pk__in=[item.subject_id for item in items if item.subject_id])
    return {row.pk: row for row in rows.select_related("patient", "site__site")}


def _tries(actor: Actor, calls: list[Call]) -> dict[UUID, int]:
    """How often each was called back already, in vain."""
    if not calls:
        return {}
    out = Call.objects.visible_to(actor).filter(
        direction=Direction.OUTBOUND, answered_at__isnull=True, phone__in={call.phone for call in calls if call.phone},
        received_at__gt=min(call.received_at for call in calls),
    )  # fmt: skip
    made = list(out.values_list("site_id", "phone", "received_at"))
    return {
        call.pk: sum(
            site == call.site_id and phone == call.phone and when > call.received_at for site, phone, when in made
        )
        for call in calls
    }


@transaction.atomic
def called_back(*, item_id: UUID, outcome: str, by: Actor, at: dt.datetime | None = None) -> WorkItem:
    """Somebody has called: the work is done, or, where nobody answered, theirs and still open. The call is logged."""
    moment = at or now()
    item = item_for(by, item_id)
    call = _calls(by, [item]).get(item.subject_id) if item.subject_id else None
    if call is not None:
        _log(call, answered=outcome == "reached", by=by, at=moment)
    if outcome == "no_answer":
        return take(item_id=item_id, by=by, at=moment) if item.assignee_id is None else item
    words = str(dict(CALL_BACK_OUTCOMES).get(outcome, _("Done")))
    return complete(item_id=item_id, outcome=words, by=by, at=moment)


def _log(call: Call, *, answered: bool, by: Actor, at: dt.datetime) -> None:
    facts = CallFacts(
        received_at=at, ended_at=at, answered_at=at if answered else None, direction=Direction.OUTBOUND,
        reason=CallReason(call.reason), phone=call.phone,
    )  # fmt: skip
    log_call(site=call.site.site, call=facts, by=by, patient=call.patient, at=at)
