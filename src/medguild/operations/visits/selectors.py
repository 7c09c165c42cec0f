"""Questions about visits: one visit, the flow board, times between steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from medguild.foundation.events.actors import named
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.organization.models import Resource, Site
from medguild.foundation.organization.rules import ResourceKind
from medguild.foundation.organization.selectors import entity_of, sites_visible
from medguild.operations.scheduling.models import Session
from medguild.operations.visits.models import CheckInMark, SiteBoard, Visit
from medguild.operations.visits.permissions import VisitsRight
from medguild.operations.visits.ports import VisitRef
from medguild.operations.visits.recording import STEP_OF_EVENT, STEP_UNDONE
from medguild.operations.visits.rules import LOCATION, OPEN, Moved, PatientPlace, StepTime, VisitStatus, step_times

_IN_ROOM = (VisitStatus.ROOMED, VisitStatus.WITH_CLINICIAN)
_WITH = ("patient", "clinician__person", "room", "site__site", "appointment__visit_type")


def visit_for(actor: Actor, visit_id: UUID, right: str = VisitsRight.READ) -> Visit:
    """One visit with what its page shows. Raises NotVisible."""
    visit: Visit | None = (
        Visit.objects.visible_to(actor, right).select_related(*_WITH, "entity").filter(pk=visit_id).first()
    )
    if visit is None:
        raise NotVisible
    return visit


def visits_of_patient(actor: Actor, patient_ids: Iterable[UUID], *, limit: int = 50) -> list[Visit]:
    """Latest first, under any of the linked ids."""
    visits = Visit.objects.visible_to(actor).filter(patient_id__in=list(patient_ids)).select_related(*_WITH)
    return list(visits.order_by("-arrived_at")[:limit])


def visits_kept(actor: Actor) -> QuerySet[Visit]:
    """Visits that the actor may see, without arrivals that were taken back, with what a list shows."""
    visits: QuerySet[Visit] = Visit.objects.visible_to(actor).exclude(status=VisitStatus.CANCELLED)
    return visits.select_related("patient", "clinician__person", "site__site")


def is_here(patient_ids: Iterable[UUID]) -> bool:
    """Whether any of these records has an open visit, at whichever site."""
    visits = Visit.objects.unscoped("only whether somebody is here")
    return visits.filter(patient_id__in=list(patient_ids), status__in=OPEN).exists()


def ref_of(visit: Visit) -> VisitRef:
    """What ports are told of a visit."""
    return VisitRef(
        visit_id=visit.pk,
        appointment_id=visit.appointment_id,
        patient_id=visit.patient_id,
        site_id=visit.site_id,
        entity_id=visit.entity_id,
        clinician_id=visit.clinician_id,
        day=local_date(visit.arrived_at, visit.site.site.time_zone),
        mode=visit.mode,
    )


def patient_places(visit_ids: Collection[UUID]) -> dict[UUID, PatientPlace]:
    """Where patients were during remote visits, as far as somebody said."""
    marks = CheckInMark.objects.unscoped("only whether they were at home").filter(key=LOCATION)
    said = marks.filter(visit__in=visit_ids).exclude(proof="").values_list("visit", "proof")
    return {visit: PatientPlace(proof) for visit, proof in said}


def site_for(actor: Actor, unit_id: UUID, right: str) -> Site:
    """A site on which the actor holds the right. Raises NotVisible."""
    site = sites_visible(actor, right).filter(unit_id=unit_id).first()
    if site is None:
        raise NotVisible
    return site


def refuse_other_sites(actor: Actor, unit_id: UUID, right: str) -> None:
    """As `site_for`, without reading the site: for polls, which ask every few seconds. Raises NotVisible."""
    scope = actor.scope(right)
    if not (scope.everything or unit_id in scope.units):
        raise NotVisible


def board_version(site_id: UUID) -> int:
    """The count of changes of a site's day: one row by its unique key."""
    return SiteBoard.objects.filter(site_id=site_id).values_list("version", flat=True).first() or 0


def on_the_board(actor: Actor, site_id: UUID) -> list[Visit]:
    """Everybody who is at the site now, longest in the present step first."""
    visits = Visit.objects.visible_to(actor, VisitsRight.MOVE).filter(site_id=site_id, status__in=OPEN)
    return list(visits.select_related(*_WITH).order_by("since"))


def people_in_room(room_id: UUID) -> int:
    """How many visits are in a room now."""
    visits = Visit.objects.unscoped("whether a room is free is told, not who is in it")
    return visits.filter(room_id=room_id, status__in=_IN_ROOM).count()


def free_rooms(actor: Actor, site: Site, *, on: dt.date) -> list[Resource]:
    """Rooms of the site with a place left, by name."""
    rooms = Resource.objects.visible_to(actor).filter(unit=site.unit, kind=ResourceKind.ROOM, period__contains=on)
    taken = Visit.objects.unscoped("whether a room is free is told, not who is in it")
    busy: list[UUID] = list(
        taken.filter(site=site.unit, status__in=_IN_ROOM, room__isnull=False).values_list("room_id", flat=True)
    )
    return [room for room in rooms.order_by("name") if busy.count(room.pk) < room.capacity]


def day_bounds(site: Site, day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """The instants at which a day begins and ends at a site."""
    zone = ZoneInfo(site.time_zone)
    return (
        dt.datetime.combine(day, dt.time(), tzinfo=zone),
        dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=zone),
    )


def history_of(visit_ids: Iterable[UUID]) -> dict[UUID, list[Moved]]:
    """Moves of visits as their events tell, oldest first; one query."""
    events = (
        Event.objects.unscoped("step times of visits that the caller may see")
        .filter(subject_type="visit", subject_id__in=list(visit_ids), type__in=[*STEP_OF_EVENT, STEP_UNDONE])
        .order_by("occurred_at", "pk")
        .values_list("subject_id", "type", "occurred_at", "actor_label")
    )
    history: dict[UUID, list[Moved]] = {}
    for visit_id, type_, at, who in events:
        if visit_id is None:
            continue
        history.setdefault(visit_id, []).append(Moved(STEP_OF_EVENT.get(type_), at, named(who), type_ == STEP_UNDONE))
    return history


def steps_of(visit: Visit) -> list[StepTime]:
    """The steps that a visit has taken, with their times."""
    return step_times(history_of([visit.pk]).get(visit.pk, []))


def session_entity(*, clinician_id: UUID, site: Site, moment: dt.datetime) -> UUID | None:
    """Under which entity a clinician works at a site at a moment: that of the session, else that of the site."""
    local = moment.astimezone(ZoneInfo(site.time_zone))
    minute = local.hour * 60 + local.minute
    sessions = Session.objects.unscoped("which entity bills is the same whoever asks").filter(
        clinician_id=clinician_id, unit_id=site.unit_id, weekday=local.weekday(), period__contains=local.date()
    )
    ranked = sorted(sessions, key=lambda session: not session.start_minute <= minute < session.end_minute)
    if ranked:
        found: UUID = ranked[0].entity_id
        return found
    entity = entity_of(site.unit_id, on=local.date())
    return entity.pk if entity else None
