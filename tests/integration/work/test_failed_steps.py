"""A background step that gave up: seen, tried again once, and closed by itself when it went through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.foundation.events.dispatch import dispatch_pending, retry_failed
from medguild.foundation.events.models import Delivery
from medguild.foundation.events.rules import MOST_ATTEMPTS, DeliveryStatus
from medguild.foundation.events.setting_aside import set_aside
from medguild.foundation.events.subscribers import Subscriber, subscribers
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.work.duties import assign_duty
from medguild.foundation.work.models import WorkItem
from medguild.foundation.work.presets import FAILED_DELIVERY
from medguild.foundation.work.rules import ItemStatus
from tests.factories.world import HOUSE, START, World
from tests.integration.events.support import TOLD, everything, tell


class Weak:
    """Fails until it is mended."""

    mended = False

    def __call__(self, event: Any) -> None:
        if not self.mended:
            raise ValueError("Ana Ruiz")


@pytest.fixture(autouse=True)
def _password_is_enough(settings: Any) -> None:
    settings.FORCE_SECOND_FACTOR = False


@pytest.fixture
def weak() -> Iterator[Weak]:
    entries = dict(subscribers._entries)
    handler = Weak()
    subscribers.register("test.weak", Subscriber("test.weak", frozenset({TOLD}), handler))
    yield handler
    subscribers._entries = entries


@pytest.fixture
def failed(world: World, weak: Weak) -> Delivery:
    assign_duty(work_type=FAILED_DELIVERY, unit=world.enterprise, role=Role.ADMINISTRATOR, start=START, by=HOUSE)
    tell()
    for attempt in range(MOST_ATTEMPTS + 1):
        with time_machine.travel(now().timestamp() + 1000 * attempt, tick=True):
            dispatch_pending()
    return Delivery.objects.get(subscriber="test.weak")


def _item() -> WorkItem:
    return WorkItem.objects.unscoped("test").get(work_type=FAILED_DELIVERY)


def test_a_failed_step_is_shown_and_tried_again(world: World, weak: Weak, failed: Delivery, client: Client) -> None:
    assert failed.status == DeliveryStatus.FAILED
    client.force_login(world.user(Role.ADMINISTRATOR, world.enterprise))
    page = reverse("work:delivery", args=[failed.pk])
    assert page in client.get(reverse("work:item", args=[_item().pk])).content.decode()
    assert page in client.get(reverse("work:deliveries")).content.decode()
    shown = client.get(page).content.decode()
    assert "ValueError" in shown
    assert "Ana Ruiz" not in shown
    weak.mended = True
    for _ in range(2):
        assert client.post(page).status_code == 302
    dispatch_pending()
    failed.refresh_from_db()
    assert failed.status == DeliveryStatus.DONE
    assert (_item().status, _item().outcome) == (ItemStatus.DONE, "recovered")
    assert "test.weak" not in client.get(reverse("work:deliveries")).content.decode()


def test_trying_again_is_harmless(failed: Delivery) -> None:
    assert retry_failed(delivery_id=failed.pk, by=HOUSE)
    assert not retry_failed(delivery_id=failed.pk, by=HOUSE)
    failed.refresh_from_db()
    assert (failed.status, failed.attempts) == (DeliveryStatus.PENDING, 0)


def test_many_are_tried_again_at_once(world: World, weak: Weak, failed: Delivery, client: Client) -> None:
    client.force_login(world.user(Role.ADMINISTRATOR, world.enterprise))
    weak.mended = True
    client.post(reverse("work:deliveries"), {"_bulk": "retry", "ids": [str(failed.pk)]})
    failed.refresh_from_db()
    assert failed.status == DeliveryStatus.PENDING


def test_who_manages_one_entity_does_not_see_the_steps_of_the_house(
    world: World, failed: Delivery, client: Client
) -> None:
    client.force_login(world.user(Role.ADMINISTRATOR))
    assert client.get(reverse("work:delivery", args=[failed.pk])).status_code == 404
    assert client.get(reverse("work:deliveries")).status_code == 404


def test_a_step_that_can_never_succeed_is_set_aside(world: World, failed: Delivery, client: Client) -> None:
    client.force_login(world.user(Role.ADMINISTRATOR, world.enterprise))
    page, act = reverse("work:delivery", args=[failed.pk]), reverse("work:give_up_step", args=[failed.pk])
    assert "Set this step aside?" in client.get(page).content.decode()
    client.post(act, {"reason": "  "})
    failed.refresh_from_db()
    assert failed.status == DeliveryStatus.FAILED, "not without a reason"
    client.post(act, {"reason": "The record was made by mistake"})
    dispatch_pending()
    failed.refresh_from_db()
    assert failed.status == DeliveryStatus.DONE
    assert (_item().status, _item().outcome) == (ItemStatus.DONE, "set_aside")
    told = everything().get(type="delivery.set_aside")
    assert (told.data["reason"], told.data["error"]) == ("The record was made by mistake", failed.error)
    assert told.actor_id == world.user(Role.ADMINISTRATOR, world.enterprise).pk
    assert "test.weak" not in client.get(reverse("work:deliveries")).content.decode()
    listed = client.get(reverse("work:steps_set_aside")).content.decode()
    assert "The record was made by mistake" in listed
    shown = client.get(page).content.decode()
    assert "this step was never done" in shown
    assert "Try again" not in shown
    again = client.post(act, {"reason": "Twice"}, follow=True).content.decode()
    assert "It is not failed any more" in again


def test_a_job_that_sets_a_step_aside_is_told_in_plain_words(world: World, failed: Delivery, client: Client) -> None:
    client.force_login(world.user(Role.ADMINISTRATOR, world.enterprise))
    set_aside(delivery_id=failed.pk, reason="It never will", by=Actor.job("registers.remind"))
    for page in (reverse("work:steps_set_aside"), reverse("work:delivery", args=[failed.pk])):
        shown = client.get(page).content.decode()
        assert "By itself: dates that run out" in shown
        assert "registers.remind" not in shown


def test_steps_behind_one_set_aside_go_on(world: World, weak: Weak, failed: Delivery) -> None:
    later = Delivery.objects.create(
        event_id=failed.event_id, subscriber="test.weak.later", subject_key=failed.subject_key,
        sequence=failed.sequence + 1, next_try_at=now(),
    )  # fmt: skip
    Delivery.objects.filter(pk=later.pk).update(subscriber="test.weak", event_id=new_id())
    weak.mended = True
    dispatch_pending()
    later.refresh_from_db()
    assert later.status == DeliveryStatus.PENDING, "it waits behind the failed one"
    set_aside(delivery_id=failed.pk, reason="It never will", by=HOUSE)
    dispatch_pending()
    later.refresh_from_db()
    assert later.attempts == 1, "it was tried"
