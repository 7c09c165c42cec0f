"""A version that was applied for a day to come is taken back: what held before goes on, and visits are told apart."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import NotAllowed
from medguild.operations.scheduling.models import Session
from medguild.operations.scheduling.selectors import find_slots
from medguild.operations.scheduling.templating import cancel_session_day
from medguild.operations.templates.applying import apply_version
from medguild.operations.templates.errors import WrongState
from medguild.operations.templates.models import TemplateVersion
from medguild.operations.templates.moving import carry_out, choose
from medguild.operations.templates.previewing import plan_of, preview_version
from medguild.operations.templates.rules import Choice, MoveStatus, PlanStatus, VersionStatus
from medguild.operations.templates.selectors import applied_changes
from medguild.operations.templates.withdrawing import begin_withdrawal, withdrawn_by
from tests.factories.scheduling import Schedule, schedule, wall
from tests.factories.templates import begin, fresh, moves_of, previewed
from tests.factories.world import World

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def plan(world: World) -> Schedule:
    return schedule(world, world.actor(Role.PRACTICE_MANAGER))


def free(plan: Schedule) -> int:
    found = find_slots(actor=plan.by, visit_type_id=plan.kind.pk, start=plan.monday, end=plan.monday + DAY)
    return sum(len(opening.starts) for opening in found)


def shortened(plan: Schedule) -> TemplateVersion:
    """From the Monday on only until ten; the job is still to move the visits."""
    version = previewed(plan, plan.by, end_minute=600)
    moves = plan_of(version)
    if moves is not None:
        choose(plan=moves, choice=Choice.ACCEPT, by=plan.by)
    return apply_version(version=version, by=plan.by)


def taken_back(plan: Schedule, version: TemplateVersion) -> TemplateVersion:
    return apply_version(version=begin_withdrawal(version=version, by=plan.by), by=plan.by)


def test_what_held_before_goes_on(plan: Schedule) -> None:
    version = shortened(plan)
    assert free(plan) == 3
    restored = taken_back(plan, version)
    assert free(plan) == 9
    version.refresh_from_db()
    assert (version.status, restored.status) == (VersionStatus.WITHDRAWN, VersionStatus.APPLIED)
    assert restored.period.lower == version.period.lower
    lasting = Session.objects.unscoped("test").filter(clinician=plan.clinician, period__endswith__isnull=True)
    assert [(one.start_minute, one.end_minute) for one in lasting] == [(540, 720)]


def test_a_withdrawal_is_no_change_but_what_is_wanted_instead_is(plan: Schedule) -> None:
    version = shortened(plan)
    first = version.period.lower
    changes = {"start": first, "end": first + dt.timedelta(days=1)}
    assert [one.version_id for one in applied_changes(plan.by, **changes)] == [version.pk]
    taken_back(plan, version)
    assert applied_changes(plan.by, **changes) == []
    instead = apply_version(version=previewed(plan, plan.by, end_minute=660), by=plan.by)
    assert [one.version_id for one in applied_changes(plan.by, **changes)] == [instead.pk]


def test_visits_that_were_moved_stay_and_those_still_to_move_need_not(plan: Schedule) -> None:
    moved, waits = plan.book(10), plan.book(11, patient=plan.another())
    version = shortened(plan)
    moves = plan_of(version)
    assert moves is not None
    first, second = moves_of(version)
    second.choice = Choice.NONE
    second.save()
    carry_out(plan_id=moves.pk)
    draft = begin_withdrawal(version=version, by=plan.by)
    [told] = withdrawn_by(draft)
    assert (told.version, told.settled, told.left) == (version, 1, 1)
    assert list(moves_of(draft)) == [], "both fit what held before"
    apply_version(version=draft, by=plan.by)
    moves.refresh_from_db()
    second.refresh_from_db()
    assert (moves.status, second.status) == (PlanStatus.DONE, MoveStatus.GONE)
    carry_out(plan_id=moves.pk)
    assert (fresh(moved).start, fresh(waits).start) == (first.to_start, wall(plan.monday, 11))


def test_a_visit_that_only_the_version_can_hold_is_listed(plan: Schedule) -> None:
    version = apply_version(version=previewed(plan, plan.by, end_minute=15 * 60), by=plan.by)
    afternoon = plan.book(14)
    [move] = moves_of(begin_withdrawal(version=version, by=plan.by))
    assert move.appointment_id == afternoon.pk


def test_days_cancelled_meanwhile_stay_cancelled(plan: Schedule) -> None:
    version = shortened(plan)
    begun = Session.objects.unscoped("test").get(clinician=plan.clinician, period__startswith=plan.monday)
    cancel_session_day(session=begun, day=plan.monday, reason="Training", by=plan.by)
    taken_back(plan, version)
    assert free(plan) == 0


def test_what_holds_already_or_is_a_draft_cannot_be_withdrawn(plan: Schedule, world: World) -> None:
    draft = begin(plan, plan.by)
    with pytest.raises(WrongState):
        begin_withdrawal(version=draft, by=plan.by)
    version = shortened(plan)
    with pytest.raises(NotAllowed):
        begin_withdrawal(version=version, by=world.actor(Role.SCHEDULER))
    first = TemplateVersion.objects.unscoped("test").get(clinician=plan.clinician, number=1)
    with pytest.raises(WrongState):
        begin_withdrawal(version=first, by=plan.by)


def test_a_version_that_has_begun_cannot_be_withdrawn(plan: Schedule) -> None:
    now_on = preview_version(version=begin(plan, plan.by, start=today()), by=plan.by)
    with pytest.raises(WrongState):
        begin_withdrawal(version=apply_version(version=now_on, by=plan.by), by=plan.by)


def test_the_pages_lead_through_it_and_say_what_becomes_of_visits(client: Client, world: World, plan: Schedule) -> None:
    plan.book(10)
    version = shortened(plan)
    moves = plan_of(version)
    assert moves is not None
    carry_out(plan_id=moves.pk)
    client.force_login(world.user(Role.PRACTICE_MANAGER))
    assert "Withdraw it" in client.get(f"/templates/versions/{version.pk}/").content.decode()
    page = client.post(f"/templates/versions/{version.pk}/withdraw/", follow=True)
    text = page.content.decode()
    assert "1 visit was moved for it already." in text
    assert f"As before {version.name}" in text
    draft = page.context["version"]
    client.post(f"/templates/versions/{draft.pk}/apply/")
    assert "Withdraw it" not in client.get(f"/templates/versions/{version.pk}/").content.decode()
    assert free(plan) == 8
