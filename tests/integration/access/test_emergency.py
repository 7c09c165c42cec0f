"""A record of another circle: closed by every way in, opened in an emergency for hours, and then closed again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client

from medguild.foundation.access.rules import GLASS_LASTS, Role
from medguild.foundation.access.selectors import forget_actors
from medguild.foundation.access.services import create_token
from medguild.foundation.kernel.clock import now
from tests.factories.patients import make_patient
from tests.factories.world import HOUSE, World
from tests.integration.events.support import everything

pytestmark = pytest.mark.django_db
NAME = "Quillfeather"


@pytest.fixture
def record(world: World, settings: Any) -> str:
    """A patient of one member of the IPA."""
    settings.FORCE_SECOND_FACTOR = False
    patient = make_patient(world, unit=world.member_b.site_unit, family_name=NAME)
    return str(patient.pk)


def _as(world: World, role: Role) -> Client:
    client = Client()
    client.force_login(world.user(role, world.member_a.entity))
    return client


def test_another_member_finds_nothing_by_any_way_and_each_attempt_is_recorded(world: World, record: str) -> None:
    desk = _as(world, Role.FRONT_DESK)
    for path, ask in (
        ("/patients/", desk.get), ("/patients/", desk.post), ("/ui/palette/", desk.post),
        ("/patients/?_export=patients", desk.get),
    ):  # fmt: skip
        answer = ask(path, {"q": NAME}, follow=True)
        body = b"".join(answer) if answer.streaming else answer.content
        # The search box repeats what was typed; nothing else may know the name.
        shown = body.decode().replace(f'value="{NAME}"', "").replace(f"q={NAME}", "").replace(f"“{NAME}”", "")
        assert record not in shown, path
        assert NAME not in shown, path
    assert desk.get(f"/patients/{record}/").status_code == 404
    refused = everything().filter(type="access.refused", actor_id=world.user(Role.FRONT_DESK, world.member_a.entity).pk)
    assert refused.count() == 1
    token = create_token(name="x", role=Role.SCHEDULER, unit=world.member_a.entity, by=HOUSE)[1]
    headers = {"Authorization": f"Bearer {token}"}
    found = Client().get("/api/v1/patients", {"q": NAME}, headers=headers)
    assert (found.status_code, record in found.content.decode()) == (200, False)
    assert Client().get(f"/api/v1/patients/{record}", headers=headers).status_code == 404
    assert everything().filter(type="access.refused", actor_kind="service").count() == 1
    assert not everything().filter(type="record.read", patient_ids__contains=[record]).exists()


def test_the_way_in_for_emergencies_is_shown_to_those_who_treat_only(world: World, record: str) -> None:
    nurse, biller = _as(world, Role.NURSE), _as(world, Role.FRONT_DESK)
    door = f"/access/break-glass/{record}/"
    assert door in nurse.get(f"/patients/{record}/").content.decode()
    assert door not in biller.get(f"/patients/{record}/").content.decode()
    unknown = record[:-4] + "0000"
    assert f"/access/break-glass/{unknown}/" in nurse.get(f"/patients/{unknown}/").content.decode()


def test_an_opened_record_is_readable_for_hours_and_its_reads_are_recorded(world: World, record: str) -> None:
    nurse = _as(world, Role.NURSE)
    opened = nurse.post(f"/access/break-glass/{record}/", {"reason": "Collapsed in our waiting room"})
    assert (opened.status_code, opened["Location"]) == (302, f"/patients/{record}/")
    page = nurse.get(f"/patients/{record}/")
    assert page.status_code == 200
    assert NAME in page.content.decode()
    assert everything().filter(type="record.read", patient_ids__contains=[record]).exists()
    officer = _as(world, Role.COMPLIANCE_OFFICER)
    assert NAME in officer.get("/access/reviews/").content.decode()
    with time_machine.travel(now() + GLASS_LASTS + dt.timedelta(minutes=1)):
        forget_actors()
        nurse = _as(world, Role.NURSE)
        assert nurse.get(f"/patients/{record}/").status_code == 404
