"""Series that race for the same times, cross each other's clinicians, or lose their connection half-way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from django.db import OperationalError, connection

from medguild.foundation.events.models import Event
from medguild.foundation.kernel.ids import new_id
from medguild.operations.scheduling.models import Allocation, Appointment
from medguild.operations.series import lines
from medguild.operations.series.lines import Visiting
from medguild.operations.series.models import Occurrence, Series
from medguild.operations.series.services import Edit, NewSeries, edit_series, make_series
from tests.factories.scheduling import Schedule, make_patient
from tests.factories.series import booked_series, visiting, weekly
from tests.factories.world import HOUSE, World
from tests.support_races import all_at_once

ROUNDS = 6


def maker(plan: Schedule, who: Visiting, **pattern: Any) -> Callable[[], object]:
    new = NewSeries(who, weekly(plan, **pattern), new_id())
    return lambda: make_series(new=new, choices={}, by=HOUSE)


def whole() -> None:
    """Each visit that stands has a series and both of its allocations; nothing stands half."""
    booked = Appointment.objects.unscoped("test").filter(status="booked")
    assert set(booked.values_list("pk", flat=True)) == set(
        Occurrence.objects.unscoped("test")
        .filter(appointment__status="booked", dropped_at=None)
        .values_list("appointment_id", flat=True)
    )
    assert Allocation.objects.unscoped("test").filter(active=True).count() == 2 * booked.count()


def test_of_many_series_at_the_same_times_one_is_booked(plan: Schedule) -> None:
    people = [make_patient(plan.office) for _ in range(8)]
    done = Counter(all_at_once([maker(plan, visiting(plan, patient=person), times=5) for person in people]))
    assert done == {"done": 1, "not_all_bookable": 7}
    assert Appointment.objects.unscoped("test").count() == 5
    whole()


def test_series_that_cross_do_not_deadlock(plan: Schedule) -> None:
    """Two clinicians swap their series again and again, while others are made."""
    colleague = World().clinician(plan.site.unit)
    plan.add(colleague, start_minute=6 * 60, end_minute=20 * 60)
    mine = booked_series(plan, times=4)
    other = visiting(plan, patient=plan.another(), clinician=colleague)
    theirs = make_series(new=NewSeries(other, weekly(plan, minute=8 * 60), new_id()), choices={}, by=HOUSE)
    pair = (plan.clinician, colleague)
    for number in range(ROUNDS):
        acts: list[Callable[[], object]] = []
        for series, clinician, minute in ((mine, pair[(number + 1) % 2], 540), (theirs, pair[number % 2], 480)):
            rows = Series.objects.unscoped("test").select_related("patient", "unit__site", "visit_type")
            fresh = rows.get(pk=series.pk)
            who = visiting(plan, patient=fresh.patient, clinician=clinician)
            edit = Edit(fresh, 1, weekly(plan, minute=minute + 20 * number), who)
            acts.append(lambda edit=edit: edit_series(edit=edit, choices={}, by=HOUSE))  # type: ignore[misc]
        acts.append(maker(plan, visiting(plan, patient=plan.another()), minute=14 * 60 + 20 * number, times=3))
        assert Counter(all_at_once(acts)) == {"done": 3}
        whole()


def test_a_connection_killed_half_way_leaves_nothing(plan: Schedule, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server ends the connection after the third visit of five; then the same series is booked again."""
    book = lines.book_appointment
    count = 0

    def booked(**given: Any) -> Appointment:
        nonlocal count
        count += 1
        if count == 4:
            with connection.cursor() as cursor:
                cursor.execute("select pg_terminate_backend(pg_backend_pid())")
        return book(**given)

    monkeypatch.setattr(lines, "book_appointment", booked)
    new = NewSeries(visiting(plan), weekly(plan, times=5), new_id())

    def run() -> str:
        try:
            make_series(new=new, choices={}, by=HOUSE)
        except OperationalError:
            return "killed"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(run).result() == "killed"
    assert not Series.objects.unscoped("test").exists()
    assert not Appointment.objects.unscoped("test").exists()
    assert not Allocation.objects.unscoped("test").exists()
    assert not Event.objects.unscoped("test").filter(type="series.made").exists()
    make_series(new=replace(new), choices={}, by=HOUSE)
    assert Appointment.objects.unscoped("test").count() == 5
    whole()
