"""Who is squeezed in outside of all sessions takes the time of somebody of the site, for a kind of visit that is done
there: not of any clinician, nor of any kind, that they name."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.operations.scheduling.errors import OutsideTemplate, OverbookRefused
from medguild.operations.scheduling.holding import hold_slot
from medguild.operations.scheduling.kinds.visit_types import record_visit_type
from medguild.operations.scheduling.models import Appointment, VisitType
from medguild.operations.scheduling.services import book_appointment, move_appointment
from tests.factories.patients import make_patient
from tests.factories.program import Program
from tests.factories.scheduling import Schedule, schedule, wall
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db


def test_a_member_cannot_take_the_time_of_another_groups_clinician(world: World) -> None:
    plan = schedule(world)
    theirs = make_patient(world, unit=world.member_a.site_unit)
    with pytest.raises(OverbookRefused) as refused:
        book_appointment(
            patient=theirs, clinician=plan.clinician, visit_type=plan.kind, site=world.member_a.site,
            start=wall(plan.monday, 9), by=world.actor(Role.PRACTICE_MANAGER, world.member_a.entity),
            overbook_reason="wherever there is time", outside_hours=True,
        )  # fmt: skip
    assert refused.value.code == "not_of_the_site"


def test_a_colleague_of_the_group_may_be_squeezed_in_at_a_site_without_a_session(world: World) -> None:
    plan = schedule(world)
    booked = book_appointment(
        patient=plan.patient, clinician=plan.clinician, visit_type=plan.kind, site=world.second.site,
        start=wall(plan.monday, 9), by=world.actor(Role.PRACTICE_MANAGER, world.second.entity),
        overbook_reason="cannot wait until then", outside_hours=True,
    )  # fmt: skip
    assert booked.overbooked


def foreign_kind(world: World) -> VisitType:
    return record_visit_type(owner=world.member_b.entity, code="theirs", name="Theirs", minutes=20, by=HOUSE)


@pytest.fixture
def member(world: World) -> Schedule:
    """A member of the IPA with sessions on Mondays from nine to twelve."""
    _ = world.member_a, world.member_b
    return Schedule(world.member_a)


def test_a_kind_of_visit_of_another_member_is_not_squeezed_in(member: Schedule, world: World) -> None:
    """At seven there is no session, at nine none for this kind: neither way may take it."""
    kind = foreign_kind(world)
    by = world.actor(Role.PRACTICE_MANAGER, world.member_a.entity)
    with pytest.raises(OutsideTemplate):
        member.book(9, visit_type=kind, by=by)
    for hour in (7, 9):
        with pytest.raises(OverbookRefused) as refused:
            member.book(hour, visit_type=kind, by=by, overbook_reason="cannot wait until then")
        assert refused.value.code == "kind_not_of_the_site"
    assert member.book(7, by=by, overbook_reason="cannot wait until then", outside_hours=True).overbooked


def test_a_visit_is_not_moved_to_where_its_kind_is_not_done(member: Schedule, world: World) -> None:
    """The clinician is affiliated with both; a visit of the one's own kind cannot be squeezed in at the other's."""
    plan = schedule(world)
    own = record_visit_type(owner=world.main.entity, code="ours", name="Ours", minutes=20, by=HOUSE)
    plan.add(visit_types={own.pk: 20}, weekday=1)
    booked = plan.book(visit_type=own, start=wall(plan.monday + dt.timedelta(days=1), 9))
    with pytest.raises(OverbookRefused) as refused:
        move_appointment(
            appointment=booked, start=wall(plan.monday, 7), site=world.second.site, by=HOUSE,
            overbook_reason="cannot wait until then", outside_hours=True,
        )  # fmt: skip
    assert refused.value.code == "kind_not_of_the_site"
    assert move_appointment(
        appointment=booked,
        start=wall(plan.monday, 7),
        by=HOUSE,
        overbook_reason="cannot wait until then",
        outside_hours=True,
    ).overbooked


def test_a_kind_of_visit_of_another_member_is_not_held(member: Schedule, world: World) -> None:
    """A hold takes no reason: it needs a session that takes the kind."""
    _ = member.session
    with pytest.raises(OutsideTemplate):
        hold_slot(
            clinician=member.clinician, visit_type=foreign_kind(world), site=member.site, by=HOUSE,
            start=wall(member.monday, 9),
        )  # fmt: skip


def test_over_the_api_and_on_the_page_it_is_refused_as_well(member: Schedule, world: World, client: Client) -> None:
    _ = member.session
    kind = foreign_kind(world)
    manager = world.user(Role.PRACTICE_MANAGER, world.member_a.entity)
    body = {
        "patient": str(member.patient.pk), "clinician": str(member.clinician.pk), "site": str(member.site.unit_id),
        "visit_type": str(kind.pk), "start": wall(member.monday, 9).isoformat(), "overbook_reason": "cannot wait",
    }  # fmt: skip
    answer = Program(Role.SCHEDULER, world.member_a.entity).post("/appointments", body, key="k1")
    assert (answer.status_code, answer.json()["code"]) == (422, "kind_not_of_the_site")
    assert not Appointment.objects.unscoped("test").exists()
    client.force_login(manager)
    page = reverse("scheduling:overbook", args=[member.patient.pk, kind.pk, member.clinician.pk, member.site.unit_id])
    assert client.get(page).status_code == 404
