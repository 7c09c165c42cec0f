"""The life of a deviation: proposed with a reason and an end, decided by somebody else, ended."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.access.demand import demand, login_of
from medguild.foundation.access.rules import good_reason
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now, today
from medguild.foundation.kernel.errors import Conflict, NotAllowed, NotVisible, Refusal
from medguild.foundation.organization.models import Unit
from medguild.foundation.standards import rules
from medguild.foundation.standards.models import Deviation
from medguild.foundation.standards.permissions import StandardRight
from medguild.foundation.standards.resolution import forget
from medguild.foundation.standards.rules import COUNTED, DeviationStatus, Dimension, Value
from medguild.foundation.standards.selectors import holds_here_or_below
from medguild.foundation.standards.services import known_standard, refuse_unfit

PROPOSED = declare_event("deviation.proposed", gettext_lazy("Deviation proposed"), icon="git-branch")
APPROVED = declare_event("deviation.approved", gettext_lazy("Deviation approved"), icon="check")
REJECTED = declare_event("deviation.rejected", gettext_lazy("Deviation rejected"), icon="x")
WITHDRAWN = declare_event("deviation.withdrawn", gettext_lazy("Deviation withdrawn"), icon="x")
ENDED = declare_event("deviation.ended", gettext_lazy("Deviation ended"), icon="clock-stop")

LONGEST_DEVIATION = dt.timedelta(days=366)


@transaction.atomic
def propose_deviation(
    *,
    key: str,
    unit: Unit,
    value: Value,
    reason: str,
    start: dt.date,
    end: dt.date,
    by: Actor,
    dimension: Dimension = Dimension.UNIT,
    target: str = "",
    at: dt.datetime | None = None,
) -> Deviation:
    """Ask for a value that the standard does not allow here. It counts once somebody else has approved it."""
    demand(by, StandardRight.PROPOSE, unit.pk)
    standard = known_standard(key)
    requester = login_of(by)
    if requester is None:
        raise NotAllowed(_("A deviation is asked for by a person."))
    refuse_unfit(standard, value)
    if not good_reason(reason):
        raise Refusal(_("Say in a few words why this place needs another value."), code="reason_needed", field="reason")
    if end <= start:
        raise Refusal(_("The deviation must end after it starts."), field="end")
    if end - start > LONGEST_DEVIATION:
        raise Refusal(_("A deviation lasts at most a year; ask again then."), code="too_long", field="end")
    deviation = Deviation.objects.create(
        key=key, unit=unit, dimension=dimension, target=target, value=rules.to_stored(value), reason=reason.strip(),
        period=DateRange(start, end), requested_by_id=requester, requested_at=at or now(),
    )  # fmt: skip
    _tell(PROPOSED, deviation, by)
    return deviation


@transaction.atomic
def approve_deviation(*, deviation_id: UUID, by: Actor, note: str = "") -> Deviation:
    """Let a deviation count. Nobody approves their own."""
    deviation = _locked(deviation_id, by, StandardRight.APPROVE)
    _move(deviation, DeviationStatus.APPROVED)
    overlapping = Deviation.objects.unscoped("the right on the unit has been checked").filter(
        key=deviation.key, unit_id=deviation.unit_id, dimension=deviation.dimension, target=deviation.target,
        status__in=sorted(COUNTED), period__overlap=deviation.period,
    )  # fmt: skip
    if overlapping.exists():
        raise Conflict(_("Another deviation holds here in that period; end it first."), code="deviation_overlaps")
    _decide(deviation, by, note)
    forget()
    _tell(APPROVED, deviation, by)
    return deviation


@transaction.atomic
def reject_deviation(*, deviation_id: UUID, by: Actor, note: str) -> Deviation:
    """Turn a deviation down, with a word why."""
    deviation = _locked(deviation_id, by, StandardRight.APPROVE)
    if not note.strip():
        raise Refusal(_("Say why, so that it can be asked for better."), code="reason_needed", field="note")
    _move(deviation, DeviationStatus.REJECTED)
    _decide(deviation, by, note)
    _tell(REJECTED, deviation, by)
    return deviation


@transaction.atomic
def withdraw_deviation(*, deviation_id: UUID, by: Actor) -> Deviation:
    """Take back a proposal of one's own before it is decided."""
    deviation = _locked(deviation_id, by, StandardRight.PROPOSE)
    if deviation.status != DeviationStatus.PROPOSED or deviation.requested_by_id != by.id:
        raise Refusal(_("Only your own proposal can be withdrawn, before it is decided."), code="not_yours")
    _move(deviation, DeviationStatus.WITHDRAWN)
    deviation.save(update_fields=["status"])
    _tell(WITHDRAWN, deviation, by)
    return deviation


@transaction.atomic
def end_deviation(*, deviation_id: UUID, by: Actor, on: dt.date | None = None) -> Deviation:
    """End an approved deviation on a day (default today); one that has not begun is withdrawn."""
    deviation = _locked(deviation_id, by, StandardRight.APPROVE)
    day = on or today()
    if deviation.period.lower >= day:
        _move(deviation, DeviationStatus.WITHDRAWN)
    else:
        _move(deviation, DeviationStatus.ENDED)
        deviation.period = DateRange(deviation.period.lower, min(day, deviation.period.upper))
        deviation.ended_at = now()
    deviation.save(update_fields=["status", "period", "ended_at"])
    forget()
    _tell(ENDED, deviation, by)
    return deviation


def end_expired(*, by: Actor, on: dt.date | None = None) -> int:
    """Close the books on deviations whose period is over; returns how many. Values follow the period, not this."""
    day = on or today()
    over = Deviation.objects.unscoped("the house ends what is over").filter(
        status=DeviationStatus.APPROVED, period__endswith__lte=day
    )
    ids = list(over.values_list("pk", flat=True))
    for deviation_id in ids:
        end_deviation(deviation_id=deviation_id, by=by, on=day)
    return len(ids)


def _locked(deviation_id: UUID, by: Actor, right: StandardRight) -> Deviation:
    deviation = (
        Deviation.objects.unscoped("the right on the unit is checked below")
        .select_for_update()
        .filter(pk=deviation_id)
        .first()
    )
    if deviation is None or not holds_here_or_below(by, StandardRight.READ, deviation.unit_id):
        raise NotVisible
    demand(by, right, deviation.unit_id)
    found: Deviation = deviation
    return found


def _move(deviation: Deviation, to: DeviationStatus) -> None:
    if not rules.may_move(rules.DEVIATION_MOVES, DeviationStatus(deviation.status), to):
        raise Conflict(_("This deviation has been decided or ended already."), code="wrong_status")
    deviation.status = to


def _decide(deviation: Deviation, by: Actor, note: str) -> None:
    decider = login_of(by)
    if decider is None:
        raise NotAllowed(_("A deviation is decided by a person."))
    if decider == deviation.requested_by_id:
        raise NotAllowed(_("Somebody else must decide on your own proposal."), code="own_proposal")
    deviation.decided_by_id, deviation.decided_at, deviation.decision_note = decider, now(), note.strip()
    deviation.save(update_fields=["status", "decided_by", "decided_at", "decision_note"])


def _tell(event: str, deviation: Deviation, by: Actor) -> None:
    record(
        event,
        subject=SubjectRef("deviation", deviation.pk, deviation.key),
        by=by,
        unit_id=deviation.unit_id,
        data={"key": deviation.key, "status": deviation.status, "end": deviation.period.upper.isoformat()},
    )
