"""The preview of a version: the change is made, looked at with the eyes of the booking itself, and taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy

from medguild.foundation.events.ports import declare_event
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.operations.scheduling.models import VisitType
from medguild.operations.scheduling.protocol import lock_resources
from medguild.operations.scheduling.search.searching import Wanted, ways_for
from medguild.operations.scheduling.search.sifting import permitted_only
from medguild.operations.scheduling.slot_rules import Opening, bookable_minutes
from medguild.operations.templates.blocks import basis_of, sessions_from
from medguild.operations.templates.calendars import (
    Reading,
    busy_patients,
    colleagues_of,
    kinds_of,
    read_calendars,
    visits_of_clinicians,
)
from medguild.operations.templates.drafting import blocks_of, open_draft, refuse_bad_blocks, refuse_past, tell
from medguild.operations.templates.lists import write_plan
from medguild.operations.templates.models import MovePlan, TemplateVersion
from medguild.operations.templates.preview_rules import WINDOWS, DayChange, Template, Visit, affected, compare, within
from medguild.operations.templates.proposal_rules import Proposal, Proposer, propose_all
from medguild.operations.templates.rules import Cause, Trouble, VersionStatus
from medguild.operations.templates.sessions import put_sessions

PREVIEWED = declare_event("template.previewed", gettext_lazy("Preview of a template made"), icon="eye")
LONGEST = max(WINDOWS)
_BEHIND = dt.timedelta(days=42)  # proposals are sought so long after the last visit
_FARTHEST = dt.timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a version changes. `minutes`: window -> (before, after)."""

    days: list[DayChange]
    minutes: dict[int, tuple[int, int]]
    troubles: list[tuple[Visit, Trouble]]
    proposals: dict[UUID, Proposal | None]


@transaction.atomic
def preview_version(*, version: TemplateVersion, by: Actor, at: dt.datetime | None = None) -> TemplateVersion:
    """Work out and keep what applying the version would do, with a list of the visits that must move.

    Choices made on an earlier list stay where the visit and its proposal are the same. Raises what putting the
    sessions raises: SessionOverlaps, BadBlock, Refusal.
    """
    moment = at or now()
    held = open_draft(version, by)
    refuse_past(held.period.lower)
    refuse_bad_blocks(blocks_of(held), held.period.lower)
    lock_resources([held.clinician.resource_id])
    live = sessions_from(held.clinician_id, held.period.lower)
    found = work_out(held, at=moment)
    held.status, held.previewed_at, held.basis = VersionStatus.PREVIEWED, moment, basis_of(live)
    held.effect = _kept(found, held.period.lower)
    held.save(update_fields=["status", "previewed_at", "basis", "effect"])
    write_plan(
        cause=Cause.TEMPLATE, cause_id=held.pk, unit_id=held.clinician.resource.unit_id, clinician=held.clinician,
        first_day=held.period.lower, troubles=found.troubles, proposals=found.proposals, at=moment,
    )  # fmt: skip
    tell(PREVIEWED, held, by, {"affected": len(found.troubles)})
    return held


def work_out(version: TemplateVersion, *, at: dt.datetime) -> Preview:
    """The preview itself; under the clinician's lock. Nothing is left behind."""
    start: dt.date = version.period.lower
    clinician = version.clinician_id
    visits = visits_to_come(version, at)
    end = _horizon(start, visits)
    kinds = kinds_of([clinician], since=start) | {kind for block in blocks_of(version) for kind in block.visit_types}
    before = read_calendars(kinds, [clinician], start=start, end=end, at=at)
    savepoint = transaction.savepoint()
    try:
        put_sessions(version)
        after = read_calendars(kinds, [clinician], start=start, end=end, at=at)
        troubles = affected(visits, before.template(), after.template())
        proposals = propose_for(troubles, start=_today(at), end=end, at=at)
    finally:
        transaction.savepoint_rollback(savepoint)
    first = start + dt.timedelta(days=LONGEST)
    days = compare(before.openings(end=first), after.openings(end=first))
    minutes = {length: (_minutes(before, start, length), _minutes(after, start, length)) for length in WINDOWS}
    return Preview(days, minutes, troubles, proposals)


def visits_to_come(version: TemplateVersion, at: dt.datetime) -> list[Visit]:
    """Booked visits of the clinician on the days of the version, and later than now."""
    start: dt.date = version.period.lower
    first = max(at, dt.datetime.combine(start - dt.timedelta(days=1), dt.time(), tzinfo=dt.UTC))
    found = visits_of_clinicians([version.clinician_id], first, first + _FARTHEST)
    return [visit for visit in found if visit.day >= start]


def _horizon(start: dt.date, visits: Sequence[Visit]) -> dt.date:
    last = max((visit.day for visit in visits), default=start)
    return min(max(last + _BEHIND, start + dt.timedelta(days=LONGEST)), start + _FARTHEST)


def _minutes(reading: Reading, start: dt.date, length: int) -> int:
    """Of the clinician's own time: an hour with sixteen patients together is one hour."""
    template: Template = reading.template()
    end = start + dt.timedelta(days=length)
    own = [session._replace(capacity=1) for session in template.sessions]
    return sum(bookable_minutes(own, template.blocks, start=start, end=end).values())


def propose_for(
    troubles: Iterable[tuple[Visit, Trouble]], *, start: dt.date, end: dt.date, at: dt.datetime
) -> dict[UUID, Proposal | None]:
    """A proposal for each visit from the calendars as they stand; the number of queries does not depend on theirs."""
    visits = [visit for visit, _trouble in troubles]
    if not visits:
        return {}
    clinicians = {visit.clinician_id for visit in visits}
    colleagues = colleagues_of(clinicians, {visit.unit_id for visit in visits}, start=start, end=end)
    every = clinicians.union(*colleagues.values())
    reading = read_calendars({visit.visit_type_id for visit in visits}, every, start=start, end=end, at=at)
    busy = busy_patients({visit.patient_id for visit in visits}, start=start, end=end)
    return propose_all(visits, Proposer(_allowed(reading), busy, colleagues))


def _allowed(reading: Reading) -> dict[UUID, list[Opening]]:
    """Free times by kind of visit, without the days on which the clinician may not see patients there."""
    kinds = VisitType.objects.in_bulk(list(reading.calendars))
    return {
        kind: permitted_only(found, ways_for(Wanted(kinds[kind], reading.start, reading.end), found))
        for kind, found in reading.openings().items()
        if found
    }


def _today(at: dt.datetime) -> dt.date:
    return at.date() - dt.timedelta(days=1)  # wherever the site is; what is past is never free


def _kept(found: Preview, start: dt.date) -> dict[str, object]:
    """The numbers as JSON: windows with minutes and kinds, and days with their kinds."""
    return {
        "affected": len(found.troubles),
        "proposed": sum(one is not None for one in found.proposals.values()),
        "windows": [
            {
                "days": length, "minutes_before": found.minutes[length][0], "minutes_after": found.minutes[length][1],
                "kinds": {
                    str(kind): [change.gained, change.lost]
                    for kind, change in within(found.days, start, length).items()
                },
            }
            for length in WINDOWS
        ],
        "days": [
            {"day": one.day.isoformat(), "kinds": {str(kind): [c.gained, c.lost] for kind, c in one.kinds.items()}}
            for one in found.days
        ],
    }  # fmt: skip


def plan_of(version: TemplateVersion) -> MovePlan | None:
    """The list of visits that the version makes move."""
    plans = MovePlan.objects.unscoped("the version is visible")
    found: MovePlan | None = plans.filter(cause=Cause.TEMPLATE, cause_id=version.pk).first()
    return found
