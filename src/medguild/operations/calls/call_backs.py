"""Call-backs: who could not get through is called back once, unless they get through by themselves."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.work.services import need_item, settle
from medguild.operations.calls.models import Call
from medguild.operations.calls.recording import CALL_BACK
from medguild.operations.calls.rules import wants_call_back

# Older calls come from files of the past: nobody expects to be called back any more.
FRESH = dt.timedelta(days=3)
_AGAIN = dt.timedelta(days=1)


def follow_up(call: Call, *, by: Actor, short: int, at: dt.datetime) -> None:
    """Ask for a call-back, or close what the call has made needless. The caller holds the transaction."""
    if call.received_at < at - FRESH:
        return
    if call.answered_at is not None:
        for earlier in _same_caller(call, since=FRESH):
            if earlier.answered_at is None and earlier.received_at <= call.received_at:
                settle(source=_source(earlier), outcome="reached", by=by, at=call.ended_at)
    elif wants_call_back(call.facts, short=short) and not _needless(call):
        need_item(
            work_type=CALL_BACK, unit_id=call.site_id, source=_source(call), by=by, category=call.reason,
            subject=SubjectRef("call", call.pk), patient_id=call.patient_id, at=at,
        )  # fmt: skip


def _source(call: Call) -> str:
    return f"call_back:{call.pk}"


def _same_caller(call: Call, *, since: dt.timedelta) -> list[Call]:
    """Other calls with the same number or patient at the site, from `since` before this call on, in order."""
    caller = Q()
    if call.phone:
        caller |= Q(phone=call.phone)
    if call.patient_id is not None:
        caller |= Q(patient_id=call.patient_id)
    if not caller:
        return []
    rows = Call.objects.unscoped("calls of one caller, to see whether a call-back is needed").filter(
        caller, site_id=call.site_id, received_at__gte=call.received_at - since
    )
    return list(rows.exclude(pk=call.pk).order_by("received_at", "pk"))


def _needless(call: Call) -> bool:
    """The caller got through later, or waits for a call-back already since an earlier try."""
    waiting = False
    for other in _same_caller(call, since=_AGAIN):
        if other.received_at > call.received_at:
            if other.answered_at is not None:
                return True
            continue
        waiting = other.answered_at is None
    return waiting
