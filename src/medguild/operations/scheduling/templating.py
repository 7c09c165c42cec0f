"""Templates: visit types, weekly sessions from a date, days off, extra sessions, absences.

Whatever changes the times of a clinician takes the clinician's lock, so that a booking sees one template or the other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor, ActorKind
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.models import Resource, Site
from medguild.foundation.organization.people import Clinician
from medguild.foundation.organization.selectors import entity_of
from medguild.foundation.standards.resolution import StandardContext
from medguild.operations.scheduling.checks import refuse_invisible
from medguild.operations.scheduling.errors import SessionOverlaps
from medguild.operations.scheduling.kinds.checks import refuse_length_of
from medguild.operations.scheduling.models import Absence, Session, SessionException, SessionVisitType, VisitType
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.protocol import lock_resources
from medguild.operations.scheduling.rooming import follow_session
from medguild.operations.scheduling.rules import AbsenceKind
from medguild.operations.scheduling.template_ports import session_checks
from medguild.operations.scheduling.week_rules import first_clash, is_held, monday_of

SESSION_ADDED = declare_event("session.added", gettext_lazy("Session added"), icon="calendar-plus")
SESSION_CHANGED = declare_event("session.changed", gettext_lazy("Session changed"), icon="calendar-cog")
SESSION_ENDED = declare_event("session.ended", gettext_lazy("Session ended"), icon="calendar-minus")
SESSION_CANCELLED = declare_event("session.cancelled", gettext_lazy("Session cancelled on a day"), icon="calendar-off")
SESSION_RESTORED = declare_event("session.restored", gettext_lazy("Session takes place again"), icon="calendar-check")
ABSENCE_RECORDED = declare_event("clinician.absent", gettext_lazy("Absence recorded"), icon="beach")
ABSENCE_REMOVED = declare_event("clinician.absence_removed", gettext_lazy("Absence removed"), icon="arrow-back-up")


@dataclass(frozen=True, slots=True)
class Block:
    """The hours of a session and what they take: visit type id -> minutes (None: as long as it usually takes)."""

    weekday: int
    start_minute: int
    end_minute: int
    visit_types: Mapping[UUID, int | None]
    step_minutes: int = 15
    capacity: int = 1
    overbook_limit: int = 1
    every_weeks: int = 1
    room: Resource | None = field(default=None)


@transaction.atomic
def add_session(
    *,
    clinician: Clinician,
    site: Site,
    block: Block,
    start: dt.date,
    by: Actor,
    end: dt.date | None = None,
    anchor: dt.date | None = None,
    extra: bool = False,
) -> Session:
    """Add a weekly session from a day on. Weeks are counted from `anchor` (default: the first week it holds).

    Raises SessionOverlaps where the clinician has another session at that time, at whichever site.
    """
    _open_template(clinician, site.unit_id, by)
    _refuse_bad_block(block)
    _refuse_lengths(block, StandardContext(unit_id=site.unit_id, clinician_id=clinician.pk, on=start))
    if end is not None and end <= start:
        raise Refusal(_("The last day must lie after the first."), field="end")
    entity = entity_of(site.unit_id, on=start)
    if entity is None:
        raise Refusal(_("The site belongs to no entity on this day."), code="site_not_open", field="start")
    session = Session(
        clinician=clinician, unit_id=site.unit_id, entity=entity, room=block.room, weekday=block.weekday,
        start_minute=block.start_minute, end_minute=block.end_minute, every_weeks=block.every_weeks,
        anchor=anchor or monday_of(_first_of(start, block.weekday)), period=DateRange(start, end), extra=extra,
        step_minutes=block.step_minutes, capacity=block.capacity, overbook_limit=block.overbook_limit,
    )  # fmt: skip
    _refuse_overlap(session)
    session.save(force_insert=True)
    SessionVisitType.objects.bulk_create(
        SessionVisitType(session=session, visit_type_id=type_id, minutes=minutes)
        for type_id, minutes in block.visit_types.items()
    )
    if by.kind == ActorKind.USER:  # the house's own jobs bring what was decided before
        for check in session_checks:
            check(session, start)
    _tell(SESSION_ADDED, session, by, {"start": start, "end": end})
    return session


def add_extra_session(*, clinician: Clinician, site: Site, block: Block, day: dt.date, by: Actor) -> Session:
    """A session on one day only; `block.weekday` is taken from the day."""
    once = Block(
        weekday=day.weekday(), start_minute=block.start_minute, end_minute=block.end_minute,
        visit_types=block.visit_types, step_minutes=block.step_minutes, capacity=block.capacity,
        overbook_limit=block.overbook_limit, every_weeks=1, room=block.room,
    )  # fmt: skip
    return add_session(
        clinician=clinician, site=site, block=once, start=day, end=day + dt.timedelta(days=1), by=by, extra=True
    )


@transaction.atomic
def revise_session(*, session: Session, block: Block, start: dt.date, by: Actor) -> Session:
    """From a day on the session has other hours, visit types or another room; until then it stays as it was. Weeks keep
    their count. Visits to come go to its room, where that is free (see `rooming`).

    Returns the session that holds from that day on.
    """
    site = session.unit.site
    held = _take(session, by)
    until = held.period.upper
    if until is not None and until <= start:
        raise Refusal(_("The session has ended by then. Choose an earlier day, or add a new one."), field="start")
    anchor = held.anchor if block.every_weeks == held.every_weeks and block.weekday == held.weekday else None
    _end(held, start, by)
    revised = add_session(
        clinician=held.clinician, site=site, block=block, start=start, end=until, anchor=anchor, by=by
    )
    follow_session(held, revised, since=start, by=by)
    return revised


@transaction.atomic
def end_session(*, session: Session, on: dt.date, by: Actor) -> None:
    """The session holds no more from the day on. Visits booked later stay booked and are listed as outside."""
    _end(_take(session, by), on, by)


def _end(session: Session, on: dt.date, by: Actor) -> None:
    if session.period.upper is not None and session.period.upper <= on:
        raise Refusal(_("The session has ended by then already."), field="on")
    if session.period.lower >= on:
        if session.appointments.unscoped("any visit keeps its session").exists():
            raise Refusal(
                _("Visits are booked in this session. Choose a later day."), code="session_in_use", field="on"
            )
        _tell(SESSION_ENDED, session, by, {"removed": True})
        session.delete()
        return
    session.period = DateRange(session.period.lower, on)
    session.save(update_fields=["period"])
    _tell(SESSION_ENDED, session, by, {"on": on})


@transaction.atomic
def cancel_session_day(*, session: Session, day: dt.date, reason: str, by: Actor) -> SessionException:
    """The session does not take place on a day."""
    held = _take(session, by)
    if not is_held(held, day):
        raise Refusal(_("The session is not held on this day."), field="day")
    if not reason.strip():
        raise Refusal(_("Write why the session does not take place."), field="reason")
    if SessionException.objects.unscoped("the session is visible").filter(session=held, day=day).exists():
        raise Refusal(_("The session is cancelled on this day already."), code="cancelled_already", field="day")
    exception = SessionException.objects.create(session=held, day=day, reason=reason.strip())
    _tell(SESSION_CANCELLED, held, by, {"day": day})
    return exception


@transaction.atomic
def restore_session_day(*, exception: SessionException, by: Actor) -> None:
    """The session takes place after all."""
    held = _take(exception.session, by)
    exception.delete()
    _refuse_overlap(held)
    _tell(SESSION_RESTORED, held, by, {"day": exception.day})


@transaction.atomic
def record_absence(
    *, clinician: Clinician, start: dt.datetime, end: dt.datetime, kind: AbsenceKind, by: Actor
) -> Absence:
    """The clinician is away from `start` until `end`, at all sites. Booked visits stay and are listed to be moved."""
    _open_template(clinician, clinician.resource.unit_id, by)
    if end <= start:
        raise Refusal(_("The absence must end after it starts."), field="end")
    during = DateTimeTZRange(start, end)
    if Absence.objects.unscoped("overlap, whoever asks").filter(clinician=clinician, during__overlap=during).exists():
        raise Refusal(_("Another absence is recorded in that time."), code="absent_already", field="start")
    absence = Absence.objects.create(clinician=clinician, during=during, kind=kind)
    record(
        ABSENCE_RECORDED,
        subject=SubjectRef("clinician", clinician.pk, clinician.label()),
        by=by,
        unit_id=clinician.resource.unit_id,
        data={"start": start, "end": end},
    )
    return absence


@transaction.atomic
def remove_absence(*, absence: Absence, by: Actor) -> None:
    """The clinician is here after all."""
    clinician = absence.clinician
    _open_template(clinician, clinician.resource.unit_id, by)
    absence.delete()
    record(
        ABSENCE_REMOVED,
        subject=SubjectRef("clinician", clinician.pk, clinician.label()),
        by=by,
        unit_id=clinician.resource.unit_id,
    )


def _open_template(clinician: Clinician, unit_id: UUID, by: Actor) -> None:
    refuse_invisible(by, unit_id, SchedulingRight.TEMPLATES)
    lock_resources([clinician.resource_id])


def _take(session: Session, by: Actor) -> Session:
    """The session as it is now, under the clinician's lock."""
    _open_template(session.clinician, session.unit_id, by)
    held: Session = (
        Session.objects.visible_to(by, SchedulingRight.TEMPLATES)
        .select_related("clinician__resource", "unit")
        .get(pk=session.pk)
    )
    return held


