"""Two screens put the same person on the list in one moment: one entry, and one plain refusal."""

from __future__ import annotations

from functools import partial

from medguild.operations.waitlist.models import WaitlistEntry
from tests.factories.scheduling import schedule
from tests.factories.waitlist import wait_for
from tests.factories.world import World
from tests.support_races import all_at_once


def test_who_asks_twice_at_once_stands_on_the_list_once(transactional_log: None) -> None:
    plan = schedule(World())
    _ = plan.session, plan.kind
    for _round in range(5):
        patient = plan.another()
        told = all_at_once([partial(wait_for, plan, patient)] * 4)
        assert sorted(told) == ["done", *["waits_already"] * 3]
        assert WaitlistEntry.objects.unscoped("test").filter(patient=patient).count() == 1
