"""Drafts of a clinician's template: begun from what holds, or from a colleague's; many blocks written at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now, today
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.people import Clinician
from medguild.operations.scheduling.checks import refuse_invisible
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.protocol import lock_resources
from medguild.operations.scheduling.week_rules import first_clash
from medguild.operations.scheduling.words import WEEKDAYS
from medguild.operations.templates.block_rules import BlockDraft, first_week
from medguild.operations.templates.blocks import (
    drafts_of_sessions,
    drafts_of_version,
    sessions_from,
    write_blocks,
)
from medguild.operations.templates.errors import BadBlock, WrongState
from medguild.operations.templates.models import MovePlan, TemplateVersion
from medguild.operations.templates.rules import OPEN_STATES, Cause, VersionStatus

DRAFTED = declare_event("template.drafted", gettext_lazy("New version of a template begun"), icon="calendar-cog")
CHANGED = declare_event("template.changed", gettext_lazy("Draft of a template changed"), icon="calendar-cog")
DISCARDED = declare_event("template.discarded", gettext_lazy("Draft of a template thrown away"), icon="trash")

_WHOLE = "a clinician's template is one over all sites"


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A block as the comparison of weeks reads it."""

    weekday: int
    start_minute: int
    end_minute: int
    every_weeks: int
    anchor: dt.date
    first_day: dt.date
    end_day: dt.date | None = None


def keep_of(version: TemplateVersion) -> UUID:
    """The unit whose right a version asks for first: the clinician's home."""
    home: UUID = version.clinician.resource.unit_id
    return home


@transaction.atomic
def begin_version(
    *,
    clinician: Clinician,
    start: dt.date,
    by: Actor,
    name: str = "",
    copy_of: Clinician | None = None,
    as_of: dt.date | None = None,
    at: dt.datetime | None = None,
) -> TemplateVersion:
    """A draft that holds from a day on, with the blocks that hold then (or on another day), or with those of `copy_of`.

    The first draft of a clinician keeps what stands until then as version 1, so that its history is whole.
    Raises NotVisible, NotAllowed, Refusal for a day that is over.
    """
    refuse_invisible(by, clinician.resource.unit_id, SchedulingRight.TEMPLATES)
    refuse_past(start)
    lock_resources([clinician.resource_id])
    moment = at or now()
    newest = _newest(clinician) or _keep_what_stands(clinician, moment)
    source = copy_of or clinician
    day = as_of or start
    live = [row for row in sessions_from(source.pk, day) if row.first_day <= day]
    version = TemplateVersion.objects.create(
        clinician=clinician, number=newest + 1, name=name.strip() or _("Version %(n)d") % {"n": newest + 1},
        period=DateRange(start, None), written_by=by.label, written_at=moment,
    )  # fmt: skip
    write_blocks(version, drafts_of_sessions(live).values())
    tell(DRAFTED, version, by, {"start": start, "copied": copy_of is not None})
    return version


def _newest(clinician: Clinician) -> int:
    rows = TemplateVersion.objects.unscoped(_WHOLE).filter(clinician=clinician)
    return rows.aggregate(newest=Max("number"))["newest"] or 0


def _keep_what_stands(clinician: Clinician, moment: dt.datetime) -> int:
    """Version 1: the sessions of today, or nothing."""
    live = [row for row in sessions_from(clinician.pk, today()) if row.first_day <= today()]
    if not live:
        return 0
    first = min(row.first_day for row in live)
    version = TemplateVersion.objects.create(
        clinician=clinician, number=1, name=_("As it stood"), status=VersionStatus.APPLIED, written_at=moment,
        period=DateRange(first, None), applied_at=moment,
    )  # fmt: skip
    write_blocks(version, drafts_of_sessions(live).values())
    return 1


@transaction.atomic
def write_version(
    *,
    version: TemplateVersion,
    blocks: Sequence[BlockDraft],
    by: Actor,
    start: dt.date | None = None,
    name: str | None = None,
    note: str | None = None,
) -> TemplateVersion:
    """Write all blocks of a draft anew. A preview made before is thrown away.

    Raises BadBlock where a block makes no sense or meets another, WrongState where the version is applied.
    """
    held = open_draft(version, by)
    first = start or held.period.lower
    refuse_past(first)
    refuse_bad_blocks(blocks, first)
    held.period = DateRange(first, None)
    held.name = (name if name is not None else held.name).strip() or held.name
    held.note = note if note is not None else held.note
    held.status, held.previewed_at, held.basis, held.effect = VersionStatus.DRAFT, None, "", {}
    held.save()
    MovePlan.objects.unscoped(_WHOLE).filter(cause=Cause.TEMPLATE, cause_id=held.pk).delete()
    write_blocks(held, blocks)
    tell(CHANGED, held, by, {"start": first, "blocks": len(blocks)})
    return held