def _refuse_bad_block(block: Block) -> None:
    if block.end_minute <= block.start_minute:
        raise Refusal(_("The session must end after it starts."), field="ends")
    if not block.visit_types:
        raise Refusal(_("Choose at least one kind of visit."), code="no_visit_types", field="visit_types")
    lengths = [minutes for minutes in block.visit_types.values() if minutes is not None]
    if lengths and min(lengths) > block.end_minute - block.start_minute:
        raise Refusal(_("No visit fits into this session: it is shorter than any."), field="ends")


def _refuse_lengths(block: Block, context: StandardContext) -> None:
    """The group's limits of each kind of visit hold in templates as well."""
    for kind in VisitType.objects.filter(pk__in=block.visit_types):
        minutes = block.visit_types[kind.pk]
        if minutes is not None:
            refuse_length_of(kind, minutes, context)


def _refuse_overlap(session: Session) -> None:
    others = (
        Session.objects.unscoped("a clinician is one person at all sites")
        .filter(clinician=session.clinician, weekday=session.weekday, period__overlap=session.period)
        .exclude(pk=session.pk)
    )
    for other in others:
        if _clashes(session, other):
            raise SessionOverlaps(
                _("The clinician has another session at that time of the week. End or change that one first."),
                field="starts",
            )


def _clashes(session: Session, other: Session) -> bool:
    """An extra session may stand where the other is cancelled on its day."""
    day = first_clash(session, other)
    if day is None:
        return False
    if not session.extra:
        return not other.extra or not _cancelled_on(session, other.first_day)
    return not _cancelled_on(other, day)


def _cancelled_on(session: Session, day: dt.date) -> bool:
    exceptions = SessionException.objects.unscoped("a clinician is one person at all sites")
    return exceptions.filter(session_id=session.pk, day=day).exists()


def _first_of(start: dt.date, weekday: int) -> dt.date:
    return start + dt.timedelta(days=(weekday - start.weekday()) % 7)


def _tell(event: str, session: Session, by: Actor, data: dict[str, object]) -> None:
    record(
        event,
        subject=SubjectRef("session", session.pk, session.clinician.label()),
        by=by,
        unit_id=session.unit_id,
        data={"clinician_id": session.clinician_id, **data},
    )
