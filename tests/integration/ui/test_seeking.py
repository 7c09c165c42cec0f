"""What is sought in a list of patients stays out of its address, and still sorts, pages and exports."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.clock import now
from tests.factories.patients import make_patient
from tests.factories.visits import make_visit
from tests.factories.world import World

pytestmark = pytest.mark.django_db
LIST = "/visits/"


@pytest.fixture
def desk(world: World, client: Client) -> Client:
    for days, family in enumerate(("Larkwing", "Otherby"), start=1):
        make_visit(world, patient=make_patient(world, family_name=family), at=now() - dt.timedelta(days=days))
    client.force_login(world.user(Role.PRACTICE_MANAGER))
    return client


def seek(client: Client, text: str, **given: str) -> str:
    answer = client.post(reverse("ui:seek"), {"_path": LIST, "_sought": "q", "q": text, **given})
    assert answer.status_code == 302
    return answer["Location"]


def test_a_name_is_sought_without_standing_in_an_address(desk: Client) -> None:
    page = desk.get(LIST).content.decode()
    assert f'hx-post="{reverse("ui:seek")}"' in page
    address = seek(desk, "Larkwing", status="")
    assert address.startswith(f"{LIST}?q=~")
    assert "arkwing" not in address
    assert "status" not in address, "empty fields are left out"
    shown = desk.get(address)
    assert [row.record.patient.family_name for row in shown.context["table"].rows] == ["Larkwing"]
    body = shown.content.decode()
    assert 'value="Larkwing"' in body
    assert "q=Larkwing" not in body, "no link of the page carries it"
    assert seek(desk, "Larkwing") == address, "the same text has the same address"
    mark = address.split("q=")[1]
    table = desk.get(
        LIST, {"q": mark.replace("%7E", "~")}, headers={"HX-Request": "true", "HX-Target": "#table-visits"}
    )
    assert table["HX-Push-Url"].endswith(mark)


def test_an_exported_list_is_filtered_too(desk: Client) -> None:
    address = seek(desk, "Otherby")
    table = desk.get(address).context["table"]
    text = b"".join(desk.get(LIST + table.export_query).streaming_content).decode()
    assert "Otherby" in text
    assert "Larkwing" not in text


def test_a_mark_means_nothing_in_another_session(desk: Client, world: World) -> None:
    address = seek(desk, "Larkwing")
    other = Client()
    other.force_login(world.user(Role.PRACTICE_MANAGER))
    shown = other.get(address)
    assert "Larkwing" not in shown.content.decode().split("<tbody")[0], "the field is empty"
    assert len(shown.context["table"].rows) == 2


def test_names_are_not_saved_with_a_filter(desk: Client) -> None:
    table = desk.get(seek(desk, "Larkwing")).context["table"]
    assert "q=" not in table.to_save


def test_it_leads_nowhere_else(desk: Client) -> None:
    for path in ("//evil.example/", "https://evil.example/", "/no/such/page/"):
        assert desk.post(reverse("ui:seek"), {"_path": path, "q": "x"}).status_code == 404


def test_lists_that_are_not_about_patients_keep_their_addresses(world: World, client: Client) -> None:
    client.force_login(world.user(Role.ADMINISTRATOR))
    page = client.get(reverse("access:users")).content.decode()
    assert reverse("ui:seek") not in page
