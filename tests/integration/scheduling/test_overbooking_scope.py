"""Who is squeezed in outside of all sessions takes the time of somebody of the site, not of any clinician they name."""

from __future__ import annotations

import pytest

from medguild.foundation.access.rules import Role
from medguild.operations.scheduling.errors import OverbookRefused
from medguild.operations.scheduling.services import book_appointment
from tests.factories.patients import make_patient
from tests.factories.scheduling import schedule, wall
from tests.factories.world import World

pytestmark = pytest.mark.django_db


def test_a_member_cannot_take_the_time_of_another_groups_clinician(world: World) -> None:
    plan = schedule(world)
    theirs = make_patient(world, unit=world.member_a.site_unit)
    with pytest.raises(OverbookRefused) as refused:
        book_appointment(
            patient=theirs, clinician=plan.clinician, visit_type=plan.kind, site=world.member_a.site,
            start=wall(plan.monday, 9), by=world.actor(Role.PRACTICE_MANAGER, world.member_a.entity),
            overbook_reason="wherever there is time",
        )  # fmt: skip
    assert refused.value.code == "not_of_the_site"


def test_a_colleague_of_the_group_may_be_squeezed_in_at_a_site_without_a_session(world: World) -> None:
    plan = schedule(world)
    booked = book_appointment(
        patient=plan.patient, clinician=plan.clinician, visit_type=plan.kind, site=world.second.site,
        start=wall(plan.monday, 9), by=world.actor(Role.PRACTICE_MANAGER, world.second.entity),
        overbook_reason="cannot wait until then",
    )  # fmt: skip
    assert booked.overbooked
