"""Pages of code sets: browsing, loading a licensed set by line, withdrawing a mistake."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.foundation.codesets.models import CodeSet
from medguild.foundation.codesets.rules import System
from tests.factories.world import World

GOOD = b"code,label,kind\nX0001,First service,own\nX0002,Second service,own\n"
BAD = GOOD + b",No code,own\nX0001,Again,own\n"


@pytest.fixture(autouse=True)
def _password_is_enough(settings: Any) -> None:
    settings.FORCE_SECOND_FACTOR = False


def _send(client: Client, content: bytes, **more: str) -> Any:
    given = {"system": "procedure", "version": "2027", "start": "2027-01-01", "source": "Ours"}
    return client.post(reverse("codesets:load"), {**given, **more, "file": SimpleUploadedFile("codes.csv", content)})


def test_a_set_is_loaded_browsed_and_withdrawn(world: World, client: Client) -> None:
    client.force_login(world.user(Role.ADMINISTRATOR))
    refused = _send(client, BAD)
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Line 4:" in page
    assert "Line 5:" in page
    assert "2 new" in _send(client, GOOD, dry_run="on").content.decode()
    assert not CodeSet.objects.filter(system=System.PROCEDURE, version="2027").exists()
    assert "2 new" in _send(client, GOOD).content.decode()
    edition = CodeSet.objects.get(system=System.PROCEDURE, version="2027")
    assert _send(client, GOOD + b"X3,x,own\n").status_code == 422
    shown = reverse("codesets:edition", args=[edition.pk])
    assert shown in client.get(reverse("codesets:index")).content.decode()
    found = client.get(shown, {"q": "second"}).content.decode()
    assert "X0002" in found
    assert "X0001" not in found
    client.post(reverse("codesets:withdraw", args=[edition.pk]))
    assert not CodeSet.objects.filter(pk=edition.pk).exists()


def test_others_browse_and_load_nothing(world: World, client: Client) -> None:
    client.force_login(world.user(Role.FRONT_DESK))
    assert "Load a code set" not in client.get(reverse("codesets:index")).content.decode()
    assert _send(client, GOOD).status_code == 403
