"""Who is due is written to once for each step, in the hours for it, without a word on health; their answer counts."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from medguild.experience.outreach import links
from medguild.experience.outreach.recalling import MOST_ATTEMPTS, repeat_failed_recalls, tell_recalls
from medguild.experience.outreach.sinks import outbox
from medguild.foundation.access.rules import Role
from medguild.foundation.work.models import UnownedNeed
from medguild.operations.recalls.models import Recall, RecallContact
from medguild.operations.recalls.rules import RecallStatus
from medguild.patients.preferences.services import set_contact_preference
from tests.factories.recalls import due
from tests.factories.scheduling import Schedule, schedule, wall
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db
A_DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.OUTBOX = tmp_path
    cache.clear()


@pytest.fixture
def plan(world: World) -> Schedule:
    made = schedule(world)
    made.patient.phone = "+15035550142"
    made.patient.save(update_fields=["phone"])
    return made


def outgoing() -> list[dict[str, Any]]:
    return [json.loads(line) for line in outbox().read_text("utf-8").splitlines()] if outbox().exists() else []


def contacts() -> list[tuple[str, str]]:
    rows = RecallContact.objects.unscoped("test").order_by("at", "pk")
    return [(row.step, row.outcome) for row in rows]


def on(plan: Schedule, days: int, hour: int = 12) -> dt.datetime:
    return wall(plan.monday + days * A_DAY, hour)


def test_two_messages_each_once_and_nothing_about_health(plan: Schedule) -> None:
    recall = due(plan, plan.patient, note="Lipids")
    assert tell_recalls(at=on(plan, -31)) == 0
    assert tell_recalls(at=on(plan, -30, 22)) == 0, "nobody is disturbed at night"
    assert tell_recalls(at=on(plan, -30)) == 1
    assert tell_recalls(at=on(plan, -29)) == 0
    assert tell_recalls(at=on(plan, 0)) == 1
    assert tell_recalls(at=on(plan, 20)) == 0
    assert contacts() == [("first", "sent"), ("second", "sent")]
    first, _second = outgoing()
    assert links.recall_token_of(recall.pk) in first["words"]
    for secret in (plan.kind.name, "Lipids", plan.patient.family_name):
        assert secret not in first["words"] + first["title"]
    assert Recall.objects.unscoped("test").get().status == RecallStatus.CONTACTED


def test_who_wants_no_messages_is_known_to_be_called(plan: Schedule) -> None:
    due(plan, plan.patient)
    set_contact_preference(patient=plan.patient, channels=[], by=HOUSE)
    assert tell_recalls(at=on(plan, -30)) == 1
    assert tell_recalls(at=on(plan, 0)) == 0
    assert (contacts(), outgoing()) == ([("first", "not_sent")], [])


def test_what_fails_is_tried_again_and_then_given_up(plan: Schedule, monkeypatch: pytest.MonkeyPatch) -> None:
    due(plan, plan.patient)
    monkeypatch.setenv("MEDGUILD_SEND_TEXT", "nonsense")
    at = on(plan, -30)
    assert tell_recalls(at=at) == 1
    assert contacts() == []
    assert repeat_failed_recalls(at=at.replace(hour=21)) == 0, "not at night"
    tries = sum(repeat_failed_recalls(at=at + hours * dt.timedelta(hours=1)) for hours in range(48))
    assert tries == MOST_ATTEMPTS - 1
    assert contacts() == [("first", "not_sent")]


def test_yes_asks_for_a_call_and_no_closes(plan: Schedule, client: Client) -> None:
    first, second = due(plan, plan.patient), due(plan)
    address = f"/messages/r/{links.recall_token_of(first.pk)}/"
    page = client.get(address).content.decode()
    assert "Yes, call me" in page
    assert plan.kind.name not in page
    assert "We will call you" in client.post(address, {"answer": "yes"}).content.decode()
    assert UnownedNeed.objects.unscoped("t").filter(work_type="recall.call").count() == 1
    address = f"/messages/r/{links.recall_token_of(second.pk)}/"
    assert "You said no" in client.post(address, {"answer": "no"}).content.decode()
    assert Recall.objects.unscoped("t").get(pk=second.pk).status == RecallStatus.DECLINED
    assert client.post(address, {"answer": "yes"}).status_code == 409
    assert client.get("/messages/r/nonsense/").status_code == 404


def test_the_desk_works_the_list(plan: Schedule, world: World, client: Client) -> None:
    recall = due(plan, plan.patient)
    client.force_login(world.user(Role.FRONT_DESK, plan.site.unit))
    assert plan.patient.family_name in client.get("/recalls/").content.decode()
    shown = client.get(f"/recalls/{recall.pk}/").content.decode()
    assert f"start={plan.monday.isoformat()}" in shown
    client.post(f"/recalls/{recall.pk}/contact/", {"way": "phone", "outcome": "voicemail", "note": ""})
    assert client.post(f"/recalls/{recall.pk}/contact/", {"way": "phone"}).status_code == 422
    assert client.post(f"/recalls/{recall.pk}/close/", {"reason": "stars"}).status_code == 422
    client.post(f"/recalls/{recall.pk}/close/", {"reason": "seen_elsewhere"})
    client.post(f"/recalls/{recall.pk}/close/", {"reason": "seen_elsewhere"})
    held = Recall.objects.unscoped("t").get()
    assert (held.status, held.close_reason, held.attempts) == ("closed", "seen_elsewhere", 1)
    made = {
        "visit_type": str(plan.kind.pk), "site": str(plan.site.unit_id), "due_on": "2027-03-01", "clinician": "",
        "note": "",
    }  # fmt: skip
    other = plan.another()
    assert client.post(f"/recalls/add/{other.pk}/", made).status_code == 302
    assert client.post(f"/recalls/add/{other.pk}/", made).status_code == 422
    assert "Due for a visit" in client.get(f"/patients/{other.pk}/").content.decode()
    assert client.get("/recalls/rules/").status_code == 403
    client.force_login(world.user(Role.PRACTICE_MANAGER))
    rule = {
        "unit": str(plan.site.unit_id), "after_type": str(plan.kind.pk), "due_type": str(plan.kind.pk), "months": "12",
    }  # fmt: skip
    assert client.post("/recalls/rules/", rule).status_code == 302
    assert client.post("/recalls/rules/", rule).status_code == 422
