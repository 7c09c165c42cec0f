"""Services that move a patient through the visit. Each takes `seen`, the revision that the screen showed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.models import Resource
from medguild.foundation.organization.people import Clinician
from medguild.foundation.organization.rules import ResourceKind
from medguild.operations.scheduling.outcomes import cancel_appointment, mark_arrived, mark_fulfilled
from medguild.operations.scheduling.rules import CancelReason
from medguild.operations.visits import recording
from medguild.operations.visits.checklist import must_come_first
from medguild.operations.visits.errors import ChecklistOpen, RoomInUse, TooLateToUndo, WrongStep
from medguild.operations.visits.models import Visit
from medguild.operations.visits.recording import lock_visit, note
from medguild.operations.visits.rules import ENDED, VisitStatus, may_move, may_undo
from medguild.operations.visits.selectors import people_in_room
from medguild.operations.visits.words import STATUS_WORDS

_STEP_COLUMNS = ["status", "since", "previous_status", "previous_since", "ended_at", "revision", "room"]


@transaction.atomic
def room_patient(
    *, visit: Visit, by: Actor, room: Resource | None = None, seen: int | None = None, at: dt.datetime | None = None
) -> Visit:
    """Bring the patient to a room of the site. Steps of the check-in list that must come first are asked for.

    Raises ChecklistOpen, RoomInUse, WrongStep, MovedAlready.
    """
    held = lock_visit(visit, seen=seen)
    open_steps = must_come_first(by, held)
    if open_steps:
        raise ChecklistOpen(
            _("Finish this at check-in first: %(steps)s.") % {"steps": ", ".join(str(step) for step in open_steps)}
        )
    held.room = _free_room(held, room) if room is not None else None
    return _step(held, VisitStatus.ROOMED, recording.ROOMED, by=by, at=at, data={"room_id": room.pk if room else None})


def _free_room(visit: Visit, room: Resource) -> Resource:
    if room.kind != ResourceKind.ROOM or room.unit_id != visit.site_id:
        raise Refusal(_("Choose a room of this site."), field="room")
    # Whoever takes a room locks it first, so that two screens cannot fill it at once.
    locked: Resource = (
        Resource.objects.unscoped("the room was chosen among those of the visit's site")
        .select_for_update()
        .get(pk=room.pk)
    )
    if people_in_room(locked.pk) >= locked.capacity:
        raise RoomInUse(_("%(room)s is in use. Choose another room.") % {"room": locked.name}, field="room")
    return locked


@transaction.atomic
def start_clinician(*, visit: Visit, by: Actor, seen: int | None = None, at: dt.datetime | None = None) -> Visit:
    """The clinician begins. Raises WrongStep, MovedAlready, and ChecklistOpen where no room came before."""
    held = lock_visit(visit, seen=seen)
    if held.status == VisitStatus.ARRIVED and must_come_first(by, held):
        raise ChecklistOpen(_("Finish the check-in first."))
    return _step(held, VisitStatus.WITH_CLINICIAN, recording.WITH_CLINICIAN, by=by, at=at)


@transaction.atomic
def ready_to_leave(*, visit: Visit, by: Actor, seen: int | None = None, at: dt.datetime | None = None) -> Visit:
    """All is done but the check-out; the room is free again. Raises WrongStep, MovedAlready."""
    return _step(lock_visit(visit, seen=seen), VisitStatus.READY_TO_LEAVE, recording.READY, by=by, at=at)


@transaction.atomic
def check_out(*, visit: Visit, by: Actor, seen: int | None = None, at: dt.datetime | None = None) -> Visit:
    """The patient leaves; `visit.checked_out` tells the others. Raises WrongStep, MovedAlready."""
    held = _step(lock_visit(visit, seen=seen), VisitStatus.LEFT, recording.CHECKED_OUT, by=by, at=at)
    if held.appointment is not None:
        mark_fulfilled(appointment=held.appointment, by=by, at=held.ended_at)
    return held


@transaction.atomic
def leave_without_being_seen(
    *, visit: Visit, by: Actor, seen: int | None = None, at: dt.datetime | None = None
) -> Visit:
    """The patient goes before the clinician has begun; the appointment's time is given back."""
    held = lock_visit(visit, seen=seen)
    held = _step(held, VisitStatus.LEFT_WITHOUT_BEING_SEEN, recording.LEFT_UNSEEN, by=by, at=at, undoable=False)
    if held.appointment is not None:
        cancel_appointment(appointment=held.appointment, reason=CancelReason.LEFT_BEFORE_SEEN, by=by, at=held.ended_at)
    return held


@transaction.atomic
def undo_step(*, visit: Visit, by: Actor, seen: int | None = None, at: dt.datetime | None = None) -> Visit:
    """Take the last step back, within five minutes and once. Raises TooLateToUndo, MovedAlready."""
    held = lock_visit(visit, seen=seen)
    moment = at or now()
    previous = VisitStatus(held.previous_status) if held.previous_status else None
    if previous is None or not may_undo(previous, held.since, moment):
        raise TooLateToUndo(_("A step can be taken back within five minutes, and only the last one."))
    undone = VisitStatus(held.status)
    held.status, held.since = previous, held.previous_since or held.since
    held.previous_status, held.previous_since, held.ended_at = "", None, None
    if previous == VisitStatus.ARRIVED:
        held.room = None
    _save(held)
    if undone == VisitStatus.LEFT and held.appointment is not None:
        mark_arrived(appointment=held.appointment, by=by, at=moment)
    note(recording.STEP_UNDONE, held, by=by, at=moment, data={"from": undone, "to": previous})
    return held


@transaction.atomic
def change_clinician(
    *, visit: Visit, clinician: Clinician, by: Actor, seen: int | None = None, at: dt.datetime | None = None
) -> Visit:
    """Another clinician sees the patient than was planned."""
    held = lock_visit(visit, seen=seen)
    if held.status in ENDED:
        raise WrongStep(_("This visit is over."))
    before, held.clinician = held.clinician_id, clinician
    held.revision += 1
    held.save(update_fields=["clinician", "revision"])
    note(recording.CLINICIAN_CHANGED, held, by=by, at=at or now(), data={"before": before})
    return held


def _step(
    visit: Visit,
    to: VisitStatus,
    event: str,
    *,
    by: Actor,
    at: dt.datetime | None,
    data: Mapping[str, Any] | None = None,
    undoable: bool = True,
) -> Visit:
    origin = VisitStatus(visit.status)
    if not may_move(origin, to):
        raise WrongStep(
            _("The visit stands at “%(here)s”; “%(there)s” does not follow.")
            % {"here": STATUS_WORDS[origin], "there": STATUS_WORDS[to]}
        )
    moment = max(at or now(), visit.since)
    visit.previous_status = origin if undoable else ""
    visit.previous_since = visit.since if undoable else None
    visit.status, visit.since = to, moment
    visit.ended_at = moment if to in ENDED else None
    _save(visit)
    note(event, visit, by=by, at=moment, data={"from": origin, "to": to, **(data or {})})
    return visit


def _save(visit: Visit) -> None:
    visit.revision += 1
    visit.save(update_fields=_STEP_COLUMNS)
