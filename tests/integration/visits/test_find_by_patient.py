"""Lists of a patient's rows are searched as people write a name."""

from __future__ import annotations

import pytest
from django.test import Client

from medguild.foundation.access.rules import Role
from tests.factories.patients import make_patient
from tests.factories.visits import make_visit
from tests.factories.world import World


@pytest.mark.parametrize(
    "text", ["Núñez", "nunez", "NUNEZ", "Núñez de la Cruz", "Nunez de la Cruz, Ana", "Ana", "ana nun", "nun, ana"]
)
def test_the_list_of_visits_finds_a_name_as_it_is_written(world: World, text: str) -> None:
    visit = make_visit(world, patient=make_patient(world, family_name="Núñez de la Cruz", given_name="Ana"))
    make_visit(world, clinician=world.clinician(world.main.site_unit))
    assert _found(world, text) == [visit.pk]


def test_what_fits_nobody_finds_nobody(world: World) -> None:
    visit = make_visit(world, patient=make_patient(world, family_name="Osei", given_name="Kofi"))
    assert _found(world, visit.patient.mrn) == [visit.pk]
    assert _found(world, "%") == []
    assert _found(world, "Osei, Ana") == []


def _found(world: World, text: str) -> list[object]:
    client = Client()
    client.force_login(world.user(Role.FRONT_DESK), backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get("/visits/", {"q": text})
    return [row.record.pk for row in answer.context["table"].rows]
