"""Applying a version: the sessions change all at once, then its visits are moved one by one by a job."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from medguild.foundation.events.ports import declare_event
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.operations.scheduling.checks import refuse_invisible
from medguild.operations.scheduling.models import Appointment, Session
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.protocol import guarded_transaction, lock_resources
from medguild.operations.scheduling.rooming import house, look_again, rehouse, usual_rooms, want_rooms, without_room
from medguild.operations.scheduling.week_rules import SessionPattern
from medguild.operations.templates.blocks import basis_of, drafts_of_sessions, sessions_from
from medguild.operations.templates.calendars import kinds_of, read_calendars
from medguild.operations.templates.drafting import blocks_of, keep_of, open_draft, refuse_past, tell
from medguild.operations.templates.errors import PreviewStale, WrongState
from medguild.operations.templates.limits import refuse_outside
from medguild.operations.templates.models import MovePlan, PlannedMove, TemplateVersion
from medguild.operations.templates.moving import nothing_left, start_moving
from medguild.operations.templates.preview_rules import Template, Visit, affected, home_of
from medguild.operations.templates.previewing import plan_of, visits_to_come
from medguild.operations.templates.rules import IN_FORCE, VersionStatus
from medguild.operations.templates.sessions import put_sessions

APPLIED = declare_event("template.applied", gettext_lazy("Version of a template applied"), icon="calendar-check")
SUPERSEDED = declare_event("template.superseded", gettext_lazy("Version of a template superseded"), icon="calendar-off")

_WHOLE = "a clinician's template is one over all sites"
_FAR = dt.timedelta(days=400)


def apply_version(*, version: TemplateVersion, by: Actor, at: dt.datetime | None = None) -> TemplateVersion:
    """Make a previewed version hold from its day on, and start moving its visits as was chosen.

    All sessions change in one transaction. Raises WrongState without a preview, PreviewStale when sessions or visits
    changed since, OutsideLimits, NotAllowed where the actor does not keep a touched site, SessionOverlaps.
    """
    return guarded_transaction(partial(_apply, version, by, at or now()))


def _apply(version: TemplateVersion, by: Actor, moment: dt.datetime) -> TemplateVersion:
    lock_resources([version.clinician.resource_id])
    held = open_draft(version, by)
    start: dt.date = held.period.lower
    refuse_past(start)
    if held.status != VersionStatus.PREVIEWED:
        raise WrongState(_("Look at the preview first: it says which visits must move."))
    live = sessions_from(held.clinician_id, start)
    if basis_of(live) != held.basis:
        raise PreviewStale(_("The sessions were changed since the preview. Make the preview again."))
    blocks = blocks_of(held)
    _refuse_foreign_sites(held, by)
    refuse_outside(blocks, clinician_id=held.clinician_id, on=start)
    visits = visits_to_come(held, moment)
    before = _template(held, visits, moment)
    booked = {visit.id for visit in visits}
    was, roomless = (usual_rooms(booked), without_room(booked)) if booked else ({}, set())
    put_sessions(held)
    after = _template(held, visits, moment)
    plan = plan_of(held)
    _refuse_stale(plan, [visit for visit, _trouble in affected(visits, before, after)])
    homes = _give_sessions(visits, after)
    _give_rooms(homes, was, roomless, by, moment)
    look_again(by=by, at=moment, sessions=[one.pk for one in live])
    _supersede(held, by)
    held.status, held.applied_at = VersionStatus.APPLIED, moment
    held.save(update_fields=["status", "applied_at"])
    moves = start_moving(plan=plan, by=by, at=moment) if plan else 0
    tell(APPLIED, held, by, {"start": start, "moves": moves, "effect": _numbers(held)})
    return held


def _refuse_foreign_sites(version: TemplateVersion, by: Actor) -> None:
    """Whoever applies keeps the templates of the clinician's home and of all sites where something changes."""
    start = version.period.lower
    live = {
        draft.key(start): draft for draft in drafts_of_sessions(sessions_from(version.clinician_id, start)).values()
    }
    wanted = {draft.key(start): draft for draft in blocks_of(version)}
    changed = {live[key].unit_id for key in live.keys() - wanted.keys()}
    changed |= {wanted[key].unit_id for key in wanted.keys() - live.keys()}
    for unit_id in changed | {keep_of(version)}:
        refuse_invisible(by, unit_id, SchedulingRight.TEMPLATES)


def _template(version: TemplateVersion, visits: Sequence[Visit], moment: dt.datetime) -> Template:
    start: dt.date = version.period.lower
    kinds = kinds_of([version.clinician_id], since=start) | {visit.visit_type_id for visit in visits}
    end = max((visit.day for visit in visits), default=start) + dt.timedelta(days=1)
    return read_calendars(kinds, [version.clinician_id], start=start, end=min(end, start + _FAR), at=moment).template()


