"""Opening, taking, doing, cancelling: one owner, once."""

from __future__ import annotations

import datetime as dt

import pytest

from medguild.foundation.access.rules import Role
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Conflict, NotAllowed, NotVisible, Refusal
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.standards.services import set_standard
from medguild.foundation.work import acts
from medguild.foundation.work.models import UnownedNeed, WorkItem
from medguild.foundation.work.presets import PAYMENT, REFILL
from medguild.foundation.work.services import NoOwner, ask_for_work, need_item, open_item, settle
from tests.factories.work import duty, hours, item
from tests.factories.world import HOUSE, START, World

AT = dt.datetime(2026, 5, 4, 15, tzinfo=dt.UTC)


def test_work_without_an_owner_is_refused(world: World) -> None:
    with pytest.raises(NoOwner) as refused:
        item(world)
    assert refused.value.code == "no_owner"
    duty(world, world.second.entity)
    with pytest.raises(NoOwner):
        item(world)


def test_the_nearest_duty_answers_and_its_units_standard_sets_the_clock(world: World) -> None:
    duty(world)
    near = duty(world, world.main.practice, role=Role.CLINICIAN)
    set_standard(key=f"work.due.{REFILL}", unit=world.main.practice, value=hours(3), by=HOUSE, start=START)
    opened = item(world, at=AT)
    assert (opened.duty, opened.due_at, opened.escalates_at) == (near, AT + hours(3), AT + hours(3))
    assert opened.status == "open"


def test_a_duty_of_the_sites_specialty_is_found_without_naming_it(world: World) -> None:
    duty(world, world.enterprise)
    own = duty(world, world.enterprise, specialty="cardiology", role=Role.CLINICIAN)
    assert item(world, world.second.site_unit).duty == own
    assert item(world, world.main.site_unit).duty != own


def test_the_same_source_opens_one_item(world: World) -> None:
    duty(world)
    first, again = item(world, source="call:1"), item(world, source="call:1", category="routine")
    assert first == again
    events = Event.objects.unscoped("test").filter(type="work.opened")
    assert events.count() == 1


def test_subject_category_and_event(world: World) -> None:
    duty(world)
    patient_id = new_id()
    opened = item(world, subject=SubjectRef("patient", patient_id), patient_id=patient_id, category="controlled")
    event = Event.objects.unscoped("test").get(type="work.opened")
    assert (event.patient_id, event.unit_id, event.subject_id) == (patient_id, world.main.site.unit_id, opened.pk)
    with pytest.raises(Refusal) as refused:
        item(world, category="unheard_of")
    assert refused.value.field == "category"
    with pytest.raises(LookupError):
        item(world, work_type="unheard.of")


def test_asking_by_hand_needs_the_right_and_words(world: World) -> None:
    duty(world, work_type=PAYMENT, role=Role.BILLER, backup_role=None)
    desk = world.actor(Role.FRONT_DESK)
    asked = {"work_type": PAYMENT, "unit_id": world.main.site.unit_id, "summary": "Asks for the balance"}
    assert ask_for_work(**asked, by=desk).status == "open"  # type: ignore[arg-type]
    for wrong in ({"summary": " "}, {"work_type": "unheard.of"}):
        with pytest.raises(Refusal):
            ask_for_work(**(asked | wrong), by=desk)  # type: ignore[arg-type]
    for outsider in (world.actor(Role.AUDITOR), world.actor(Role.FRONT_DESK, world.member_a.entity)):
        with pytest.raises(NotAllowed):
            ask_for_work(**asked, by=outsider)  # type: ignore[arg-type]


def test_two_take_one_item_and_the_second_is_told(world: World) -> None:
    duty(world)
    opened = item(world)
    nurse, helper = world.actor(Role.NURSE), world.actor(Role.MEDICAL_ASSISTANT)
    assert acts.take(item_id=opened.pk, by=nurse).assignee_id == nurse.id
    assert acts.take(item_id=opened.pk, by=nurse).status == "accepted"
    with pytest.raises(Conflict) as late:
        acts.take(item_id=opened.pk, by=helper)
    assert late.value.code == "taken_already"
    with pytest.raises(NotAllowed):
        acts.take(item_id=item(world).pk, by=HOUSE)
    with pytest.raises(NotAllowed):
        acts.take(item_id=item(world).pk, by=world.actor(Role.AUDITOR))


def test_start_finish_reopen(world: World) -> None:
    duty(world)
    opened = item(world)
    nurse = world.actor(Role.NURSE)
    acts.take(item_id=opened.pk, by=nurse)
    assert acts.start(item_id=opened.pk, by=nurse).status == "in_progress"
    with pytest.raises(Refusal) as wordless:
        acts.complete(item_id=opened.pk, outcome=" ", by=nurse)
    assert wordless.value.field == "outcome"
    done = acts.complete(item_id=opened.pk, outcome="Sent to the pharmacy", by=nurse)
    assert (done.status, done.closed_by, done.escalates_at) == ("done", nurse.id, None)
    assert acts.complete(item_id=opened.pk, outcome="again", by=nurse).outcome == "Sent to the pharmacy"
    again = acts.reopen(item_id=opened.pk, by=nurse)
    assert (again.status, again.outcome, again.escalates_at) == ("accepted", "", again.due_at)


