"""Carrying out a list: each visit in its own transaction, so that a job that dies goes on where it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.access.demand import demand
from medguild.foundation.access.rules import Role
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.work.ports import declare_work_type
from medguild.foundation.work.services import need_item, settle
from medguild.operations.scheduling.checks import refuse_invisible
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.rules import AppointmentStatus
from medguild.operations.scheduling.services import move_appointment
from medguild.operations.scheduling.telling import tell_patient
from medguild.operations.templates.errors import MoveRefused
from medguild.operations.templates.keeping import bump, keep_outside
from medguild.operations.templates.models import MovePlan, PlannedMove
from medguild.operations.templates.rules import LEFT, MOVING, Cause, Choice, MoveStatus, PlanStatus, Trouble
from medguild.operations.templates.subjects import MOVE_PLAN

CHOSEN = declare_event("move_plan.chosen", gettext_lazy("Chosen what becomes of visits that must move"), icon="checks")
STARTED = declare_event("move_plan.started", gettext_lazy("Visits are being moved"), icon="calendar-event")
FINISHED = declare_event("move_plan.finished", gettext_lazy("All visits of a change are settled"), icon="check")
STILL_TO_MOVE = declare_work_type(
    "templates.still_to_move", gettext_lazy("Visits still to be moved"), role=Role.PRACTICE_MANAGER,
    due=dt.timedelta(days=2), backup_role=Role.SCHEDULER, subject_types=(MOVE_PLAN,),
    right=SchedulingRight.READ, icon="calendar-event",
)  # fmt: skip
HOUSE = Actor.job("templates.moves")
_WHOLE = "the list belongs to a change that the actor may make"


@transaction.atomic
def choose(
    *,
    plan: MovePlan,
    choice: Choice,
    by: Actor,
    moves: Collection[UUID] | None = None,
) -> int:
    """Say what is to become of visits on the list (None: of all that are open and undecided); returns how many.

    `ACCEPT` leaves out visits without a proposal. `KEEP` needs the right to overbook, and is refused where the
    clinician is away or the site closed. Raises MoveRefused, NotAllowed, NotVisible.
    """
    if choice == Choice.OTHER:
        raise MoveRefused(_("Pick the other time first."))
    refuse_invisible(by, plan.unit_id, SchedulingRight.BOOK)
    rows = PlannedMove.objects.visible_to(by, SchedulingRight.BOOK).filter(plan=plan, status__in=sorted(LEFT))
    rows = rows.filter(choice=Choice.NONE) if moves is None else rows.filter(pk__in=moves)
    if choice == Choice.ACCEPT:
        rows = rows.filter(to_start__isnull=False)
    if choice == Choice.KEEP:
        demand(by, SchedulingRight.OVERBOOK, plan.unit_id)
        if rows.filter(trouble__in=[Trouble.AWAY, Trouble.CLOSED]).exists():
            raise MoveRefused(_("The clinician is away or the site closed: such a visit cannot stay. Move it."))
    count = rows.update(choice=choice, chosen_by=by.id, status=MoveStatus.OPEN, failure="")
    _tell(CHOSEN, plan, by, {"choice": choice, "count": count})
    return int(count)


@transaction.atomic
def choose_other(*, move: PlannedMove, start: dt.datetime, clinician_id: UUID, unit_id: UUID, by: Actor) -> PlannedMove:
    """Another time than the proposed one. Whether it is free is found when the visit is moved."""
    refuse_invisible(by, move.unit_id, SchedulingRight.BOOK)
    refuse_invisible(by, unit_id, SchedulingRight.BOOK)
    held = PlannedMove.objects.visible_to(by, SchedulingRight.BOOK).select_for_update(of=("self",)).get(pk=move.pk)
    if held.status not in LEFT:
        raise MoveRefused(_("This visit is settled already."))
    _free_of_others(held, start, clinician_id)
    held.to_start, held.to_clinician_id, held.to_unit_id, held.why = start, clinician_id, unit_id, ""
    held.choice, held.chosen_by, held.status, held.failure = Choice.OTHER, by.id, MoveStatus.OPEN, ""
    held.save()
    _tell(CHOSEN, held.plan, by, {"choice": Choice.OTHER, "count": 1})
    return held


def _free_of_others(move: PlannedMove, start: dt.datetime, clinician_id: UUID) -> None:
    """One time is never proposed to two: what somebody has chosen keeps it, what is only proposed gives way."""
    same = _left(move.plan).filter(to_start=start, to_clinician_id=clinician_id).exclude(pk=move.pk)
    if same.filter(choice__in=sorted(MOVING)).exists():
        raise MoveRefused(_("Another visit of the list is to move to this time. Choose another one."))
    same.update(to_start=None, to_clinician=None, to_unit=None, why="")


@transaction.atomic
def start_moving(*, plan: MovePlan, by: Actor, at: dt.datetime | None = None) -> int:
    """From now on the job carries out what is chosen; returns how many visits are on the list and left."""
    refuse_invisible(by, plan.unit_id, SchedulingRight.BOOK)
    moment = at or now()
    held = MovePlan.objects.unscoped(_WHOLE).select_for_update().get(pk=plan.pk)
    left = _left(held).count()
    if held.status == PlanStatus.DONE:
        return 0
    held.status, held.started_at = PlanStatus.RUNNING, moment
    held.save(update_fields=["status", "started_at"])
    _tell(STARTED, held, by, {"count": left})
    if not left:
        _finish(held, moment)
    return int(left)


def carry_out(*, plan_id: UUID, at: dt.datetime | None = None) -> int:
    """Carry out what is chosen and open on a running list, each visit by itself; returns how many were tried.

    Safe to run twice at once and to kill at any point: what is committed stays, the rest is found open again.
    """
    tried = 0
    while carry_out_one(plan_id, at or now()):
        tried += 1
    with transaction.atomic():
        plan = MovePlan.objects.unscoped(_WHOLE).select_for_update().filter(pk=plan_id).first()
        if plan is not None and plan.status == PlanStatus.RUNNING:
            _finish(plan, at or now())
    return tried


@transaction.atomic
def carry_out_one(plan_id: UUID, moment: dt.datetime) -> bool:
    """The next visit of the list that nobody else is at work with, in one transaction; False when there is none."""
    rows = PlannedMove.objects.unscoped(_WHOLE).filter(
        plan_id=plan_id, plan__status=PlanStatus.RUNNING, status=MoveStatus.OPEN
    )
    row = (
        rows.exclude(choice=Choice.NONE)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("plan")
        .order_by("was_start", "pk")
        .first()
    )
    if row is None:
        return False
    appointment = _appointment(row.appointment_id)
    by = HOUSE.because(f"move_plan:{plan_id}")
    if appointment.status != AppointmentStatus.BOOKED or appointment.start != row.was_start:
        _settle(row, MoveStatus.GONE, moment)
        return True
    try:
        with transaction.atomic():
            status = _do(row, appointment, by, moment)
            _look_now()
    except (Refusal, IntegrityError) as error:
        row.status, row.failure = MoveStatus.FAILED, getattr(error, "code", "not_possible")
        row.save(update_fields=["status", "failure"])
        return True
    _settle(row, status, moment)
    return True


def _look_now() -> None:
    """What the database would only look at when the transaction ends is looked at here: one visit that cannot be
    moved must not stop those behind it."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("set constraints all deferred")


