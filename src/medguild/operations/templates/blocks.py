"""Blocks read from live sessions and from versions, and written into a version."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from medguild.operations.scheduling.held_models import HeldBlock
from medguild.operations.scheduling.models import Session, SessionVisitType
from medguild.operations.templates.block_rules import BlockDraft, HeldDraft
from medguild.operations.templates.models import TemplateBlock, TemplateHeld, TemplateKind, TemplateVersion

_WHOLE = "a clinician is one person at all sites"


def sessions_from(clinician_id: UUID, day: dt.date) -> list[Session]:
    """Weekly sessions (no extra ones) that hold on the day or later, whoever asks; by weekday and time."""
    lasting = Q(period__endswith__gt=day) | Q(period__endswith__isnull=True)
    rows = Session.objects.unscoped(_WHOLE).filter(lasting, clinician_id=clinician_id, extra=False)
    return list(rows.order_by("weekday", "start_minute", "unit_id", "pk"))


def drafts_of_sessions(sessions: Iterable[Session]) -> dict[UUID, BlockDraft]:
    """Live sessions as blocks, by session; three queries."""
    rows = list(sessions)
    ids = [row.pk for row in rows]
    kinds: dict[UUID, dict[UUID, int | None]] = {pk: {} for pk in ids}
    for one in SessionVisitType.objects.unscoped(_WHOLE).filter(session_id__in=ids):
        kinds[one.session_id][one.visit_type_id] = one.minutes
    held: dict[UUID, list[HeldDraft]] = {pk: [] for pk in ids}
    for part in HeldBlock.objects.unscoped(_WHOLE).filter(session_id__in=ids).order_by("start_minute"):
        held[part.session_id].append(_held(part))
    return {row.pk: _draft(row, kinds[row.pk], held[row.pk]) for row in rows}


def drafts_of_version(version: TemplateVersion) -> dict[UUID, BlockDraft]:
    """The blocks of a version, by block; three queries."""
    rows = list(
        TemplateBlock.objects.unscoped(_WHOLE)
        .filter(version=version)
        .order_by("weekday", "start_minute", "unit_id", "pk")
    )
    kinds: dict[UUID, dict[UUID, int | None]] = {row.pk: {} for row in rows}
    for one in TemplateKind.objects.unscoped(_WHOLE).filter(block__version=version):
        kinds[one.block_id][one.visit_type_id] = one.minutes
    held: dict[UUID, list[HeldDraft]] = {row.pk: [] for row in rows}
    for part in TemplateHeld.objects.unscoped(_WHOLE).filter(block__version=version).order_by("start_minute"):
        held[part.block_id].append(_held(part))
    return {row.pk: _draft(row, kinds[row.pk], held[row.pk]) for row in rows}


def _held(part: HeldBlock | TemplateHeld) -> HeldDraft:
    return HeldDraft(
        part.start_minute, part.end_minute, part.purpose, tuple(part.visit_types), part.release_days,
        part.release_hours,
    )  # fmt: skip


def _draft(row: Session | TemplateBlock, kinds: dict[UUID, int | None], held: list[HeldDraft]) -> BlockDraft:
    return BlockDraft(
        unit_id=row.unit_id, weekday=row.weekday, start_minute=row.start_minute, end_minute=row.end_minute,
        visit_types=kinds, step_minutes=row.step_minutes, capacity=row.capacity, overbook_limit=row.overbook_limit,
        every_weeks=row.every_weeks, anchor=row.anchor, room_id=row.room_id, held=tuple(held),
    )  # fmt: skip


def write_blocks(version: TemplateVersion, drafts: Iterable[BlockDraft]) -> None:
    """Replace the blocks of a version; the number of statements does not depend on theirs."""
    TemplateBlock.objects.unscoped(_WHOLE).filter(version=version).delete()
    rows, kinds, held = [], [], []
    for draft in drafts:
        row = TemplateBlock(
            version=version, unit_id=draft.unit_id, room_id=draft.room_id, weekday=draft.weekday,
            start_minute=draft.start_minute, end_minute=draft.end_minute, every_weeks=draft.every_weeks,
            anchor=draft.anchor, step_minutes=draft.step_minutes, capacity=draft.capacity,
            overbook_limit=draft.overbook_limit,
        )  # fmt: skip
        rows.append(row)
        kinds += [TemplateKind(block=row, visit_type_id=kind, minutes=n) for kind, n in draft.visit_types.items()]
        held += [TemplateHeld(block=row, **part._asdict()) for part in draft.held]
    TemplateBlock.objects.bulk_create(rows)
    TemplateKind.objects.bulk_create(kinds)
    TemplateHeld.objects.bulk_create(held)


def basis_of(sessions: Iterable[Session]) -> str:
    """A mark of live sessions: it changes with any of them."""
    drafts = drafts_of_sessions(rows := list(sessions))
    said = sorted(f"{row.pk} {row.period} {drafts[row.pk]!r}" for row in rows)
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:32]
