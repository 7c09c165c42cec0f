"""A job that dies half-way through a list loses nothing, and the next goes on where it was; two at once never meet."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection

from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Event
from medguild.operations.templates.applying import apply_version
from medguild.operations.templates.models import PlannedMove
from medguild.operations.templates.moving import carry_out, choose
from medguild.operations.templates.previewing import plan_of
from medguild.operations.templates.rules import Choice, MoveStatus
from tests.factories.scheduling import Schedule, make_patient, schedule
from tests.factories.templates import fresh, previewed
from tests.factories.world import World

CHILD = Path(__file__).with_name("moving_child.py")
VISITS = 12


@pytest.fixture
def plan(transactional_log: None) -> Schedule:
    """Mondays from nine to five."""
    world = World()
    made = schedule(world, world.actor(Role.PRACTICE_MANAGER))
    made.session = made.add(start_minute=9 * 60, end_minute=17 * 60)
    return made


def child(plan_id: UUID) -> subprocess.Popen[str]:
    root = Path(__file__).parents[3]
    started = subprocess.Popen(
        [sys.executable, str(CHILD), str(connection.settings_dict["NAME"]), str(plan_id)],
        stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(root / "src")},
    )  # fmt: skip
    assert started.stdout is not None
    assert "in the middle" in started.stdout.readline()
    return started


def states() -> list[str]:
    return list(PlannedMove.objects.unscoped("test").order_by("was_start").values_list("status", flat=True))


def test_a_killed_job_goes_on_where_it_was(plan: Schedule) -> None:
    visits = [plan.book(13 + n // 3, n % 3 * 20, patient=make_patient(plan.office)) for n in range(VISITS)]
    version = previewed(plan, plan.by, end_minute=13 * 60)
    moves = plan_of(version)
    assert moves is not None
    assert choose(plan=moves, choice=Choice.ACCEPT, by=plan.by) == VISITS
    apply_version(version=version, by=plan.by)
    victim = child(moves.pk)
    os.kill(victim.pid, signal.SIGKILL)
    victim.wait(timeout=60)
    assert states().count(MoveStatus.MOVED) == 3
    assert states().count(MoveStatus.OPEN) == VISITS - 3

    barrier = threading.Barrier(2)

    def work() -> int:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=60)
            return carry_out(plan_id=moves.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        done = [one.result(timeout=120) for one in [pool.submit(work), pool.submit(work)]]
    assert sum(done) == VISITS - 3
    assert set(states()) == {MoveStatus.MOVED}
    assert Event.objects.unscoped("test").filter(type="appointment.moved").count() == VISITS, "each is told once"
    assert len({fresh(visit).start for visit in visits}) == VISITS
    moves.refresh_from_db()
    assert moves.status == "done"
