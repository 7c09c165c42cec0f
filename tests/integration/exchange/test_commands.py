"""`edi inspect` and `remittances import` as they are typed."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from medguild.exchange.files.models import QuarantinedFile
from medguild.foundation.access.rules import Role
from tests.factories.revenue import make_billing
from tests.factories.world import World
from tests.support import shared_data

FOLDER = shared_data() / "x12"
GOOD, ODD = FOLDER / "own_835_interest.835", FOLDER / "own_835_unbalanced_bpr.835"


def run(*words: Any) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command(*[str(word) for word in words], stdout=out)
    except SystemExit as left:
        return int(left.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_inspect_tells_by_its_exit_code() -> None:
    assert run("edi_inspect", GOOD)[0] == 0
    assert run("edi_inspect", GOOD, ODD)[0] == 1
    assert run("edi_inspect", FOLDER / "INDEX.md")[0] == 2
    assert run("edi_inspect", FOLDER / "absent.835")[0] == 2


def test_inspect_prints_json() -> None:
    code, said = run("edi_inspect", ODD, "--json")
    report = json.loads(said)
    (transaction,) = report["files"][0]["interchanges"][0]["groups"][0]["transactions"]
    assert (code, report["ok"], transaction["balanced"], transaction["difference"]) == (1, False, False, "0.01")


@pytest.mark.parametrize("path", sorted([*FOLDER.glob("*.835"), *FOLDER.glob("*.837*")]), ids=lambda path: path.name)
def test_inspect_reads_every_real_file(path: Path) -> None:
    code, said = run("edi_inspect", path, "--json")
    assert code in (0, 1, 2)
    assert len(json.loads(said)["files"]) == 1


@pytest.mark.django_db
def test_import_tells_every_outcome(world: World, tmp_path: Path) -> None:
    make_billing(world)
    broken = tmp_path / "broken.835"
    broken.write_bytes(b"nothing")

    assert run("remittances_import", GOOD)[0] == 0
    code, said = run("remittances_import", GOOD, ODD, "--json", "--unit", world.main.entity.name)
    report = json.loads(said)

    assert (code, report["ok"]) == (1, False)
    outcomes = [one for file in report["files"] for one in file["remittances"]]
    assert [one["outcome"] for one in outcomes] == ["already_posted", "quarantined"]
    assert (outcomes[1]["difference"], outcomes[1]["reason"]) == ("0.01", "unbalanced")
    code, said = run("remittances_import", broken, tmp_path / "absent.835", GOOD)
    assert code == 2
    assert "cannot be opened" in said
    assert "nothing changed" in said
    assert said.count("The file is kept in quarantine.") == 1
    (kept,) = QuarantinedFile.objects.unscoped("the test looks")
    assert (kept.filename, kept.readable, kept.unit_id) == ("broken.835", False, world.main.entity.pk)
    assert "does not begin with an interchange header" in kept.reason
    run("remittances_import", broken)
    assert QuarantinedFile.objects.unscoped("the test looks").count() == 1


@pytest.mark.django_db
def test_import_needs_a_unit_that_exists(world: World) -> None:
    with pytest.raises(CommandError, match="no unit is called"):
        run("remittances_import", GOOD, "--unit", "Nowhere")


@pytest.mark.django_db
def test_a_file_dropped_on_the_page_is_read(world: World, settings: Any) -> None:
    settings.FORCE_SECOND_FACTOR = False
    client = Client()
    client.force_login(world.user(Role.BILLER), backend="allauth.account.auth_backends.AuthenticationBackend")
    for path, words in ((GOOD, "Balanced"), (ODD, "Not balanced")):
        file = SimpleUploadedFile(path.name, path.read_bytes())
        page = client.post(reverse("edi:inspect"), {"file": file})
        assert page.status_code == 200
        assert words in page.content.decode()
    page = client.post(reverse("edi:inspect"), {"file": SimpleUploadedFile("x.835", b"nothing")})
    assert "Unreadable" in page.content.decode()
    assert client.post(reverse("edi:inspect"), {}).status_code == 422
