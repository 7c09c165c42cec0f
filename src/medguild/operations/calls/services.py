"""Writing down calls: one at a time, or a telephone system's file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from medguild.foundation.access.demand import demand
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.csv_tables import UnreadableTable
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Person
from medguild.foundation.ui.csv_words import refuse_table
from medguild.operations.calls.alerts import judge_call
from medguild.operations.calls.call_backs import FRESH, follow_up
from medguild.operations.calls.csv_rules import BadRow, GoodRow, read_calls
from medguild.operations.calls.models import Call
from medguild.operations.calls.permissions import CallsRight
from medguild.operations.calls.recording import IMPORTED, LOGGED
from medguild.operations.calls.rules import CallFacts, problem_of
from medguild.operations.calls.standards import targets_at
from medguild.operations.calls.words import PROBLEMS
from medguild.patients.identity.models import Patient

_ONCE = "a call is kept once, whoever tells of it"
_BATCH = 2_000


@dataclass(slots=True)
class CallImport:
    """What became of a file: rows read, calls kept, calls known already, rows left out with the reason."""

    read: int = 0
    kept: int = 0
    known: int = 0
    bad: list[BadRow] = field(default_factory=list)


@transaction.atomic
def log_call(
    *,
    site: Site,
    call: CallFacts,
    by: Actor,
    patient: Patient | None = None,
    answered_by: Person | None = None,
    at: dt.datetime | None = None,
) -> Call:
    """Keep one call; where nobody answered, somebody is asked to call back.

    A call with a `source_id` that is on file is returned as it stands. Raises NotAllowed, Refusal for times that
    cannot be right. The caller has checked that the actor may see the patient.
    """
    demand(by, CallsRight.LOG, site.unit_id)
    moment = at or now()
    problem = problem_of(call, now=moment)
    if problem is not None:
        raise Refusal(str(PROBLEMS[problem]), code=f"call_{problem}")
    kept = _row(site.unit_id, call, patient, answered_by if call.answered_at else None)
    made = Call.objects.unscoped(_ONCE).bulk_create([kept], ignore_conflicts=True)[0]
    held: Call | None = Call.objects.unscoped(_ONCE).filter(pk=made.pk).first()
    if held is None:
        return Call.objects.unscoped(_ONCE).get(site_id=site.unit_id, source_id=call.source_id)
    record(
        LOGGED, subject=SubjectRef("call", held.pk, held.label()), by=by, unit_id=site.unit_id,
        patient_id=held.patient_id, occurred_at=held.received_at, data={"site_id": site.unit_id, "reason": held.reason},
    )  # fmt: skip
    follow_up(held, by=by, short=targets_at(site.unit_id).short_abandon, at=moment)
    judge_call(held, by=by, at=moment)
    return held


def _row(site_id: UUID, call: CallFacts, patient: Patient | None = None, answered_by: Person | None = None) -> Call:
    return Call(
        site_id=site_id, direction=call.direction, reason=call.reason, queue=call.queue, received_at=call.received_at,
        answered_at=call.answered_at, ended_at=call.ended_at, hold_seconds=call.hold_seconds, abandoned=call.abandoned,
        phone=call.phone, patient=patient, answered_by=answered_by, source_id=call.source_id,
    )  # fmt: skip


@transaction.atomic
def import_calls(*, content: bytes, site: Site, by: Actor, at: dt.datetime | None = None) -> CallImport:
    """Take in a CSV file of one site (see `csv_rules` for its columns). Good rows are kept, bad ones told with their
    line; a call on file stays as it is, so that a corrected file can be sent again whole.

    Raises NotAllowed, and Refusal for a file that is no table of calls.
    """
    demand(by, CallsRight.IMPORT, site.unit_id)
    moment = at or now()
    found = CallImport()
    try:
        rows = list(_good(read_calls(content, zone=site.time_zone, now=moment), found))
    except UnreadableTable as wrong:
        raise refuse_table(wrong, code="calls_unreadable") from None
    batches = (rows[begin : begin + _BATCH] for begin in range(0, len(rows), _BATCH))
    fresh = [call for batch in batches for call in _keep(batch, site.unit_id, found)]
    if found.kept:
        _tell(found, site, by)
    short = targets_at(site.unit_id).short_abandon
    recent = [call for call in fresh if call.received_at >= moment - FRESH]
    for call in sorted(recent, key=lambda one: one.received_at):
        follow_up(call, by=by, short=short, at=moment)
        judge_call(call, by=by, at=moment)
    return found


def _good(rows: Iterator[GoodRow | BadRow], found: CallImport) -> Iterator[CallFacts]:
    for row in rows:
        found.read += 1
        if isinstance(row, BadRow):
            found.bad.append(row)
        else:
            yield row.call


def _keep(batch: Iterable[CallFacts], site_id: UUID, found: CallImport) -> list[Call]:
    """Write what is not on file; returns what was written."""
    calls = {call.source_id: _row(site_id, call) for call in batch}
    Call.objects.unscoped(_ONCE).bulk_create(calls.values(), ignore_conflicts=True)
    ids = [call.pk for call in calls.values()]
    kept = set(Call.objects.unscoped(_ONCE).filter(pk__in=ids).values_list("pk", flat=True))
    found.kept += len(kept)
    found.known += len(calls) - len(kept)
    return [call for call in calls.values() if call.pk in kept]


def _tell(found: CallImport, site: Site, by: Actor) -> None:
    record(
        IMPORTED, subject=SubjectRef("unit", site.unit_id, site.unit.name), by=by, unit_id=site.unit_id,
        data={"kept": found.kept, "known": found.known, "bad": len(found.bad)},
    )  # fmt: skip


def told(row: BadRow) -> str:
    """What is wrong with a row, for people."""
    words = str(PROBLEMS[row.problem])
    return _("%(column)s: %(words)s") % {"column": row.column, "words": words} if row.column else words
