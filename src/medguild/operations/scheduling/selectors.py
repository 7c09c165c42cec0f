"""What may be asked of the schedule. Free times are told to everybody who may read the site's schedule; visits and
patients only within the actor's scope."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now, today
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.organization.models import Site, UnitPath
from medguild.foundation.organization.people import Clinician
from medguild.operations.scheduling.calendar_sql import Where, load_calendar
from medguild.operations.scheduling.models import (
    Absence,
    Appointment,
    Hold,
    Session,
    SessionException,
    SessionVisitType,
    VisitType,
)
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.rules import AppointmentStatus, PatientKind
from medguild.operations.scheduling.slot_rules import Opening, find_openings
from medguild.patients.identity.models import Patient
from medguild.patients.identity.selectors import alias_ids

LONGEST_SEARCH = dt.timedelta(days=400)


def find_slots(
    *,
    actor: Actor,
    visit_type_id: UUID,
    start: dt.date,
    end: dt.date,
    clinicians: Collection[UUID] | None = None,
    units: Collection[UUID] | None = None,
    mode: str | None = None,
    judged: bool = False,
    at: dt.datetime | None = None,
) -> list[Opening]:
    """Free starts for a visit type on the local days of the half-open period, by day, then clinician and site.

    `clinicians` and `units` (sites) narrow the search; None is any that the actor may see. `mode` matters because a
    visit by telephone or video needs less than one in person; None is free in all modes of the kind. `judged` marks
    doubtful sessions, whose clinician may perhaps not see patients there. Times before `at` (default now) are left out.
    Three queries, whatever the number of clinicians; one or two more for a kind that needs more.
    """
    moment = at or now()
    calendar = load_calendar(
        visit_type_id=visit_type_id,
        start=start,
        end=min(end, start + LONGEST_SEARCH),
        where=Where(clinicians=clinicians, units=units, scope=_scope(actor)),
        at=moment,
        mode=mode,
        judged=judged,
    )
    return find_openings(
        calendar.sessions, calendar.taken, calendar.blocks, start=start, end=min(end, start + LONGEST_SEARCH),
        not_before=-(-int(moment.timestamp()) // 60), required=calendar.required,
    )  # fmt: skip


def _scope(actor: Actor) -> Collection[UUID] | None:
    scope = actor.scope(SchedulingRight.READ)
    return None if scope.everything else scope.units


def appointments(actor: Actor, right: str = SchedulingRight.READ) -> QuerySet[Appointment]:
    """Appointments that the actor may see, with what pages show."""
    visible: QuerySet[Appointment] = Appointment.objects.visible_to(actor, right).select_related(
        "patient", "clinician__person", "unit__site", "entity", "visit_type", "room"
    )
    return visible


def appointment(actor: Actor, appointment_id: UUID) -> Appointment:
    """One appointment, or NotVisible."""
    found = appointments(actor).filter(pk=appointment_id).first()
    if found is None:
        raise NotVisible
    return found


def appointments_of_patients(actor: Actor, patient_ids: Iterable[UUID]) -> QuerySet[Appointment]:
    """A patient's visits under all linked ids, latest first."""
    return appointments(actor).filter(patient_id__in=list(patient_ids)).order_by("-start")


def usual_kind(actor: Actor, patient: Patient, kinds: Sequence[VisitType]) -> VisitType | None:
    """The kind of visit that is likely: one for new patients while nothing was ever booked, else for established."""
    known = appointments_of_patients(actor, alias_ids(patient.pk)).exists()
    wanted = PatientKind.ESTABLISHED if known else PatientKind.NEW
    return next((kind for kind in kinds if kind.patient_kind == wanted), kinds[0] if kinds else None)


def visits_to_come(patient_ids: Iterable[UUID], *, at: dt.datetime) -> int:
    """How many visits are booked for these records; a number only, for the page that links them."""
    rows = Appointment.objects.unscoped("a number about records that the caller may link")
    return rows.filter(patient_id__in=list(patient_ids), status=AppointmentStatus.BOOKED, start__gt=at).count()


def appointments_on(actor: Actor, *, unit_id: UUID, start: dt.datetime, end: dt.datetime) -> QuerySet[Appointment]:
    """Visits of a site that begin in the half-open span and were not cancelled, by time."""
    visible: QuerySet[Appointment] = Appointment.objects.visible_to(actor)
    return (
        visible.select_related("patient", "clinician__person", "visit_type", "room")
        .filter(unit_id=unit_id, start__gte=start, start__lt=end)
        .exclude(status=AppointmentStatus.CANCELLED)
        .order_by("start", "clinician_id", "overbooked")
    )


def hold(actor: Actor, hold_id: UUID) -> Hold:
    """A hold of the actor's own, or NotVisible."""
    found: Hold | None = Hold.objects.visible_to(actor).filter(pk=hold_id, holder_id=actor.id).first()
    if found is None:
        raise NotVisible
    return found


