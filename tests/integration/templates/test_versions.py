"""Versions of a template: drafted, previewed, applied, superseded; visits moved, kept, bumped."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import NotAllowed, NotVisible, Refusal
from medguild.foundation.organization.people import Licence
from medguild.foundation.standards.deviations import approve_deviation, propose_deviation
from medguild.foundation.work.models import UnownedNeed
from medguild.operations.scheduling.models import Session
from medguild.operations.scheduling.outcomes import cancel_appointment
from medguild.operations.scheduling.rules import AppointmentStatus, CancelReason
from medguild.operations.scheduling.selectors import find_slots
from medguild.operations.scheduling.services import move_appointment
from medguild.operations.scheduling.telling import TO_TELL
from medguild.operations.scheduling.templating import add_session, cancel_session_day, revise_session
from medguild.operations.templates.applying import apply_version, preview_is_fresh
from medguild.operations.templates.block_rules import HeldDraft
from medguild.operations.templates.drafting import (
    begin_version,
    blocks_of,
    copy_blocks,
    discard_version,
    write_version,
)
from medguild.operations.templates.errors import BadBlock, MoveRefused, PreviewStale, WrongState
from medguild.operations.templates.limits import OutsideLimits
from medguild.operations.templates.models import MovePlan, PlannedMove, TemplateVersion
from medguild.operations.templates.moving import carry_out, choose, choose_other
from medguild.operations.templates.previewing import plan_of, preview_version
from medguild.operations.templates.rules import Choice, MoveStatus, PlanStatus, Trouble, VersionStatus, Why
from medguild.operations.templates.selectors import applied_changes
from tests.factories.scheduling import Schedule, block, schedule, wall
from tests.factories.templates import a_block, begin, fresh, moves_of, previewed, rewrite
from tests.factories.world import START, World

DAY = dt.timedelta(days=1)
WEEK = dt.timedelta(weeks=1)


@pytest.fixture
def plan(world: World) -> Schedule:
    return schedule(world, world.actor(Role.PRACTICE_MANAGER))


def starts(plan: Schedule, day: dt.date) -> int:
    found = find_slots(actor=plan.by, visit_type_id=plan.kind.pk, start=day, end=day + DAY)
    return sum(len(opening.starts) for opening in found)


def states(plan: Schedule) -> list[tuple[int, str]]:
    rows = TemplateVersion.objects.unscoped("test").filter(clinician=plan.clinician).order_by("number")
    return [(row.number, row.status) for row in rows]


def test_a_draft_begins_from_what_stands_and_changes_nothing(plan: Schedule) -> None:
    version = begin(plan, plan.by)
    assert [(one.weekday, one.start_minute, one.end_minute) for one in blocks_of(version)] == [(0, 540, 720)]
    assert states(plan) == [(1, VersionStatus.APPLIED), (2, VersionStatus.DRAFT)]
    rewrite(version, plan.by, end_minute=600)
    assert starts(plan, plan.monday) == 9
    discard_version(version=version, by=plan.by)
    assert states(plan) == [(1, VersionStatus.APPLIED)]


def test_an_applied_version_holds_from_its_day(plan: Schedule) -> None:
    version = previewed(plan, plan.by, end_minute=600)
    version = apply_version(version=version, by=plan.by)
    assert (starts(plan, plan.monday), starts(plan, plan.monday + WEEK)) == (3, 3)
    assert states(plan) == [(1, VersionStatus.SUPERSEDED), (2, VersionStatus.APPLIED)]
    old, new = TemplateVersion.objects.unscoped("test").filter(clinician=plan.clinician).order_by("number")
    assert (old.period.upper, new.period.lower) == (plan.monday, plan.monday)
    assert fresh_plan(version).status == PlanStatus.DONE
    with pytest.raises(WrongState):
        apply_version(version=version, by=plan.by)
    with pytest.raises(WrongState):
        rewrite(version, plan.by, end_minute=660)


def fresh_plan(version: TemplateVersion) -> MovePlan:
    found = plan_of(version)
    assert found is not None
    return found


def test_what_is_the_same_stays_the_same_session(plan: Schedule) -> None:
    version = begin(plan, plan.by)
    more = a_block(plan.site.unit_id, plan.kind, weekday=2)
    write_version(version=version, blocks=[*blocks_of(version), more], by=plan.by)
    apply_version(version=preview_version(version=version, by=plan.by), by=plan.by)
    rows = Session.objects.unscoped("test").filter(clinician=plan.clinician).order_by("weekday")
    assert [row.pk == plan.session.pk for row in rows] == [True, False]
    assert starts(plan, plan.monday + 2 * DAY) == 9


def test_the_preview_tells_what_is_gained_and_lost_and_who_must_move(plan: Schedule) -> None:
    at_ten, at_nine = plan.book(10), plan.book(9, patient=plan.another())
    version = previewed(plan, plan.by, end_minute=600)
    effect = version.effect
    fortnight = effect["windows"][0]
    # The two visits take a start each before; afterwards the nine o'clock start is still taken.
    assert fortnight["kinds"] == {str(plan.kind.pk): [0, 5 + 6]}
    assert (fortnight["minutes_before"], fortnight["minutes_after"]) == (360, 120)
    assert (effect["affected"], effect["proposed"]) == (1, 1)
    (move,) = moves_of(version)
    assert (move.appointment_id, move.trouble, move.why) == (at_ten.pk, Trouble.NO_SESSION, Why.SAME_PLACE)
    assert move.to_start == wall(plan.monday, 9, 40)
    assert at_nine.start == wall(plan.monday, 9)
    assert starts(plan, plan.monday) == 7, "a preview leaves nothing behind"


def test_hours_of_a_group_are_the_clinicians_own(plan: Schedule) -> None:
    """Eight patients together take one hour of the clinician, not eight."""
    fortnight = previewed(plan, plan.by, end_minute=600, capacity=8).effect["windows"][0]
    assert (fortnight["minutes_before"], fortnight["minutes_after"]) == (360, 120)


def told() -> set[UUID | None]:
    """Visits of which the patient is to be told the new time."""
    return set(Event.objects.unscoped("test").filter(type=TO_TELL).values_list("subject_id", flat=True))


def test_moves_are_carried_out(plan: Schedule) -> None:
    visits = [plan.book(10, minute, patient=plan.another()) for minute in (0, 20, 40)]
    version = previewed(plan, plan.by, end_minute=600)
    moves = plan_of(version)
    assert moves is not None
    assert choose(plan=moves, choice=Choice.ACCEPT, by=plan.by) == 3
    apply_version(version=version, by=plan.by)
    assert [fresh(one).start for one in visits] == [one.start for one in visits], "the job moves them"
    assert carry_out(plan_id=moves.pk) == 3
    assert {fresh(one).start for one in visits} == {wall(plan.monday, 9, minute) for minute in (0, 20, 40)}
    assert {row.status for row in moves_of(version)} == {MoveStatus.MOVED}
    assert told() == {one.pk for one in visits}, "nobody speaks with them: each is sent the new time"
    assert fresh_plan(version).status == PlanStatus.DONE
    assert carry_out(plan_id=moves.pk) == 0


def test_visits_that_stay_belong_to_the_new_session(plan: Schedule) -> None:
    stays = plan.book(9)
    apply_version(version=previewed(plan, plan.by, end_minute=600), by=plan.by)
    found = fresh(stays)
    assert found.session_id not in (None, plan.session.pk)


def test_each_visit_may_be_decided_by_itself(plan: Schedule) -> None:
    visits = [plan.book(10, minute, patient=plan.another()) for minute in (0, 20, 40)] + [
        plan.book(11, patient=plan.another())
    ]
    version = previewed(plan, plan.by, end_minute=600)
    rows = moves_of(version)
    moves = fresh_plan(version)
    choose(plan=moves, choice=Choice.KEEP, by=plan.by, moves=[rows[0].pk])
    choose(plan=moves, choice=Choice.BUMP, by=plan.by, moves=[rows[1].pk])
    next_week = wall(plan.monday + WEEK, 9, 40)
    choose_other(move=rows[2], start=next_week, clinician_id=plan.clinician.pk, unit_id=plan.site.unit_id, by=plan.by)
    apply_version(version=version, by=plan.by)
    carry_out(plan_id=moves.pk)
    kept, bumped, moved, undecided = [fresh(one) for one in visits]
    assert told() == {moved.pk}
    assert (kept.overbooked, kept.start) == (True, wall(plan.monday, 10))
    assert bumped.status == AppointmentStatus.BOOKED
    assert moved.start == next_week
    assert undecided.start == wall(plan.monday, 11)
    assert [row.status for row in moves_of(version)] == [
        MoveStatus.KEPT, MoveStatus.BUMPED, MoveStatus.MOVED, MoveStatus.OPEN,
    ]  # fmt: skip
    assert fresh_plan(version).status == PlanStatus.RUNNING
    assert UnownedNeed.objects.unscoped("test").filter(work_type="templates.still_to_move").exists()
    choose(plan=moves, choice=Choice.ACCEPT, by=plan.by)
    carry_out(plan_id=moves.pk)
    assert fresh_plan(version).status == PlanStatus.DONE
    need = UnownedNeed.objects.unscoped("test").get(work_type="templates.still_to_move")
    assert need.settled_at is not None


def test_no_time_is_proposed_at_which_the_clinician_may_not_see_patients(plan: Schedule) -> None:
    plan.book(10)
    Licence.objects.filter(clinician=plan.clinician).update(period=DateRange(START, plan.monday))
    (row,) = moves_of(previewed(plan, plan.by, end_minute=600))
    assert row.to_start is None or row.to_start < wall(plan.monday, 0)


def test_a_time_that_was_taken_meanwhile_leaves_the_visit_on_the_list(plan: Schedule) -> None:
    visit = plan.book(10)
    version = previewed(plan, plan.by, end_minute=600)
    moves = fresh_plan(version)
    choose(plan=moves, choice=Choice.ACCEPT, by=plan.by)
    apply_version(version=version, by=plan.by)
    plan.book(9, 40, patient=plan.another())
    carry_out(plan_id=moves.pk)
    (row,) = moves_of(version)
    assert (row.status, row.failure) == (MoveStatus.FAILED, "slot_taken")
    assert fresh(visit).start == wall(plan.monday, 10)
    choose_other(
        move=row, start=wall(plan.monday, 9, 20), clinician_id=plan.clinician.pk, unit_id=plan.site.unit_id, by=plan.by
    )
    carry_out(plan_id=moves.pk)
    assert fresh(visit).start == wall(plan.monday, 9, 20)
    with pytest.raises(MoveRefused, match="settled"):
        choose_other(
            move=row, start=wall(plan.monday, 9), clinician_id=plan.clinician.pk, unit_id=plan.site.unit_id, by=plan.by
        )


def test_a_visit_that_somebody_else_settled_needs_nothing(plan: Schedule) -> None:
    one, two = plan.book(10), plan.book(10, 20, patient=plan.another())
    version = previewed(plan, plan.by, end_minute=600)
    moves = fresh_plan(version)
    choose(plan=moves, choice=Choice.ACCEPT, by=plan.by)
    apply_version(version=version, by=plan.by)
    cancel_appointment(appointment=one, reason=CancelReason.PATIENT_ILL, by=plan.by)
    move_appointment(appointment=two, start=wall(plan.monday, 9), by=plan.by)
    carry_out(plan_id=moves.pk)
    assert {row.status for row in moves_of(version)} == {MoveStatus.GONE}


def test_a_stale_preview_is_detected_and_said(plan: Schedule) -> None:
    version = previewed(plan, plan.by, end_minute=600)
    assert preview_is_fresh(version=version)
    plan.book(10)
    assert not preview_is_fresh(version=version)
    with pytest.raises(PreviewStale, match="1 visit"):
        apply_version(version=version, by=plan.by)
    assert starts(plan, plan.monday) == 8, "nothing was applied"
    version = preview_version(version=version, by=plan.by)
    assert len(moves_of(version)) == 1
    revise_session(session=plan.session, block=block(plan.kind, end_minute=660), start=plan.monday, by=plan.by)
    with pytest.raises(PreviewStale, match="sessions"):
        apply_version(version=version, by=plan.by)


def test_a_new_preview_keeps_the_choices_that_still_fit(plan: Schedule) -> None:
    plan.book(10)
    version = previewed(plan, plan.by, end_minute=600)
    choose(plan=fresh_plan(version), choice=Choice.ACCEPT, by=plan.by)
    plan.book(11, patient=plan.another())
    version = preview_version(version=version, by=plan.by)
    assert [row.choice for row in moves_of(version)] == [Choice.ACCEPT, Choice.NONE]


def test_a_later_version_that_was_applied_never_comes_when_an_earlier_day_is_chosen(plan: Schedule) -> None:
    later = begin_version(clinician=(plan.session and plan.clinician), start=plan.monday + 4 * WEEK, by=plan.by)
    apply_version(version=preview_version(version=rewrite(later, plan.by, end_minute=660), by=plan.by), by=plan.by)
    visit = plan.book(9, start=wall(plan.monday + 5 * WEEK, 9))
    apply_version(version=previewed(plan, plan.by, end_minute=600), by=plan.by)
    assert states(plan) == [
        (1, VersionStatus.SUPERSEDED), (2, VersionStatus.WITHDRAWN), (3, VersionStatus.APPLIED),
    ]  # fmt: skip
    assert fresh(visit).session_id is not None
    assert starts(plan, plan.monday + 5 * WEEK) == 2


def test_cancelled_days_go_over_to_what_takes_the_place(plan: Schedule) -> None:
    cancel_session_day(session=plan.session, day=plan.monday + WEEK, reason="training", by=plan.by)
    apply_version(version=previewed(plan, plan.by, end_minute=660), by=plan.by)
    assert (starts(plan, plan.monday), starts(plan, plan.monday + WEEK)) == (6, 0)


def test_held_parts_and_a_colleagues_template_are_taken_over(world: World, plan: Schedule) -> None:
    other = world.clinician(plan.site.unit)
    version = begin(plan, plan.by)
    held = (HeldDraft(540, 600, release_days=1),)
    apply_version(version=preview_version(version=rewrite(version, plan.by, held=held), by=plan.by), by=plan.by)
    assert starts(plan, plan.monday + 8 * WEEK) == 6
    copied = begin_version(clinician=other, start=plan.monday, by=plan.by, copy_of=plan.clinician)
    assert [one.held for one in blocks_of(copied)] == [held]
    copied = write_version(version=copied, blocks=[], by=plan.by)
    assert len(blocks_of(copy_blocks(version=copied, source=plan.clinician, by=plan.by))) == 1


def test_bad_blocks_are_refused(plan: Schedule) -> None:
    version = begin(plan, plan.by)
    good = a_block(plan.site.unit_id, plan.kind)
    for blocks, words in (
        ([good, a_block(plan.site.unit_id, plan.kind, start_minute=600)], "meet"),
        ([a_block(plan.site.unit_id, plan.kind, end_minute=540)], "ends before"),
        ([a_block(plan.site.unit_id, plan.kind, visit_types={})], "no kind"),
        ([a_block(plan.site.unit_id, plan.kind, end_minute=550)], "fits"),
        ([a_block(plan.site.unit_id, plan.kind, held=(HeldDraft(500, 560, release_days=1),))], "inside"),
    ):
        with pytest.raises(BadBlock, match=words):
            write_version(version=version, blocks=blocks, by=plan.by)
    with pytest.raises(Refusal, match="today or later"):
        begin_version(clinician=plan.clinician, start=dt.date(2020, 1, 1), by=plan.by)


def test_a_template_outside_of_the_groups_limits_is_refused(plan: Schedule) -> None:
    version = previewed(plan, plan.by, visit_types={plan.kind.pk: 5})
    with pytest.raises(OutsideLimits, match="5 minutes") as refused:
        apply_version(version=version, by=plan.by)
    assert refused.value.keys == ("templates.shortest_visit",)


def test_who_does_not_keep_the_templates_changes_nothing(world: World, plan: Schedule) -> None:
    version = begin(plan, plan.by)
    scheduler, stranger = world.actor(Role.SCHEDULER), world.actor(Role.PRACTICE_MANAGER, world.member_a.entity)
    for actor, error in ((scheduler, NotAllowed), (stranger, NotVisible)):
        with pytest.raises(error):
            begin_version(clinician=plan.clinician, start=plan.monday, by=actor)
        with pytest.raises(error):
            write_version(version=version, blocks=[], by=actor)
        with pytest.raises(error):
            preview_version(version=version, by=actor)


def test_a_change_at_a_site_that_the_actor_does_not_keep_is_refused(world: World, plan: Schedule) -> None:
    _ = world.circle
    local = world.actor(Role.PRACTICE_MANAGER, plan.site.unit)
    version = begin(plan, local)
    away = a_block(world.second.site.unit_id, plan.kind, weekday=3)
    write_version(version=version, blocks=[*blocks_of(version), away], by=local)
    version = preview_version(version=version, by=local)
    with pytest.raises(NotVisible):
        apply_version(version=version, by=local)
    assert not PlannedMove.objects.unscoped("test").exists()


def test_the_preview_asks_as_much_for_many_visits_as_for_one(plan: Schedule) -> None:
    plan.book(10)
    version = previewed(plan, plan.by, end_minute=600)
    with CaptureQueriesContext(connection) as one:
        version = preview_version(version=version, by=plan.by)
    for minute in (0, 20, 40):
        plan.book(11, minute, patient=plan.another())
    with CaptureQueriesContext(connection) as many:
        version = preview_version(version=version, by=plan.by)
    assert len(moves_of(version)) == 4
    assert len(many) == len(one)


def test_a_single_session_keeps_the_limits_as_well(world: World, plan: Schedule) -> None:
    with pytest.raises(OutsideLimits, match="minutes of sessions"):
        add_session(
            clinician=plan.clinician, site=plan.site, start=plan.monday, by=plan.by,
            block=block(plan.kind, start_minute=420, end_minute=1140),
        )  # fmt: skip
    assert not Session.objects.unscoped("test").exists()
    propose = {"key": "templates.longest_day", "unit": plan.office.entity, "value": 900, "reason": "Long Mondays"}
    deviation = propose_deviation(
        **propose,
        start=today(),
        end=today() + dt.timedelta(days=300),
        by=plan.by,  # type: ignore[arg-type]
    )
    approve_deviation(deviation_id=deviation.pk, by=world.actor(Role.PHYSICIAN_OWNER))
    assert add_session(
        clinician=plan.clinician, site=plan.site, start=plan.monday, by=plan.by,
        block=block(plan.kind, start_minute=420, end_minute=1140),
    )  # fmt: skip


def test_changes_that_were_applied_are_told_for_later_comparisons(plan: Schedule) -> None:
    plan.book(10)
    apply_version(version=previewed(plan, plan.by, end_minute=600), by=plan.by)
    (change,) = applied_changes(plan.by, start=plan.monday, end=plan.monday + DAY)
    assert (change.clinician_id, change.affected) == (plan.clinician.pk, 1)
    assert (change.minutes_before, change.minutes_after) == (4 * 180, 4 * 60)
    assert applied_changes(plan.by, start=plan.monday + DAY, end=plan.monday + WEEK) == []
