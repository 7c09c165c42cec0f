"""From a day on a clinician's sessions are those of a version: what is the same stays, the rest ends or begins."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from uuid import UUID

from django.db import IntegrityError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils.translation import gettext as _

from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.selectors import entity_of
from medguild.operations.scheduling.errors import SessionOverlaps
from medguild.operations.scheduling.held_models import HeldBlock
from medguild.operations.scheduling.models import Appointment, Session, SessionException, SessionVisitType
from medguild.operations.scheduling.week_rules import first_clash, is_held
from medguild.operations.templates.block_rules import BlockDraft, first_week
from medguild.operations.templates.blocks import (
    drafts_of_sessions,
    drafts_of_version,
    sessions_from,
)
from medguild.operations.templates.models import TemplateBlock, TemplateVersion

_WHOLE = "a clinician's template is one over all sites"


def put_sessions(version: TemplateVersion) -> None:
    """Make the sessions follow the version from its first day on. Call it under the clinician's lock.

    The number of statements does not depend on how many blocks or visits there are. Cancelled days go over to what
    takes the place of a session. Raises SessionOverlaps where an extra session stands in the way.
    """
    start: dt.date = version.period.lower
    live = sessions_from(version.clinician_id, start)
    wanted = drafts_of_version(version)
    kept = _matches(live, wanted, start)
    gone = [row for row in live if row.pk not in kept.values()]
    cancelled = _exceptions(gone, start)  # a session that never comes takes its own with it
    _end(gone, start)
    made = _begin(version, {block: draft for block, draft in wanted.items() if block not in kept})
    _carry_exceptions(cancelled, gone, list(made.values()))
    blocks = [TemplateBlock(pk=block, session_id=session) for block, session in kept.items()]
    blocks += [TemplateBlock(pk=block, session_id=row.pk) for block, row in made.items()]
    TemplateBlock.objects.unscoped(_WHOLE).bulk_update(blocks, ["session"])


def _matches(live: list[Session], wanted: dict[UUID, BlockDraft], start: dt.date) -> dict[UUID, UUID]:
    """Block -> session that holds on for ever and is the same."""
    drafts = drafts_of_sessions(live)
    same: dict[tuple[object, ...], list[UUID]] = defaultdict(list)
    for row in live:
        if row.end_day is None and row.first_day <= start:
            same[drafts[row.pk].key(start)].append(row.pk)
    return {block: found.pop() for block, draft in wanted.items() if (found := same.get(draft.key(start)))}


def _end(gone: list[Session], start: dt.date) -> None:
    """Sessions that began before end on the day; those that would have begun later never do."""
    begun = [row for row in gone if row.first_day < start]
    later = [row.pk for row in gone if row.first_day >= start]
    for row in begun:
        row.period = DateRange(row.first_day, start)
    Session.objects.unscoped(_WHOLE).bulk_update(begun, ["period"])
    if later:
        booked = Appointment.objects.unscoped(_WHOLE).filter(session_id__in=later)
        booked.update(session=None)
        Session.objects.unscoped(_WHOLE).filter(pk__in=later).delete()


def _begin(version: TemplateVersion, drafts: dict[UUID, BlockDraft]) -> dict[UUID, Session]:
    start = version.period.lower
    entities = {unit_id: entity_of(unit_id, on=start) for unit_id in {draft.unit_id for draft in drafts.values()}}
    rows: dict[UUID, Session] = {}
    for block, draft in drafts.items():
        entity = entities[draft.unit_id]
        if entity is None:
            raise Refusal(_("A site of the template belongs to no entity on this day."), code="site_not_open")
        rows[block] = Session(
            clinician_id=version.clinician_id, unit_id=draft.unit_id, entity=entity, room_id=draft.room_id,
            weekday=draft.weekday, start_minute=draft.start_minute, end_minute=draft.end_minute,
            every_weeks=draft.every_weeks, anchor=draft.anchor or first_week(start, draft.weekday),
            period=DateRange(start, None), step_minutes=draft.step_minutes, capacity=draft.capacity,
            overbook_limit=draft.overbook_limit,
        )  # fmt: skip
    _refuse_extra_sessions(version, rows.values())
    try:
        Session.objects.bulk_create(rows.values())
    except IntegrityError as error:
        raise SessionOverlaps(_("Two sessions of the clinician meet. Look at the blocks again.")) from error
    SessionVisitType.objects.bulk_create(
        SessionVisitType(session=row, visit_type_id=kind, minutes=minutes)
        for block, row in rows.items()
        for kind, minutes in drafts[block].visit_types.items()
    )
    HeldBlock.objects.bulk_create(
        HeldBlock(session=row, **{**part._asdict(), "visit_types": list(part.visit_types)})
        for block, row in rows.items()
        for part in drafts[block].held
    )
    return rows


def _refuse_extra_sessions(version: TemplateVersion, made) -> None:  # type: ignore[no-untyped-def]
    """An extra session to come may not meet a new weekly one."""
    extra = Session.objects.unscoped(_WHOLE).filter(
        Q(period__endswith__gt=version.period.lower), clinician_id=version.clinician_id, extra=True
    )
    for other in extra:
        for row in made:
            day = first_clash(row, other)
            if day is not None:
                raise SessionOverlaps(
                    _("An extra session on %(day)s stands in the way. End it first, or choose other hours.")
                    % {"day": day.isoformat()},
                    field="start",
                )


def _exceptions(gone: list[Session], start: dt.date) -> list[SessionException]:
    rows = SessionException.objects.unscoped(_WHOLE)
    return list(rows.filter(session_id__in=[row.pk for row in gone], day__gte=start))


def _carry_exceptions(rows: list[SessionException], gone: list[Session], made: list[Session]) -> None:
    """A day on which a session was cancelled stays cancelled for what stands in its place there."""
    by_id = {row.pk: row for row in gone}
    carried: dict[tuple[UUID, dt.date], SessionException] = {}
    for exception in rows:
        old = by_id[exception.session_id]
        for row in made:
            meets = row.start_minute < old.end_minute and row.end_minute > old.start_minute
            if row.unit_id == old.unit_id and meets and is_held(row, exception.day):
                carried.setdefault(
                    (row.pk, exception.day),
                    SessionException(session=row, day=exception.day, reason=exception.reason),
                )
    SessionException.objects.bulk_create(carried.values())