def _refuse_stale(plan: MovePlan | None, must_move: Sequence[Visit]) -> None:
    """Somebody booked, moved or cancelled since the preview: the list of visits is another now."""
    rows = PlannedMove.objects.unscoped(_WHOLE).filter(plan=plan) if plan else PlannedMove.objects.none()
    known = {(row.appointment_id, int(row.was_start.timestamp()) // 60) for row in rows}
    now_there = {(visit.id, visit.start) for visit in must_move}
    new = len(now_there - known)
    if new:
        raise PreviewStale(
            ngettext(
                "%(count)d visit that must move was booked or changed since the preview. Make the preview again.",
                "%(count)d visits that must move were booked or changed since the preview. Make the preview again.",
                new,
            )
            % {"count": new}
        )


def _give_sessions(visits: Sequence[Visit], after: Template) -> dict[UUID, SessionPattern]:
    """Visits that stay belong to the session that holds them now; by visit."""
    homes = {visit.id: home for visit in visits if isinstance(home := home_of(visit, after), SessionPattern)}
    by_session: dict[UUID, list[UUID]] = defaultdict(list)
    for visit_id, home in homes.items():
        by_session[home.id].append(visit_id)
    rows = Appointment.objects.unscoped(_WHOLE)
    for session_id, ids in by_session.items():
        rows.filter(pk__in=ids).exclude(session_id=session_id).update(session_id=session_id)
    return homes


def _give_rooms(
    homes: Mapping[UUID, SessionPattern], was: Mapping[UUID, UUID], roomless: set[UUID], by: Actor, moment: dt.datetime
) -> None:  # fmt: skip
    """Visits go to the rooms of their sessions; who cannot is somebody's work."""
    rooms = {visit: home.room_id for visit, home in homes.items() if home.room_id}
    moving = {visit: room for visit, room in rooms.items() if visit in roomless or was.get(visit, room) != room}
    # All at once: rooms that are locked in two goes cross with a booking, which takes them in one.
    lock_resources({*moving.values(), *(was[visit] for visit in moving if visit in was)})
    rehouse(moving, was=was, by=by, at=moment)
    house({visit: room for visit, room in moving.items() if visit in roomless}, by=by, at=moment)
    homes_of_moving = {homes[visit].id for visit in moving}
    want_rooms(Session.objects.unscoped(_WHOLE).filter(pk__in=homes_of_moving), by=by, at=moment)


def _supersede(version: TemplateVersion, by: Actor) -> None:
    """What was applied before ends on the day; what was applied for later never comes."""
    start = version.period.lower
    rows = TemplateVersion.objects.unscoped(_WHOLE).select_related("clinician__resource", "clinician__person")
    rows = rows.filter(clinician=version.clinician, status__in=sorted(IN_FORCE), period__overlap=DateRange(start, None))
    for old in rows.exclude(pk=version.pk):
        if old.period.lower >= start:
            old.status = VersionStatus.WITHDRAWN
            if (unneeded := plan_of(old)) is not None:
                nothing_left(unneeded)
        else:
            old.status, old.period = VersionStatus.SUPERSEDED, DateRange(old.period.lower, start)
        old.save(update_fields=["status", "period"])
        tell(SUPERSEDED, old, by, {"on": start, "by_version": version.number})


def _numbers(version: TemplateVersion) -> dict[str, object]:
    """What a later comparison of before and after reads: minutes of the first 28 days, and visits that had to move."""
    windows = {one["days"]: one for one in version.effect.get("windows", [])}
    month = windows.get(28, {})
    return {
        "affected": version.effect.get("affected", 0),
        "minutes_before": month.get("minutes_before", 0),
        "minutes_after": month.get("minutes_after", 0),
    }


@transaction.atomic
def preview_is_fresh(*, version: TemplateVersion, at: dt.datetime | None = None) -> bool:
    """Whether the sessions still are those of the preview, and its visits where they were; for the page's warning."""
    if version.status != VersionStatus.PREVIEWED:
        return True
    if basis_of(sessions_from(version.clinician_id, version.period.lower)) != version.basis:
        return False
    booked = {(visit.id, visit.start) for visit in visits_to_come(version, at or now())}
    plan = plan_of(version)
    rows = PlannedMove.objects.unscoped(_WHOLE).filter(plan=plan) if plan else PlannedMove.objects.none()
    known = {(row.appointment_id, int(row.was_start.timestamp()) // 60) for row in rows}
    newest = Appointment.objects.unscoped(_WHOLE).filter(
        clinician_id=version.clinician_id, booked_at__gt=version.previewed_at, start__gt=at or now()
    )
    return known <= booked and not newest.exists()
