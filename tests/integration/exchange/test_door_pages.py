"""The pages of the door: several files at once, limits, answers and reports to save, comparing, who may decide."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from medguild.exchange.files import forms
from medguild.exchange.files.models import QuarantinedFile
from medguild.foundation.access.rules import Role
from medguild.revenue.claims.models import ControlSequence
from medguild.revenue.remittances.models import Remittance
from medguild.x12 import inspect_files
from tests.factories.world import World
from tests.support_exchange import FOLDER, real

pytestmark = pytest.mark.django_db
GOOD, ODD = "own_835_interest.835", "own_835_unbalanced_bpr.835"
CLAIMS = "own_837p_multi_claims_dependents.837"


@pytest.fixture(autouse=True)
def _one_factor(settings: Any) -> None:
    settings.FORCE_SECOND_FACTOR = False


def client_of(world: World, role: Role = Role.BILLER) -> Client:
    client = Client()
    client.force_login(world.user(role), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def files(*names: str) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(name, real(name)) for name in names]


def kept() -> Any:
    return QuarantinedFile.objects.unscoped("the test looks")


def test_several_files_are_read_and_only_bad_ones_kept(world: World) -> None:
    page = client_of(world).post(reverse("edi:inspect"), {"file": files(GOOD, ODD, CLAIMS, "own_empty.edi")})
    said = page.content.decode()
    assert page.status_code == 200
    assert all(words in said for words in ("Balanced", "Not balanced", "The charge by lines", "The file is empty"))
    assert sorted(row.filename for row in kept()) == [ODD, "own_empty.edi"]
    assert not Remittance.objects.unscoped("nothing is posted by looking").exists()


def test_who_may_not_decide_sees_the_same_and_keeps_nothing(world: World) -> None:
    page = client_of(world, Role.CODER).post(reverse("edi:inspect"), {"file": files(ODD)})
    assert "Not balanced" in page.content.decode()
    assert not kept().exists()


def test_a_fragment_holds_only_what_was_found(world: World) -> None:
    page = client_of(world).post(reverse("edi:inspect"), {"file": files(GOOD)}, headers={"HX-Request": "true"})
    assert "<html" not in page.content.decode()
    assert GOOD in page.content.decode()


def test_too_many_and_too_large_files_are_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of(world)
    assert client.post(reverse("edi:inspect"), {"file": files(*[GOOD] * 11)}).status_code == 422
    monkeypatch.setattr(forms, "LARGEST", 10)
    page = client.post(reverse("edi:inspect"), {"file": files(GOOD)})
    assert page.status_code == 422
    assert "larger than 20 MB" in page.content.decode()


def test_an_explanation_of_one_claim(world: World) -> None:
    page = client_of(world).post(reverse("edi:inspect"), {"file": files(CLAIMS), "claim": "PCN1001"})
    said = page.content.decode()
    assert "What it says of claim PCN1001" in said
    assert said.count("Claim [2300]") == 1


def test_the_answer_is_saved_under_numbers_that_last(world: World) -> None:
    client = client_of(world)
    answers = [client.post(reverse("edi:answer", args=[1]), {"file": files(ODD, CLAIMS)}) for _ in range(2)]
    assert all(b"ST*999*" in answer.content for answer in answers)
    assert answers[0]["Content-Disposition"].endswith(f'{CLAIMS}.999"')
    numbers = [answer.content.split(b"*")[13] for answer in answers]
    assert int(numbers[1]) == int(numbers[0]) + 1
    assert ControlSequence.objects.exists()


def test_nothing_is_answered_to_an_answer_or_to_nonsense(world: World) -> None:
    client = client_of(world)
    for name in ("own_999_partial.999", "own_empty.edi"):
        assert client.post(reverse("edi:answer", args=[0]), {"file": files(name)}).status_code == 422
    assert client.post(reverse("edi:answer", args=[5]), {"file": files(GOOD)}).status_code == 422
    assert client.post(reverse("edi:report", args=[0]), {}).status_code == 422


def test_the_report_is_that_of_the_command(world: World) -> None:
    answer = client_of(world).post(reverse("edi:report", args=[0]), {"file": files(ODD)})
    report = inspect_files([FOLDER / ODD]).to_json()
    report["files"][0]["file"] = ODD
    assert json.loads(answer.content) == report


def test_two_files_are_compared(world: World) -> None:
    client, url = client_of(world), reverse("edi:compare", args=[0])
    same = client.post(url, {"file": files(GOOD), "second-0": files(GOOD)[0]})
    assert "Both files say the same" in same.content.decode()
    other = client.post(url, {"file": files(GOOD), "second-0": files(ODD)[0]})
    assert "A minus stands before" in other.content.decode()
    assert client.post(url, {"file": files(GOOD)}).status_code == 422
    broken = client.post(url, {"file": files(GOOD), "second-0": SimpleUploadedFile("x", b"nothing")})
    assert "They cannot be compared" in broken.content.decode()


def test_a_kept_file_is_shown_saved_looked_at_and_discarded(world: World) -> None:
    client = client_of(world)
    client.post(reverse("edi:inspect"), {"file": files(ODD)})
    row = kept().get()
    at = [row.pk]
    assert ODD in client.get(reverse("edi:quarantine")).content.decode()
    assert row.reason in client.get(reverse("edi:file", args=at)).content.decode()
    assert "No such claim" in client.post(reverse("edi:file", args=at), {"claim": "NOBODY"}).content.decode()
    saved = client.get(reverse("documents:download", args=[row.document_id]))
    assert saved.content == real(ODD)
    assert client.post(reverse("edi:file_answer", args=at)).content.startswith(b"ISA")
    assert json.loads(client.get(reverse("edi:file_report", args=at)).content)["ok"] is False
    client.post(reverse("edi:look_again", args=at))
    assert client.post(reverse("edi:import_now", args=at)).url == reverse("edi:file", args=at)  # type: ignore[attr-defined]
    client.post(reverse("edi:discard", args=at), {"reason": ""})
    assert kept().get().status == "waiting"
    client.post(reverse("edi:discard", args=at), {"reason": "Sent again"})
    assert kept().get().status == "discarded"
    assert "Sent again" in client.get(reverse("edi:file", args=at)).content.decode()
