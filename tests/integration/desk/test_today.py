"""Each role's first page opens, shows its own work first, and costs a bounded number of queries."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from medguild.desk.today.catalogue import PANELS
from medguild.desk.today.rules import PANELS as ROLES
from medguild.desk.today.rules import panels_for
from medguild.foundation.access.rules import Role
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.kernel.clock import now
from tests.factories.visits import clinician_actor, make_visit
from tests.factories.work import duty, hours, item
from tests.factories.world import World

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
MOST_QUERIES = 80


def client_of(world: World, role: Role) -> Client:
    client = Client()
    client.force_login(world.user(role), backend=_BACKEND)
    return client


@pytest.mark.parametrize("role", list(ROLES))
def test_every_role_has_a_today_page(world: World, role: Role, settings: object) -> None:
    settings.FORCE_SECOND_FACTOR = False  # type: ignore[attr-defined]
    make_visit(world)
    answer = client_of(world, role).get("/")
    assert answer.status_code == 200
    shown = [panel.key for panel in answer.context["panels"]]
    assert shown
    assert set(shown) <= set(panels_for([role]))


def test_the_front_desk_sees_who_is_here_and_another_entity_does_not(world: World) -> None:
    visit = make_visit(world)
    name = visit.patient.label()
    assert name in client_of(world, Role.FRONT_DESK).get("/").content.decode()
    other = Client()
    other.force_login(world.user(Role.FRONT_DESK, world.member_a.entity), backend=_BACKEND)
    assert name not in other.get("/").content.decode()


def test_the_page_does_not_ask_more_when_more_people_are_here(world: World) -> None:
    client = client_of(world, Role.FRONT_DESK)
    make_visit(world)
    client.get("/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get("/")
    for _ in range(3):
        make_visit(world, clinician=world.clinician(world.main.site_unit))
    with CaptureQueriesContext(connection) as many:
        client.get("/")
    assert len(many) <= len(few) + 2
    assert len(many) <= MOST_QUERIES


def test_every_panel_named_for_a_role_exists() -> None:
    assert {key for keys in ROLES.values() for key in keys} == set(PANELS)


def test_work_on_today_says_whom_it_is_about(world: World) -> None:
    duty(world)
    patient = make_visit(world).patient
    item(world, subject=SubjectRef("patient", patient.pk, ""), patient_id=patient.pk, summary="Wants ninety days")
    client = client_of(world, Role.NURSE)
    panel = next(panel for panel in client.get("/").context["panels"] if panel.key == "work")
    assert [line.detail for line in panel.lines] == [f"{patient.label()} · Wants ninety days"]
    assert panel.patients == {patient.pk}, "whose name is shown is noted as read"


def test_the_numbers_of_my_work_open_to_the_rows_they_count(world: World) -> None:
    duty(world)
    item(world, due_at=now() - hours(48))
    item(world, due_at=now() + hours(480))
    client = client_of(world, Role.NURSE)
    panel = next(panel for panel in client.get("/").context["panels"] if panel.key == "work")
    for number in panel.numbers[:3]:
        assert len(client.get(number.href).context["table"].rows) == int(number.value)


def test_the_patients_of_a_clinicians_day_open_before_their_note_is_begun(world: World) -> None:
    _ = clinician_actor(world)
    make_visit(world)
    client = Client()
    client.force_login(world.main.clinician.person.user, backend=_BACKEND)
    panel = next(panel for panel in client.get("/").context["panels"] if panel.key == "clinician_day")
    assert [client.get(line.href).status_code for line in panel.lines] == [200]
