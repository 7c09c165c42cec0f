"""Two who were asked say yes in the same moment: one has the time, the other is told so; nobody waits in a circle."""

from __future__ import annotations

from functools import partial
from uuid import UUID

import pytest

from medguild.operations.scheduling.models import Appointment
from medguild.operations.waitlist.accepting import accept_offer
from medguild.operations.waitlist.errors import OfferGone
from medguild.operations.waitlist.models import SlotOffer
from medguild.operations.waitlist.offering import Freed, offer_freed
from medguild.operations.waitlist.rules import OfferStatus
from tests.factories.scheduling import schedule, wall
from tests.factories.waitlist import wait_for
from tests.factories.world import HOUSE, World
from tests.support_races import queued_behind


@pytest.mark.usefixtures("transactional_log")
def test_two_yeses_in_one_moment_make_one_visit() -> None:
    plan = schedule(World())
    _ = plan.session
    for _number in range(2):
        wait_for(plan)
    start = wall(plan.monday, 9)
    made = offer_freed(freed=Freed(plan.clinician.pk, plan.site.unit_id, start, wall(plan.monday, 9, 20)))

    def say_yes(offer: SlotOffer) -> UUID:
        return accept_offer(offer=offer, by=HOUSE).patient_id

    answers = queued_behind([plan.clinician.resource_id], [partial(say_yes, one) for one in made])
    first, second = answers
    assert sorted([isinstance(first, UUID), isinstance(second, OfferGone)]) == [True, True], answers
    assert Appointment.objects.unscoped("test").count() == 1
    states = SlotOffer.objects.unscoped("test").values_list("status", flat=True)
    assert sorted(states) == sorted([OfferStatus.ACCEPTED, OfferStatus.TAKEN])
