"""Many at one slot, many at many slots, a booker killed half-way, movers against bookers. Real connections, commits."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from psycopg import errors

from medguild.foundation.events.models import Event
from medguild.operations.scheduling.holding import hold_slot
from medguild.operations.scheduling.models import Allocation, Appointment
from medguild.operations.scheduling.outcomes import cancel_appointment
from medguild.operations.scheduling.protocol import guarded_transaction
from medguild.operations.scheduling.rules import CancelReason
from medguild.operations.scheduling.services import book_appointment, move_appointment
from medguild.patients.identity.models import Patient
from tests.factories.scheduling import Schedule, add_room, make_patient, wall
from tests.factories.world import HOUSE, World
from tests.support_races import all_at_once, no_double_booking

CLIENTS = 32
CHILD = Path(__file__).with_name("booking_child.py")


def booker(plan: Schedule, patient: Patient, start: dt.datetime, **more: object) -> Callable[[], object]:
    given = {"clinician": plan.clinician, "visit_type": plan.kind, "site": plan.site, "by": HOUSE} | more
    return lambda: book_appointment(patient=patient, start=start, **given)  # type: ignore[arg-type]


def patients(plan: Schedule, count: int = CLIENTS) -> list[Patient]:
    return [make_patient(plan.office) for _ in range(count)]


def test_32_clients_on_one_slot_give_one_booking(plan: Schedule) -> None:
    for round_, people in enumerate((patients(plan), patients(plan), patients(plan))):
        start = wall(plan.monday, 9 + round_)
        outcome = Counter(all_at_once([booker(plan, person, start) for person in people]))
        assert outcome == {"done": 1, "slot_taken": CLIENTS - 1}
        booked = Appointment.objects.unscoped("test").filter(start=start)
        assert booked.count() == 1
        assert Event.objects.unscoped("test").filter(type="appointment.booked", subject_id=booked.get().pk).count() == 1
    no_double_booking()


def test_32_clients_on_distinct_slots_are_all_served(plan: Schedule) -> None:
    starts = [wall(plan.monday, 6) + dt.timedelta(minutes=20 * place) for place in range(CLIENTS)]
    acts = [booker(plan, person, start) for person, start in zip(patients(plan), starts, strict=True)]
    assert Counter(all_at_once(acts)) == {"done": CLIENTS}
    no_double_booking()


def test_one_patient_at_many_clinicians_is_booked_once(plan: Schedule) -> None:
    world = World()
    others = [world.clinician(plan.site.unit) for _ in range(8)]
    for clinician in others:
        plan.add(clinician)
    person = make_patient(plan.office)
    acts = [booker(plan, person, wall(plan.monday, 9), clinician=clinician) for clinician in others]
    assert Counter(all_at_once(acts)) == {"done": 1, "patient_busy": 7}


def test_crossing_resources_do_not_deadlock(plan: Schedule) -> None:
    """Clinicians, patients and rooms wanted in every order: nobody waits in a circle, each room and person is once."""
    world = World()
    clinicians = [plan.clinician, *[world.clinician(plan.site.unit) for _ in range(3)]]
    for clinician in clinicians[1:]:
        plan.add(clinician)
    people, rooms = patients(plan, 4), [plan.office.room, add_room(plan.office)]
    acts = [
        booker(plan, people[n % 4], wall(plan.monday, 9), clinician=clinicians[(n // 4) % 4], room=rooms[n % 2])
        for n in range(16)
    ]
    outcome = Counter(all_at_once(acts))
    assert outcome["done"] == 2, outcome
    assert outcome.keys() <= {"done", "slot_taken", "patient_busy"}
    no_double_booking()


def test_group_visits_fill_exactly_to_their_capacity(plan: Schedule) -> None:
    plan.add(weekday=1, capacity=5)
    start = wall(plan.monday + dt.timedelta(days=1), 9)
    outcome = Counter(all_at_once([booker(plan, person, start) for person in patients(plan)]))
    assert outcome == {"done": 5, "slot_taken": CLIENTS - 5}
    no_double_booking()


def test_movers_bookers_holders_and_cancellers_meet(plan: Schedule) -> None:
    goal = wall(plan.monday, 15)
    seated = book_appointment(
        patient=make_patient(plan.office), clinician=plan.clinician, visit_type=plan.kind, site=plan.site,
        start=goal, by=HOUSE,
    )  # fmt: skip
    waiting = [
        book_appointment(
            patient=person, clinician=plan.clinician, visit_type=plan.kind, site=plan.site,
            start=wall(plan.monday, 6) + dt.timedelta(minutes=20 * place), by=HOUSE,
        )
        for place, person in enumerate(patients(plan, 10))
    ]  # fmt: skip
    movers = [lambda one=one: move_appointment(appointment=one, start=goal, by=HOUSE) for one in waiting]
    holders = [
        lambda: hold_slot(clinician=plan.clinician, visit_type=plan.kind, site=plan.site, start=goal, by=HOUSE)
        for _ in range(4)
    ]
    canceller = [lambda: cancel_appointment(appointment=seated, reason=CancelReason.PATIENT_REQUEST, by=HOUSE)]
    bookers = [booker(plan, person, goal) for person in patients(plan, 10)]
    outcome = Counter(all_at_once([*movers, *holders, *canceller, *bookers]))
    assert outcome["done"] in (1, 2), outcome  # the cancellation, and whoever came after it
    assert outcome.keys() <= {"done", "slot_taken"}
    no_double_booking()
    assert Allocation.objects.unscoped("test").filter(active=True, appointment__status="cancelled").count() == 0


def child(plan: Schedule, patient: Patient, start: dt.datetime) -> subprocess.Popen[str]:
    """A booking in another process, up to just before its commit."""
    given = [patient.pk, plan.clinician.pk, plan.kind.pk, plan.site.unit_id, int(start.timestamp()) // 60]
    root = Path(__file__).parents[3]
    started = subprocess.Popen(
        [sys.executable, str(CHILD), str(connection.settings_dict["NAME"]), *map(str, given)],
        stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(root / "src")},
    )  # fmt: skip
    assert started.stdout is not None
    assert "not committed" in started.stdout.readline()
    return started


@pytest.mark.parametrize("how", ["process", "connection"])
def test_a_booker_killed_before_its_commit_leaves_nothing_and_keeps_nobody_waiting(plan: Schedule, how: str) -> None:
    start = wall(plan.monday, 10)
    victim = child(plan, make_patient(plan.office), start)
    waiters = ThreadPoolExecutor(1)
    waiting = waiters.submit(all_at_once, [booker(plan, person, start) for person in patients(plan, 8)])
    with pytest.raises(TimeoutError):
        waiting.result(timeout=0.5)  # they stand behind the victim's lock
    if how == "process":
        os.kill(victim.pid, signal.SIGKILL)
    else:
        with connection.cursor() as cursor:
            cursor.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and state = 'idle in transaction'"
            )
    assert Counter(waiting.result(timeout=120)) == {"done": 1, "slot_taken": 7}
    waiters.shutdown()
    if how == "connection":
        os.kill(victim.pid, signal.SIGKILL)
    victim.wait(timeout=60)
    assert Appointment.objects.unscoped("test").filter(start=start).count() == 1
    assert Event.objects.unscoped("test").filter(type="appointment.booked").count() == 1
    no_double_booking()


class Flaky:
    """Fails as often as told, then answers."""

    def __init__(self, error: Exception, times: int) -> None:
        self.error, self.left, self.calls = error, times, 0

    def __call__(self) -> str:
        self.calls += 1
        if self.left:
            self.left -= 1
            raise OperationalError("trouble") from self.error
        return "done"


@pytest.mark.parametrize("error", [errors.DeadlockDetected, errors.SerializationFailure])
def test_a_deadlock_is_tried_once_more(transactional_log: None, error: type[Exception]) -> None:
    once, twice = Flaky(error(), 1), Flaky(error(), 2)
    assert guarded_transaction(once) == "done"
    assert once.calls == 2
    with pytest.raises(OperationalError):
        guarded_transaction(twice)
    assert twice.calls == 2


def test_other_trouble_is_not_tried_again(transactional_log: None) -> None:
    lost = Flaky(errors.AdminShutdown(), 1)
    with pytest.raises(OperationalError):
        guarded_transaction(lost)
    assert lost.calls == 1


def test_inside_another_transaction_nothing_is_tried_again(transactional_log: None) -> None:
    locked = Flaky(errors.DeadlockDetected(), 1)
    with transaction.atomic(), pytest.raises(OperationalError):
        guarded_transaction(locked)
    assert locked.calls == 1


def test_other_broken_constraints_are_not_told_as_taken(plan: Schedule) -> None:
    with pytest.raises(IntegrityError):
        guarded_transaction(
            lambda: Allocation.objects.create(
                resource_id=plan.clinician.resource_id, unit=plan.site.unit, during=DateTimeTZRange(*_hour(plan))
            )
        )


def _hour(plan: Schedule) -> tuple[dt.datetime, dt.datetime]:
    return wall(plan.monday, 9), wall(plan.monday, 10)
