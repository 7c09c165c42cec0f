"""Several at once: one item per source, one owner per item, each late item climbs once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.errors import Conflict
from medguild.foundation.work.acts import take
from medguild.foundation.work.escalation import escalate_overdue
from medguild.foundation.work.models import WorkItem
from tests.factories.work import duty, item
from tests.factories.world import HOUSE, World

CLIENTS = 6


def at_once(act: Callable[[int], Any]) -> list[Any]:
    """Run the act in several threads that start together; answers and errors in order of the threads."""
    gate = threading.Barrier(CLIENTS)
    answers: list[Any] = [None] * CLIENTS

    def run(number: int) -> None:
        try:
            gate.wait()
            answers[number] = act(number)
        except Exception as error:
            answers[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.usefixtures("transactional_log")
def test_one_item_one_owner_one_step() -> None:
    world = World()
    duty(world)
    nurse, helper = world.actor(Role.NURSE), world.actor(Role.MEDICAL_ASSISTANT)
    opened = at_once(lambda number: item(world, source="call:1").pk)
    assert len(set(opened)) == WorkItem.objects.unscoped("test").count() == 1
    assert Event.objects.unscoped("test").filter(type="work.opened").count() == 1

    taken = at_once(lambda number: take(item_id=opened[0], by=(nurse, helper)[number % 2]).assignee_id)
    owner = WorkItem.objects.unscoped("test").get().assignee_id
    assert {answer for answer in taken if not isinstance(answer, Exception)} == {owner}
    assert all(isinstance(answer, Conflict) for answer in taken if isinstance(answer, Exception))

    due = WorkItem.objects.unscoped("test").get().due_at
    assert sum(at_once(lambda number: escalate_overdue(by=HOUSE, at=due))) == 1
