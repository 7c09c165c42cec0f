"""What happens below becomes work, once, and is never dropped."""

from __future__ import annotations

import datetime as dt

import pytest

from medguild.foundation.access.models import BrokenGlass
from medguild.foundation.access.rules import Role
from medguild.foundation.access.services import GLASS_BROKEN, review_glass
from medguild.foundation.events.dispatch import dispatch_pending
from medguild.foundation.events.events import EventRecord, SubjectRef
from medguild.foundation.events.services import record
from medguild.foundation.events.subscribers import subscribers
from medguild.foundation.kernel.clock import now, today
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.standards.deviations import approve_deviation, propose_deviation
from medguild.foundation.work.models import UnownedNeed, WorkItem
from medguild.foundation.work.presets import DEVIATION_APPROVAL, FAILED_DELIVERY, GLASS_REVIEW
from medguild.foundation.work.selectors import items_visible, my_work, needs_visible, subjects_of
from medguild.foundation.work.services import settle
from tests.factories.work import duty
from tests.factories.world import HOUSE, World


@pytest.fixture(autouse=True)
def _heard(world: World) -> None:
    dispatch_pending()


def items() -> list[WorkItem]:
    return list(WorkItem.objects.unscoped("test"))


def test_broken_glass_is_reviewed_by_compliance_and_closed_with_the_review(world: World) -> None:
    duty(world, work_type=GLASS_REVIEW, role=Role.COMPLIANCE_OFFICER, backup_role=None)
    officer, nurse = world.actor(Role.COMPLIANCE_OFFICER), world.user(Role.NURSE)
    opened = BrokenGlass.objects.create(
        user=nurse, patient_id=new_id(), reason="collapsed", started_at=now(), ends_at=now() + dt.timedelta(hours=4)
    )
    record(
        GLASS_BROKEN, subject=SubjectRef("broken_glass", opened.pk, "nurse"), by=world.actor(Role.NURSE),
        patient_id=opened.patient_id, data={"user_id": nurse.pk},
    )  # fmt: skip
    dispatch_pending()
    item = items()[0]
    assert (item.work_type, item.subject_id, item.unit_id) == (GLASS_REVIEW, opened.pk, world.main.entity.pk)
    assert list(my_work(officer)) == [item]
    assert "nurse" in subjects_of(officer, [item])[opened.pk].label
    for unknowing in (world.actor(Role.NURSE), world.actor(Role.PRACTICE_MANAGER)):
        assert not items_visible(unknowing).exists()
        assert subjects_of(unknowing, [item]) == {}
    reviewer = world.user(Role.COMPLIANCE_OFFICER)
    review_glass(opened=opened, reviewer=reviewer, finding="right", by=officer)
    dispatch_pending()
    assert [found.status for found in items()] == ["done"]


def test_a_proposed_deviation_waits_for_a_decision(world: World) -> None:
    duty(world, world.enterprise, work_type=DEVIATION_APPROVAL, role=Role.PHYSICIAN_OWNER, backup_role=None)
    owner = world.actor(Role.PHYSICIAN_OWNER, world.enterprise)
    deviation = propose_deviation(
        key="work.handoff_due", unit=world.main.practice, value=dt.timedelta(days=9), reason="closed for the move",
        start=today(), end=today() + dt.timedelta(days=9), by=world.actor(Role.PRACTICE_MANAGER),
    )  # fmt: skip
    dispatch_pending()
    item = items()[0]
    assert list(my_work(owner)) == [item]
    view = subjects_of(owner, [item])[deviation.pk]
    assert "Harbor Practice" in view.label
    approve_deviation(deviation_id=deviation.pk, by=owner)
    dispatch_pending()
    assert [(found.status, found.outcome) for found in items()] == [("done", "approved")]


def test_without_a_duty_the_need_stands_red_and_is_settled_by_the_decision(world: World) -> None:
    deviation = propose_deviation(
        key="work.handoff_due", unit=world.main.practice, value=dt.timedelta(days=9), reason="closed for the move",
        start=today(), end=today() + dt.timedelta(days=9), by=world.actor(Role.PRACTICE_MANAGER),
    )  # fmt: skip
    dispatch_pending()
    owner = world.actor(Role.PHYSICIAN_OWNER)
    assert items() == []
    assert [need.subject_id for need in needs_visible(owner)] == [deviation.pk]
    assert needs_visible(world.actor(Role.FRONT_DESK)) == []
    approve_deviation(deviation_id=deviation.pk, by=owner)
    dispatch_pending()
    assert needs_visible(owner) == []
    assert UnownedNeed.objects.unscoped("test").count() == 1


def test_a_failed_delivery_is_somebodys_work(world: World) -> None:
    duty(world, world.enterprise, work_type=FAILED_DELIVERY, role=Role.ADMINISTRATOR, backup_role=None)
    record(
        "delivery.failed", subject=SubjectRef("delivery", new_id(), "revenue.capture"), by=HOUSE,
        data={"subscriber": "revenue.capture"},
    )  # fmt: skip
    dispatch_pending()
    assert [item.summary for item in items()] == ["revenue.capture"]
    assert list(items_visible(world.actor(Role.ADMINISTRATOR, world.enterprise))) == items()


def test_hearing_twice_opens_once(world: World) -> None:
    duty(world, world.enterprise, work_type=FAILED_DELIVERY, role=Role.ADMINISTRATOR, backup_role=None)
    event = EventRecord(
        id=new_id(), type="delivery.failed", version=1, occurred_at=now(), recorded_at=now(), actor_kind="job",
        actor_id=None, actor_label="x", cause="", subject=SubjectRef("delivery", new_id(), "x"), unit_id=None,
        patient_id=None, data={},
    )  # fmt: skip
    for _ in range(2):
        subscribers.get("work.failed_deliveries").handler(event)
    assert len(items()) == 1
    settle(source="never opened", outcome="x", by=HOUSE)


def test_in_a_house_without_units_nothing_is_lost(db: None) -> None:
    subscribers.get("work.glass_reviews").handler(
        EventRecord(
            id=new_id(),
            type="access.glass_broken",
            version=1,
            occurred_at=now(),
            recorded_at=now(),
            actor_kind="user",
            actor_id=None,
            actor_label="x",
            cause="",
            subject=SubjectRef("broken_glass", new_id(), "x"),
            unit_id=None,
            patient_id=None,
            data={},
        )  # fmt: skip
    )
    assert UnownedNeed.objects.unscoped("test").get().unit_id is None