def visit_types(actor: Actor, *, active: bool = True) -> QuerySet[VisitType]:
    """Kinds of visits that hold at units of the actor: their own, and what they inherit from above."""
    types = VisitType.objects.select_related("owner", "terms").order_by("name", "owner__name")
    scope = actor.scope(SchedulingRight.READ)
    if not scope.everything:
        above = UnitPath.objects.filter(descendant_id__in=scope.units, period__contains=today())
        types = types.filter(owner_id__in=above.values("ancestor_id"))
    return types.filter(active=True) if active else types


def visit_types_at(actor: Actor, unit_id: UUID) -> QuerySet[VisitType]:
    """Of these, the bookable ones that hold at one unit."""
    above = UnitPath.objects.filter(descendant_id=unit_id, period__contains=today())
    return visit_types(actor).filter(owner_id__in=above.values("ancestor_id"))


def visit_type(actor: Actor, visit_type_id: UUID) -> VisitType:
    """One of these, in use or not, or NotVisible."""
    found = visit_types(actor, active=False).filter(pk=visit_type_id).first()
    if found is None:
        raise NotVisible
    return found


def _lasting(on: dt.date) -> Q:
    """Sessions that hold on the day or later."""
    return Q(period__endswith__gt=on) | Q(period__endswith__isnull=True)


def clinicians_with_sessions(actor: Actor, *, on: dt.date, unit_id: UUID | None = None) -> QuerySet[Clinician]:
    """Clinicians who have sessions from the day on at sites that the actor may see, by name."""
    sessions = Session.objects.visible_to(actor).filter(_lasting(on))
    if unit_id is not None:
        sessions = sessions.filter(unit_id=unit_id)
    return (
        Clinician.objects.filter(pk__in=sessions.values("clinician_id"))
        .select_related("person", "resource")
        .order_by("person__family_name", "person__given_name")
    )


def specialties_with_sessions(actor: Actor, *, on: dt.date) -> list[str]:
    """Specialties that have sessions from the day on at sites where the actor may book."""
    sessions = Session.objects.visible_to(actor, SchedulingRight.BOOK).filter(_lasting(on))
    return sorted(set(sessions.values_list("clinician__specialty", flat=True)))


def sites_with_schedule(actor: Actor, right: str = SchedulingRight.READ) -> QuerySet[Site]:
    """Sites on which the actor holds the right, by name."""
    scope = actor.scope(right)
    sites = Site.objects.select_related("unit").order_by("unit__name")
    return sites if scope.everything else sites.filter(unit_id__in=scope.units)


def site(actor: Actor, unit_id: UUID, right: str = SchedulingRight.READ) -> Site:
    """One site on which the actor holds the right, or NotVisible."""
    found = sites_with_schedule(actor, right).filter(unit_id=unit_id).first()
    if found is None:
        raise NotVisible
    return found


def sessions(actor: Actor, *, on: dt.date, unit_id: UUID | None = None) -> QuerySet[Session]:
    """Sessions that hold on the day or later, with visit types and coming exceptions, by clinician and weekday."""
    types = SessionVisitType.objects.visible_to(actor).select_related("visit_type").order_by("visit_type__name")
    coming = SessionException.objects.visible_to(actor).filter(day__gte=on).order_by("day")
    rows: QuerySet[Session] = Session.objects.visible_to(actor).filter(_lasting(on))
    if unit_id is not None:
        rows = rows.filter(unit_id=unit_id)
    rows = rows.select_related("clinician__person", "clinician__resource", "unit__site", "room")
    return (
        rows.prefetch_related(Prefetch("visit_types", types))
        .prefetch_related(Prefetch("exceptions", coming))
        .order_by("clinician__person__family_name", "clinician_id", "weekday", "start_minute", "period")
    )


def session(actor: Actor, session_id: UUID) -> Session:
    """One session, or NotVisible."""
    types = SessionVisitType.objects.visible_to(actor).select_related("visit_type")
    found: Session | None = (
        Session.objects.visible_to(actor)
        .select_related("clinician__person", "clinician__resource", "unit__site", "room")
        .prefetch_related(Prefetch("visit_types", types))
        .filter(pk=session_id)
        .first()
    )
    if found is None:
        raise NotVisible
    return found


def session_exception(actor: Actor, exception_id: UUID) -> SessionException:
    """One cancelled day of a session, or NotVisible."""
    found: SessionException | None = (
        SessionException.objects.visible_to(actor)
        .select_related("session__clinician__resource", "session__clinician__person")
        .filter(pk=exception_id)
        .first()
    )
    if found is None:
        raise NotVisible
    return found


def absences(actor: Actor, *, since: dt.datetime) -> QuerySet[Absence]:
    """Absences that last beyond an instant, of clinicians whose home the actor may see."""
    rows: QuerySet[Absence] = Absence.objects.visible_to(actor).filter(during__endswith__gt=since)
    return rows.select_related("clinician__person", "clinician__resource").order_by("during")


def absence(actor: Actor, absence_id: UUID) -> Absence:
    """One absence, or NotVisible."""
    found: Absence | None = (
        Absence.objects.visible_to(actor)
        .select_related("clinician__person", "clinician__resource")
        .filter(pk=absence_id)
        .first()
    )
    if found is None:
        raise NotVisible
    return found
