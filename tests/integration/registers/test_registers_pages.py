"""A register's pages come from its declaration."""

from __future__ import annotations

import datetime as dt

from django.test import Client
from django.urls import reverse

from medguild.foundation.access.models import User
from medguild.foundation.access.rules import Role
from medguild.foundation.registers.models import TechnologyAdoption
from tests.factories.world import World

TODAY = dt.datetime.now(dt.UTC).date()
YESTERDAY = TODAY - dt.timedelta(days=1)  # due wherever the reader is


def sign_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def tool() -> TechnologyAdoption:
    found: TechnologyAdoption = TechnologyAdoption.objects.unscoped("test").get()
    return found


def test_the_gate_of_a_tool_in_the_browser(world: World) -> None:
    manager = sign_in(world.user(Role.PRACTICE_MANAGER))
    assert "Technology adoption" in manager.get(reverse("registers:index")).text
    assert "No entries yet" in manager.get(reverse("technology:list")).text
    wanted = {"title": "Note drafting", "unit": str(world.main.entity.pk), "vendor": "Elm Tools"}
    assert manager.post(reverse("technology:add"), {"title": ""}).status_code == 422
    place = manager.post(reverse("technology:add"), wanted)["Location"]
    move = reverse("technology:move", args=[tool().pk])
    manager.post(move, {"to": "approved"})
    refused = manager.post(move, {"to": "live"}, follow=True)
    assert "before all four questions are answered" in refused.text
    answers = dict.fromkeys(("changes_work", "who_uses", "metrics", "new_risk"), "answered")
    whole = wanted | answers | {"owner": str(world.user(Role.PRACTICE_MANAGER).pk), "review_on": YESTERDAY.isoformat()}
    edit = reverse("technology:edit", args=[tool().pk])
    assert manager.post(edit, whole | {"evidence_url": "ftp://x"}).status_code == 422
    manager.post(edit, whole)
    manager.post(move, {"to": "live"})
    assert tool().status == "live"
    cleared = manager.post(edit, whole | {"metrics": " "})
    assert cleared.status_code == 422
    assert "Retire" in manager.get(place).text
    listed = manager.get(reverse("technology:list"), {"q": "elm", "status": "live", "due": "on"})
    assert "Note drafting" in listed.text
    assert "Note drafting" not in manager.get(reverse("technology:list"), {"status": "retired"}).text
    review = reverse("technology:review", args=[tool().pk])
    manager.post(review, {"next_review": YESTERDAY.isoformat()})
    manager.post(review, {"next_review": ""})
    assert tool().reviewed_on is None
    manager.post(review, {"next_review": (TODAY + dt.timedelta(days=90)).isoformat()})
    assert tool().reviewed_on in (YESTERDAY, TODAY)


def test_a_list_is_exported(world: World) -> None:
    manager = sign_in(world.user(Role.PRACTICE_MANAGER))
    manager.post(reverse("technology:add"), {"title": "=SUM(A1)", "unit": str(world.main.entity.pk)})
    answer = manager.get(reverse("technology:list"), {"_export": "technology"})
    text = b"".join(answer).decode()  # type: ignore[arg-type]
    assert "'=SUM(A1)" in text
    assert "Proposed" in text


def test_an_empty_register_offers_only_what_the_reader_may_do(world: World, settings: object) -> None:
    settings.FORCE_SECOND_FACTOR = False  # type: ignore[attr-defined]
    add = reverse("regulations:add")
    assert add in sign_in(world.user(Role.COMPLIANCE_OFFICER)).get(reverse("regulations:list")).text
    assert add not in sign_in(world.user(Role.PRACTICE_MANAGER)).get(reverse("regulations:list")).text