@transaction.atomic
def copy_blocks(*, version: TemplateVersion, source: Clinician, by: Actor) -> TemplateVersion:
    """Replace a draft's blocks by those of another clinician, as they hold on the draft's day."""
    live = [row for row in sessions_from(source.pk, version.period.lower) if row.first_day <= version.period.lower]
    return write_version(version=version, blocks=list(drafts_of_sessions(live).values()), by=by)


@transaction.atomic
def discard_version(*, version: TemplateVersion, by: Actor) -> None:
    """Throw a draft away with its preview."""
    held = open_draft(version, by)
    MovePlan.objects.unscoped(_WHOLE).filter(cause=Cause.TEMPLATE, cause_id=held.pk).delete()
    tell(DISCARDED, held, by, {})
    held.delete()


def open_draft(version: TemplateVersion, by: Actor) -> TemplateVersion:
    """The version, locked, as long as it may be changed."""
    refuse_invisible(by, keep_of(version), SchedulingRight.TEMPLATES)
    held: TemplateVersion = (
        TemplateVersion.objects.unscoped(_WHOLE)
        .select_for_update(of=("self",))
        .select_related("clinician__resource", "clinician__person")
        .get(pk=version.pk)
    )
    if held.status not in OPEN_STATES:
        raise WrongState(_("This version is applied already. Begin a new one to change the template."))
    return held


def refuse_past(start: dt.date) -> None:
    if start < today():
        raise Refusal(_("A version begins today or later: what is past stays as it was."), field="start")


def refuse_bad_blocks(blocks: Sequence[BlockDraft], start: dt.date) -> None:
    """Each block for itself, and each with each."""
    for block in blocks:
        _refuse_bad_block(block)
    patterns = [_pattern(block, start) for block in blocks]
    for one, other in combinations(patterns, 2):
        if first_clash(one, other) is not None:
            raise BadBlock(
                _("Two blocks meet on %(day)s. A clinician is at one place at a time.")
                % {"day": _weekday(one.weekday)},
                code="blocks_meet",
            )


def _refuse_bad_block(block: BlockDraft) -> None:
    where = {"day": _weekday(block.weekday)}
    length = block.end_minute - block.start_minute
    if length <= 0:
        raise BadBlock(_("A block on %(day)s ends before it starts.") % where)
    if not block.visit_types:
        raise BadBlock(_("A block on %(day)s takes no kind of visit. Choose at least one.") % where)
    if min(minutes or 0 for minutes in block.visit_types.values()) > length:
        raise BadBlock(_("No visit fits into a block on %(day)s: it is shorter than any.") % where)
    for part in block.held:
        if not block.start_minute <= part.start_minute < part.end_minute <= block.end_minute:
            raise BadBlock(_("A held part on %(day)s must lie inside its block.") % where, code="held_outside")


def _pattern(block: BlockDraft, start: dt.date) -> _Pattern:
    anchor = block.anchor or first_week(start, block.weekday)
    return _Pattern(block.weekday, block.start_minute, block.end_minute, block.every_weeks, anchor, start)


def _weekday(number: int) -> str:
    return str(WEEKDAYS[number])


def blocks_of(version: TemplateVersion) -> list[BlockDraft]:
    return list(drafts_of_version(version).values())


def tell(event: str, version: TemplateVersion, by: Actor, data: dict[str, object]) -> None:
    record(
        event,
        subject=SubjectRef("template_version", version.pk, version.clinician.label()),
        by=by,
        unit_id=keep_of(version),
        data={"clinician_id": version.clinician_id, "number": version.number, **data},
    )


def live_blocks(clinician_id: UUID, day: dt.date) -> list[BlockDraft]:
    """The weekly sessions that hold on a day, as blocks."""
    live = [row for row in sessions_from(clinician_id, day) if row.first_day <= day]
    return list(drafts_of_sessions(live).values())