def test_finishing_an_open_item_makes_it_ones_own_on_the_way(world: World) -> None:
    duty(world)
    nurse = world.actor(Role.NURSE)
    assert acts.complete(item_id=item(world).pk, outcome="done", by=nurse).assignee_id == nurse.id


def test_anothers_work_is_touched_only_by_who_may_assign(world: World) -> None:
    duty(world)
    nurse, helper, boss = (world.actor(r) for r in (Role.NURSE, Role.MEDICAL_ASSISTANT, Role.PRACTICE_MANAGER))
    opened = item(world)
    acts.take(item_id=opened.pk, by=nurse)
    for act in (
        lambda: acts.complete(item_id=opened.pk, outcome="x", by=helper),
        lambda: acts.release(item_id=opened.pk, by=helper),
        lambda: acts.start(item_id=opened.pk, by=helper),
        lambda: acts.reassign(item_id=opened.pk, to=world.user(Role.NURSE), by=helper),
    ):
        with pytest.raises(NotAllowed):
            act()
    given = acts.reassign(item_id=opened.pk, to=world.user(Role.MEDICAL_ASSISTANT), by=boss)
    assert given.assignee_id == helper.id
    with pytest.raises(Refusal) as blind:
        acts.reassign(item_id=opened.pk, to=world.user(Role.NURSE, world.member_a.entity), by=boss)
    assert blind.value.field == "to"
    assert acts.release(item_id=opened.pk, by=boss).assignee_id is None
    acts.complete(item_id=opened.pk, outcome="x", by=nurse)
    with pytest.raises(NotAllowed):
        acts.reopen(item_id=opened.pk, by=helper)


def test_cancelling_needs_a_reason_and_is_final(world: World) -> None:
    duty(world)
    opened = item(world)
    nurse = world.actor(Role.NURSE)
    with pytest.raises(Refusal) as wordless:
        acts.cancel(item_id=opened.pk, reason="", by=nurse)
    assert wordless.value.field == "reason"
    assert acts.cancel(item_id=opened.pk, reason="asked twice", by=nurse).status == "cancelled"
    with pytest.raises(Conflict):
        acts.reopen(item_id=opened.pk, by=nurse)
    with pytest.raises(Conflict):
        acts.take(item_id=opened.pk, by=nurse)


def test_an_item_of_another_member_is_not_there(world: World) -> None:
    duty(world, world.member_a.entity)
    theirs = item(world, world.member_a.site_unit)
    outsider = world.actor(Role.NURSE, world.member_b.entity)
    for act in (
        lambda: acts.take(item_id=theirs.pk, by=outsider),
        lambda: acts.complete(item_id=theirs.pk, outcome="x", by=outsider),
        lambda: acts.cancel(item_id=theirs.pk, reason="x", by=outsider),
    ):
        with pytest.raises(NotVisible):
            act()


def test_a_given_due_time_and_a_race_on_the_source(world: World) -> None:
    duty(world)
    due = now() + hours(1)
    first = item(world, due_at=due, source="race")
    assert first.due_at == due
    rival = WorkItem(
        work_type=REFILL, unit=world.main.site_unit, duty=first.duty, opened_at=AT, due_at=due, source="race"
    )
    from medguild.foundation.work.services import _save_once  # noqa: PLC0415

    assert _save_once(rival, HOUSE) == first
    assert open_item(work_type=REFILL, unit_id=world.main.site.unit_id, by=HOUSE, source="race") == first


def need(world: World, **changes: object) -> WorkItem | UnownedNeed:
    """Work that a program needs at the main site, from one source."""
    place = world.main.site.unit_id
    return need_item(work_type=REFILL, unit_id=place, source="room:1", by=HOUSE, **changes)  # type: ignore[arg-type]


def test_a_need_that_went_before_anybody_answered_stands_again(world: World) -> None:
    need(world, summary="two", at=AT)
    settle(source="room:1", outcome="gone", by=HOUSE)
    again = need(world, summary="one", at=AT + hours(5))
    assert isinstance(again, UnownedNeed)
    again.refresh_from_db()
    assert (again.settled_at, again.arose_at, again.summary) == (None, AT + hours(5), "one")
    assert Event.objects.unscoped("test").filter(type="work.unowned").count() == 2


def test_what_is_open_is_told_as_it_is_now(world: World) -> None:
    need(world, summary="two")
    assert UnownedNeed.objects.unscoped("test").get().summary == "two"
    need(world, summary="one")
    assert UnownedNeed.objects.unscoped("test").get().summary == "one"
    duty(world)
    need(world, summary="three")
    assert WorkItem.objects.unscoped("test").get().summary == "three"


def test_only_a_need_that_comes_and_goes_opens_its_closed_item(world: World) -> None:
    duty(world)
    need(world, summary="two", at=AT)
    settle(source="room:1", outcome="gone", by=HOUSE, at=AT + hours(1))
    need(world, summary="one", at=AT + hours(5))
    assert (WorkItem.objects.unscoped("test").get().status, items_told("work.reopened")) == ("done", 0)
    need(world, summary="one", again=True, at=AT + hours(5))
    item = WorkItem.objects.unscoped("test").get()
    assert (item.status, item.summary, item.opened_at) == ("open", "one", AT + hours(5))
    assert item.due_at == item.escalates_at > item.opened_at
    assert items_told("work.reopened") == 1


def items_told(event: str) -> int:
    return Event.objects.unscoped("test").filter(type=event).count()