def _do(row: PlannedMove, appointment: Appointment, by: Actor, moment: dt.datetime) -> MoveStatus:
    cause = Cause(row.plan.cause)
    if row.choice == Choice.KEEP:
        keep_outside(appointment=appointment, cause=cause, by=by, at=moment)
        return MoveStatus.KEPT
    if row.choice == Choice.BUMP:
        bump(appointment=appointment, cause=cause, by=by, at=moment)
        return MoveStatus.BUMPED
    if row.choice not in MOVING or row.to_start is None or row.to_clinician is None or row.to_unit is None:
        raise MoveRefused(_("No time was chosen."))
    moved = move_appointment(
        appointment=appointment, start=row.to_start, clinician=row.to_clinician, site=row.to_unit.site, by=by,
        by_practice=True, at=moment,
    )  # fmt: skip
    # Nobody at a desk speaks with the patient here: the message is all that they hear.
    tell_patient(moved, by=by)
    return MoveStatus.MOVED


def _appointment(appointment_id: UUID) -> Appointment:
    rows = Appointment.objects.unscoped(_WHOLE)
    found: Appointment = rows.select_related("clinician__person", "patient", "unit__site", "visit_type").get(
        pk=appointment_id
    )
    return found


def _settle(row: PlannedMove, status: MoveStatus, moment: dt.datetime) -> None:
    row.status, row.settled_at, row.failure = status, moment, ""
    row.save(update_fields=["status", "settled_at", "failure"])


def _left(plan: MovePlan):  # type: ignore[no-untyped-def]
    return PlannedMove.objects.unscoped(_WHOLE).filter(plan=plan, status__in=sorted(LEFT))


def _finish(plan: MovePlan, moment: dt.datetime) -> None:
    """Done when none is left; else somebody owns what is: visits that failed or that nobody decided."""
    if _left(plan).exists():
        own_what_is_left(plan, moment)
        return
    plan.status, plan.finished_at = PlanStatus.DONE, moment
    plan.save(update_fields=["status", "finished_at"])
    settle(source=_source(plan), outcome="settled", by=HOUSE, at=moment)
    _tell(FINISHED, plan, HOUSE, {})


def own_what_is_left(plan: MovePlan, at: dt.datetime | None = None) -> None:
    """A list with visits that are not settled is somebody's work; its owner is told once."""
    if _left(plan).exists():
        need_item(
            work_type=STILL_TO_MOVE, unit_id=plan.unit_id, source=_source(plan), by=HOUSE,
            subject=SubjectRef(MOVE_PLAN, plan.pk), at=at,
        )  # fmt: skip


def _source(plan: MovePlan) -> str:
    return f"move_plan:{plan.pk}"


@transaction.atomic
def nothing_left(plan: MovePlan, at: dt.datetime | None = None) -> None:
    """What made the visits move is gone: those that are left stay as booked, and nobody has work with them."""
    moment = at or now()
    held = MovePlan.objects.unscoped(_WHOLE).select_for_update().get(pk=plan.pk)
    _left(held).update(status=MoveStatus.GONE, settled_at=moment, failure="")
    if held.status != PlanStatus.DONE:
        _finish(held, moment)


def running_plans() -> list[UUID]:
    """Lists with something to carry out; for the job."""
    rows = PlannedMove.objects.unscoped(_WHOLE).filter(plan__status=PlanStatus.RUNNING, status=MoveStatus.OPEN)
    return list(rows.exclude(choice=Choice.NONE).values_list("plan_id", flat=True).distinct())


def _tell(event: str, plan: MovePlan, by: Actor, data: dict[str, object]) -> None:
    record(
        event, subject=SubjectRef(MOVE_PLAN, plan.pk), by=by, unit_id=plan.unit_id, data={"cause": plan.cause, **data}
    )
