"""Versions of templates for tests: a clinician with a Monday morning and a draft of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from uuid import UUID

from medguild.foundation.kernel.actor import Actor
from medguild.operations.scheduling.models import Appointment, VisitType
from medguild.operations.templates.block_rules import BlockDraft
from medguild.operations.templates.drafting import begin_version, blocks_of, write_version
from medguild.operations.templates.models import PlannedMove, TemplateVersion
from medguild.operations.templates.previewing import plan_of, preview_version
from tests.factories.scheduling import Schedule


def begin(plan: Schedule, by: Actor, start: dt.date | None = None) -> TemplateVersion:
    """A draft from the Monday on, with the Monday morning that stands."""
    _ = plan.session
    return begin_version(clinician=plan.clinician, start=start or plan.monday, by=by)


def rewrite(version: TemplateVersion, by: Actor, **changes: object) -> TemplateVersion:
    """All blocks of the draft with these changes."""
    blocks = [replace(block, **changes) for block in blocks_of(version)]  # type: ignore[arg-type]
    return write_version(version=version, blocks=blocks, by=by)


def a_block(unit_id: UUID, kind: VisitType, **changes: object) -> BlockDraft:
    fields: dict[str, object] = {
        "unit_id": unit_id, "weekday": 0, "start_minute": 540, "end_minute": 720, "step_minutes": 20,
        "visit_types": {kind.pk: kind.minutes},
    }  # fmt: skip
    return BlockDraft(**(fields | changes))  # type: ignore[arg-type]


def previewed(plan: Schedule, by: Actor, **changes: object) -> TemplateVersion:
    return preview_version(version=rewrite(begin(plan, by), by, **changes), by=by)


def moves_of(version: TemplateVersion) -> list[PlannedMove]:
    plan = plan_of(version)
    rows = PlannedMove.objects.unscoped("test").filter(plan=plan)
    return list(rows.select_related("appointment").order_by("was_start"))


def fresh(appointment: Appointment) -> Appointment:
    found: Appointment = Appointment.objects.unscoped("test").get(pk=appointment.pk)
    return found
