"""A page whose button was pressed twice, so fast that the second came while the first was being booked."""

from __future__ import annotations

import pytest

from medguild.foundation.kernel.ids import new_id
from medguild.operations.itineraries.models import Itinerary
from medguild.operations.itineraries.services import Chosen, book_day
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.protocol import as_resource
from tests.factories.itineraries import grounds
from tests.factories.scheduling import wall
from tests.factories.world import HOUSE, World
from tests.support_races import queued_behind


@pytest.mark.usefixtures("transactional_log")
def test_two_at_once_book_one_day() -> None:
    here = grounds(World())
    monday, token = here.plan.monday, new_id()
    chosen = [
        Chosen(here.lab, here.technician, here.other.site, wall(monday, 9)),
        Chosen(here.plan.kind, here.plan.clinician, here.plan.site, wall(monday, 10), follows=True),
    ]

    def send() -> object:
        made = book_day(itinerary_id=token, patient=here.plan.patient, campus=here.campus, chosen=chosen, by=HOUSE)
        return made.pk

    answers = queued_behind([as_resource(here.plan.patient)], [send, send])
    assert answers == [token, token]
    assert Itinerary.objects.unscoped("test").count() == 1
    assert Appointment.objects.unscoped("test").count() == 2
