"""Templates that change: held parts, one that was changed weeks ago, a version to come, a previewed one to decide on,
holidays that are closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange

from medguild.demo import plan
from medguild.demo.group import LOADER, Group
from medguild.demo.schedule import changed_on
from medguild.foundation.kernel.clock import at_local
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Clinician
from medguild.operations.scheduling.held_models import HeldBlock
from medguild.operations.scheduling.held_rules import Purpose
from medguild.operations.scheduling.models import Session
from medguild.operations.templates.applying import apply_version
from medguild.operations.templates.block_rules import BlockDraft, HeldDraft
from medguild.operations.templates.blocks import drafts_of_sessions, sessions_from, write_blocks
from medguild.operations.templates.closing import close_days
from medguild.operations.templates.drafting import begin_version, blocks_of, write_version
from medguild.operations.templates.holiday_rules import holidays_of
from medguild.operations.templates.models import TemplateVersion
from medguild.operations.templates.preview_rules import WINDOWS
from medguild.operations.templates.previewing import preview_version
from medguild.operations.templates.rules import VersionStatus

_HELD_SESSIONS = 2  # of five, per clinician
_AHEAD = dt.timedelta(days=60)


def plan_templates(group: Group, size: plan.Size, today: dt.date) -> None:
    """All through the services, except the held parts of sessions that stand, and what is past."""
    _hold_parts(group)
    _changed_in_the_past(group.clinicians[plan.TEMPLATE_CHANGE.site][0], changed_on(today))
    riverside, *others = (group.clinicians[place] for place in ("riverside", "northgate", "heart"))
    everybody = [*riverside, *(one for clinicians in others for one in clinicians)]
    _cut_down(everybody[0], today + dt.timedelta(weeks=2))
    _extend(everybody[1], today + dt.timedelta(weeks=4))
    _close_holidays(group, today)


def _hold_parts(group: Group) -> None:
    """The last hour of two sessions of each clinician is kept for those who call on the day, or for what is urgent."""
    everybody = [one.pk for clinicians in group.clinicians.values() for one in clinicians]
    rows = Session.objects.unscoped("the loader writes the templates").filter(clinician_id__in=everybody)
    seen: dict[object, int] = {}
    held = []
    for session in rows.order_by("clinician_id", "weekday", "start_minute"):
        number = seen[session.clinician_id] = seen.get(session.clinician_id, 0) + 1
        if number > _HELD_SESSIONS:
            continue
        same_day = number == 1
        held.append(
            HeldBlock(
                session=session, start_minute=session.end_minute - 60, end_minute=session.end_minute,
                purpose=Purpose.SAME_DAY if same_day else Purpose.URGENT,
                release_days=0 if same_day else None, release_hours=None if same_day else 48,
            )
        )  # fmt: skip
    HeldBlock.objects.bulk_create(held)


def _changed_in_the_past(clinician: Clinician, on: dt.date) -> None:
    """The versions before and after the change that the sessions of `schedule` have made already."""
    rows = drafts_of_sessions(sessions_from(clinician.pk, on))
    sessions = Session.objects.unscoped("the loader writes the templates").in_bulk(rows)
    stood = {pk: draft for pk, draft in rows.items() if sessions[pk].period.lower < on}
    decided = at_local(on - dt.timedelta(weeks=3), dt.time(16, 20), plan.TIME_ZONE)
    first = min(session.period.lower for session in sessions.values())
    for number, name, drafts, period, status in (
        (1, "As it stood", stood, DateRange(first, on), VersionStatus.SUPERSEDED),
        (2, "A sixth half day", rows, DateRange(on, None), VersionStatus.APPLIED),
    ):
        version = TemplateVersion.objects.create(
            clinician=clinician, number=number, name=name, status=status, period=period, written_by=LOADER.label,
            written_at=decided, applied_at=decided, effect=_effect(stood, rows) if number > 1 else {},
            note="Patients are squeezed in each day, and the day runs late" if number > 1 else "",
        )  # fmt: skip
        write_blocks(version, drafts.values())


def _effect(before: Mapping[UUID, BlockDraft], after: Mapping[UUID, BlockDraft]) -> dict[str, object]:
    """What the preview of a change that moves nobody keeps."""
    old, new = (sum(one.end_minute - one.start_minute for one in some.values()) for some in (before, after))
    windows = [
        {"days": days, "minutes_before": old * days // 7, "minutes_after": new * days // 7, "kinds": {}}
        for days in WINDOWS
    ]
    return {"affected": 0, "proposed": 0, "windows": windows, "days": []}


def _extend(clinician: Clinician, start: dt.date) -> None:
    """Applied, begins in four weeks: an evening more, part of it held for new patients."""
    version = begin_version(clinician=clinician, start=start, name="With an evening", by=LOADER)
    blocks = blocks_of(version)
    free = next(day for day in range(5) if all(block.weekday != day or block.end_minute <= 1020 for block in blocks))
    evening = replace(
        blocks[0], weekday=free, start_minute=1080, end_minute=1200, anchor=None,
        held=(HeldDraft(1080, 1140, Purpose.NEW_PATIENTS, release_days=3),),
    )  # fmt: skip
    version = write_version(
        version=version, blocks=[*blocks, evening], by=LOADER, note="People who work ask for evenings"
    )
    apply_version(version=preview_version(version=version, by=LOADER), by=LOADER)


def _cut_down(clinician: Clinician, start: dt.date) -> None:
    """Previewed, to be decided: mornings end an hour earlier, so visits must move."""
    version = begin_version(clinician=clinician, start=start, name="Shorter days", by=LOADER)
    blocks = [_shorter(block) for block in blocks_of(version)]
    version = write_version(version=version, blocks=blocks, by=LOADER, note="The day runs over by an hour")
    preview_version(version=version, by=LOADER)


def _shorter(block: BlockDraft) -> BlockDraft:
    end = block.end_minute - 60
    return replace(block, end_minute=end, held=tuple(part for part in block.held if part.end_minute <= end))


def _close_holidays(group: Group, today: dt.date) -> None:
    """The sites of the group are closed on the holidays of the next two months; what is booked then is listed."""
    for key in (site.key for entity in plan.GROUP for site in entity.sites):
        site = Site.objects.select_related("unit").get(unit=group.units[key])
        found = [one.day for year in (today.year, today.year + 1) for one in holidays_of(site.state, year)]
        coming = [day for day in found if today < day <= today + _AHEAD]
        close_days(site=site, days=coming, by=LOADER)
