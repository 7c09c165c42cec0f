"""A page whose button was pressed twice, so fast that the second came while the first was being booked."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection, transaction

from medguild.foundation.kernel.ids import new_id
from medguild.operations.itineraries.models import Itinerary
from medguild.operations.itineraries.services import Chosen, book_day
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.protocol import as_resource, lock_resources
from tests.factories.itineraries import grounds
from tests.factories.scheduling import wall
from tests.factories.world import HOUSE, World

_WAITING = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"


def _until_waiting(number: int) -> None:
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("select pg_stat_clear_snapshot()")
            cursor.execute(_WAITING)
            if cursor.fetchone()[0] >= number:
                return
        time.sleep(0.05)
    raise AssertionError("they never waited")


@pytest.mark.usefixtures("transactional_log")
def test_two_at_once_book_one_day() -> None:
    here = grounds(World())
    monday, token = here.plan.monday, new_id()
    chosen = [
        Chosen(here.lab, here.technician, here.other.site, wall(monday, 9)),
        Chosen(here.plan.kind, here.plan.clinician, here.plan.site, wall(monday, 10), follows=True),
    ]
    answers: list[object] = []

    def send() -> None:
        try:
            made = book_day(
                itinerary_id=token, patient=here.plan.patient, campus=here.campus, chosen=chosen, by=HOUSE
            )  # fmt: skip
            answers.append(made.pk)
        except Exception as error:
            answers.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    with transaction.atomic():
        lock_resources([as_resource(here.plan.patient)])
        for number, thread in enumerate(threads, start=1):
            thread.start()
            _until_waiting(number)
    for thread in threads:
        thread.join()
    assert answers == [token, token]
    assert Itinerary.objects.unscoped("test").count() == 1
    assert Appointment.objects.unscoped("test").count() == 2
