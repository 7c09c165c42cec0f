"""Two who were asked say yes in the same moment: one has the time, the other is told so; nobody waits in a circle."""

from __future__ import annotations

import threading
import time
from uuid import UUID

import pytest
from django.db import connection, transaction

from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.protocol import lock_resources
from medguild.operations.waitlist.accepting import accept_offer
from medguild.operations.waitlist.errors import OfferGone
from medguild.operations.waitlist.models import SlotOffer
from medguild.operations.waitlist.offering import Freed, offer_freed
from medguild.operations.waitlist.rules import OfferStatus
from tests.factories.scheduling import schedule, wall
from tests.factories.waitlist import wait_for
from tests.factories.world import HOUSE, World

_WAITING = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"


def _until_waiting(number: int) -> None:
    """Both are on their way as soon as both wait for a lock."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("select pg_stat_clear_snapshot()")
            cursor.execute(_WAITING)
            if cursor.fetchone()[0] >= number:
                return
        time.sleep(0.05)
    raise AssertionError("they never waited")


@pytest.mark.usefixtures("transactional_log")
def test_two_yeses_in_one_moment_make_one_visit() -> None:
    plan = schedule(World())
    _ = plan.session
    for _number in range(2):
        wait_for(plan)
    start = wall(plan.monday, 9)
    made = offer_freed(freed=Freed(plan.clinician.pk, plan.site.unit_id, start, wall(plan.monday, 9, 20)))
    answers: dict[UUID, object] = {}

    def say_yes(offer: SlotOffer) -> None:
        try:
            answers[offer.pk] = accept_offer(offer=offer, by=HOUSE).patient_id
        except Exception as error:
            answers[offer.pk] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=say_yes, args=(one,)) for one in made]
    with transaction.atomic():
        lock_resources([plan.clinician.resource_id])
        for number, thread in enumerate(threads, start=1):
            thread.start()
            _until_waiting(number)
    for thread in threads:
        thread.join()
    first, second = answers.values()
    assert sorted([isinstance(first, UUID), isinstance(second, OfferGone)]) == [True, True], answers
    assert Appointment.objects.unscoped("test").count() == 1
    states = SlotOffer.objects.unscoped("test").values_list("status", flat=True)
    assert sorted(states) == sorted([OfferStatus.ACCEPTED, OfferStatus.TAKEN])
