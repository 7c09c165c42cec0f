"""Writing the list of visits that a change makes move. Choices made before stay where nothing else has changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from medguild.foundation.organization.people import Clinician
from medguild.operations.templates.models import MovePlan, PlannedMove
from medguild.operations.templates.preview_rules import Visit
from medguild.operations.templates.proposal_rules import Proposal
from medguild.operations.templates.rules import Cause, Choice, MoveStatus, PlanStatus, Trouble

_WHOLE = "the list belongs to a change that the actor may make"


def write_plan(
    *,
    cause: Cause,
    cause_id: UUID,
    unit_id: UUID,
    clinician: Clinician | None,
    first_day: dt.date,
    troubles: Sequence[tuple[Visit, Trouble]],
    proposals: Mapping[UUID, Proposal | None],
    at: dt.datetime,
) -> MovePlan:
    """The list of a cause, made or made anew. Visits that are settled already stay on it as they are."""
    plan, _made = MovePlan.objects.unscoped(_WHOLE).get_or_create(
        cause=cause, cause_id=cause_id,
        defaults={"unit_id": unit_id, "clinician": clinician, "first_day": first_day, "made_at": at},
    )  # fmt: skip
    plan.first_day, plan.made_at = first_day, at
    if plan.status == PlanStatus.DONE and troubles:
        plan.status, plan.finished_at = PlanStatus.RUNNING, None
    if cause != Cause.TEMPLATE and not troubles:
        plan.status, plan.finished_at = PlanStatus.DONE, at
    plan.save()
    open_rows = PlannedMove.objects.unscoped(_WHOLE).filter(plan=plan, status__in=[MoveStatus.OPEN, MoveStatus.FAILED])
    before = {row.appointment_id: row for row in open_rows}
    open_rows.delete()
    settled = set(PlannedMove.objects.unscoped(_WHOLE).filter(plan=plan).values_list("appointment_id", flat=True))
    rows = [
        _row(plan, visit, trouble, proposals.get(visit.id), before.get(visit.id))
        for visit, trouble in troubles
        if visit.id not in settled
    ]
    PlannedMove.objects.bulk_create(rows, batch_size=1000)
    return plan


def _row(
    plan: MovePlan, visit: Visit, trouble: Trouble, proposal: Proposal | None, before: PlannedMove | None
) -> PlannedMove:
    row = PlannedMove(plan=plan, appointment_id=visit.id, unit_id=visit.unit_id, was_start=instant(visit.start),
                      trouble=trouble)  # fmt: skip
    if proposal is not None:
        row.to_start, row.why = instant(proposal.start), proposal.why
        row.to_clinician_id, row.to_unit_id = proposal.clinician_id, proposal.unit_id
    if before is None or before.was_start != row.was_start:
        return row
    if before.choice == Choice.OTHER:
        row.to_start, row.why = before.to_start, ""
        row.to_clinician_id, row.to_unit_id = before.to_clinician_id, before.to_unit_id
    same = (before.to_start, before.to_clinician_id) == (row.to_start, row.to_clinician_id)
    if same or before.choice in (Choice.KEEP, Choice.BUMP):
        row.choice, row.chosen_by = before.choice, before.chosen_by
    return row


def instant(minute: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(minute * 60, dt.UTC)
