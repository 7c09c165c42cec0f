"""The pages of work, used as people use them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from medguild.foundation.access.models import User
from medguild.foundation.access.rules import Role
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.registers.kept import TECHNOLOGY
from medguild.foundation.registers.services import add_entry
from medguild.foundation.registers.tasks import remind_of_reviews
from medguild.foundation.standards.tasks import end_expired_deviations
from medguild.foundation.work.acts import take
from medguild.foundation.work.handovers import hand_over
from medguild.foundation.work.models import Duty, Handoff, WorkItem
from medguild.foundation.work.presets import PAYMENT, REFILL
from medguild.foundation.work.services import need_item
from medguild.foundation.work.tasks import escalate
from tests.factories.work import duty, item
from tests.factories.world import HOUSE, World

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SignIn = Callable[[User], Client]


@pytest.fixture
def sign_in() -> SignIn:
    def signed(user: User) -> Client:
        client = Client()
        client.force_login(user, backend=BACKEND)
        return client

    return signed


def fresh(row: WorkItem) -> WorkItem:
    return WorkItem.objects.unscoped("test").get(pk=row.pk)


def test_take_and_finish_from_the_list(world: World, sign_in: SignIn) -> None:
    duty(world)
    opened = item(world, category="routine")
    client = sign_in(world.user(Role.NURSE))
    page = client.get(reverse("work:mine"))
    assert "Refill request" in page.text
    assert "Routine" in page.text
    here = reverse("work:mine")
    taken = client.post(reverse("work:act", args=[opened.pk, "take"]), {"next": here})
    assert taken["Location"] == here
    assert fresh(opened).status == "accepted"
    away = client.post(reverse("work:act", args=[opened.pk, "done"]), {"next": "https://elsewhere.example"})
    assert away["Location"] == reverse("work:item", args=[opened.pk])
    assert (fresh(opened).status, fresh(opened).outcome) == ("done", "Done")
    assert client.post(reverse("work:act", args=[opened.pk, "reopen"])).status_code == 302
    assert fresh(opened).status == "accepted"
    assert client.post(reverse("work:act", args=[opened.pk, "explode"])).status_code == 404


def test_many_at_once(world: World, sign_in: SignIn) -> None:
    duty(world)
    items = [item(world) for _ in range(3)]
    theirs = item(world)
    take(item_id=theirs.pk, by=world.actor(Role.MEDICAL_ASSISTANT))
    client = sign_in(world.user(Role.NURSE))
    ids = [str(row.pk) for row in (*items, theirs)]
    answer = client.post(reverse("work:team"), {"_bulk": "take", "ids": ids}, follow=True)
    assert "3 taken." in answer.text
    assert "Somebody else has taken this already." in answer.text
    client.post(reverse("work:team"), {"_bulk": "done", "ids": ids[:3]})
    assert {fresh(row).status for row in items} == {"done"}


def test_the_item_page_offers_what_one_may_do(world: World, sign_in: SignIn) -> None:
    duty(world)
    opened = item(world, summary="Asks for the blue ones")
    nurse, manager = sign_in(world.user(Role.NURSE)), sign_in(world.user(Role.PRACTICE_MANAGER))
    url = reverse("work:item", args=[opened.pk])
    assert "Asks for the blue ones" in nurse.get(url).text
    for act, data, status in (
        ("take", {}, "accepted"),
        ("start", {}, "in_progress"),
        ("release", {}, "open"),
        ("cancel", {"reason": ""}, "open"),
        ("cancel", {"reason": "asked twice"}, "cancelled"),
    ):
        nurse.post(reverse("work:act", args=[opened.pk, act]), data)
        assert fresh(opened).status == status, act
        assert nurse.get(url).status_code == 200
    second = item(world)
    give = reverse("work:act", args=[second.pk, "reassign"])
    manager.post(give, {"to": ""})
    assert fresh(second).assignee is None
    manager.post(give, {"to": str(world.user(Role.NURSE).pk)})
    assert fresh(second).assignee == world.user(Role.NURSE)
    assert "Give to" in manager.get(reverse("work:item", args=[second.pk])).text


def test_a_hand_off_is_sent_and_answered(world: World, sign_in: SignIn) -> None:
    duty(world)
    nurse_user, desk_user = world.user(Role.NURSE), world.user(Role.FRONT_DESK)
    taken = take(item_id=item(world).pk, by=world.actor(Role.NURSE))
    nurse, desk = sign_in(nurse_user), sign_in(desk_user)
    send = reverse("work:hand_over", args=[taken.pk])
    wrong = nurse.post(send, {"to_user": "", "to_role": "", "content": "x"})
    assert wrong.status_code == 422
    assert "Choose a person or a role." in wrong.text
    nurse.post(send, {"to_user": str(desk_user.pk), "content": "Call back after 3"})
    handoff = Handoff.objects.unscoped("test").get()
    assert "Call back after 3" in desk.get(reverse("work:handoffs")).text
    answer = reverse("work:answer", args=[handoff.pk])
    desk.post(answer, {"act": "decline", "reason": ""})
    assert Handoff.objects.unscoped("test").get().status == "pending"
    desk.post(answer, {"act": "decline", "reason": "alone here"})
    assert "alone here" in nurse.get(reverse("work:item", args=[taken.pk])).text
    again = hand_over(item_id=taken.pk, content="x", by=world.actor(Role.NURSE), to_role=Role.FRONT_DESK)
    assert "Front desk" in nurse.get(reverse("work:handoffs")).text
    nurse.post(reverse("work:answer", args=[again.pk]), {"act": "withdraw"})
    third = hand_over(item_id=taken.pk, content="x", by=world.actor(Role.NURSE), to_role=Role.FRONT_DESK)
    desk.post(reverse("work:answer", args=[third.pk]), {"act": "accept"})
    assert fresh(taken).assignee == desk_user


def test_opening_work_by_hand(world: World, sign_in: SignIn) -> None:
    desk = sign_in(world.user(Role.FRONT_DESK))
    asked = {
        "work_type": PAYMENT,
        "unit": str(world.main.site.unit_id),
        "summary": "Wants a payment plan",
        "priority": "3",
    }
    refused = desk.post(reverse("work:new"), asked)
    assert refused.status_code == 422
    assert "Nobody answers for this work here yet" in refused.text
    assert "Wants a payment plan" in refused.text
    duty(world, work_type=PAYMENT, role=Role.BILLER, backup_role=None)
    assert desk.post(reverse("work:new"), asked).status_code == 302
    assert WorkItem.objects.unscoped("test").get().priority == 3
    offered = desk.get(reverse("work:new")).text
    assert "Deviation to decide" not in offered


def test_the_map_is_red_and_a_duty_heals_it(world: World, sign_in: SignIn) -> None:
    need_item(work_type=REFILL, unit_id=world.main.site.unit_id, source="call:1", by=HOUSE)
    manager = sign_in(world.user(Role.PRACTICE_MANAGER))
    url = reverse("work:owners")
    assert "No owner" in manager.get(url).text
    assert "Work that nobody owns" in manager.get(reverse("work:mine")).text
    world.user(Role.NURSE)
    form = reverse("work:duty", args=[REFILL, world.main.entity.pk])
    both = {"role": "nurse", "user": str(world.user(Role.NURSE).pk), "start": "2020-01-01"}
    assert "Exactly one is accountable" in manager.post(form, both).text
    assert manager.post(form, {"role": "nurse", "backup_role": "clinician", "start": "2020-01-01"}).status_code == 302
    assert WorkItem.objects.unscoped("test").get().source == "call:1"
    for by in ("entity", "practice", "site", "galaxy"):
        assert "Nurse" in manager.get(url, {"by": by}).text
    assert "Refill request" not in manager.get(url, {"only": "red"}).text
    assert "End this duty" in manager.get(form).text
    manager.post(reverse("work:end_duty", args=[Duty.objects.unscoped("test").get().pk]))
    assert "No owner" in manager.get(url).text
    manager.post(reverse("work:presets"), {"unit": str(world.main.entity.pk)})
    assert Duty.objects.unscoped("test").count() > 5
    assert manager.post(reverse("work:presets"), {"unit": "nonsense"}).status_code == 404
    assert manager.get(reverse("work:duty", args=["unheard.of", world.main.entity.pk])).status_code == 404


def test_a_list_page_asks_a_fixed_number_of_questions(world: World, sign_in: SignIn) -> None:
    duty(world)
    client = sign_in(world.user(Role.NURSE))
    item(world)
    client.get(reverse("work:mine"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("work:mine"))
    for _ in range(8):
        item(world)
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("work:mine"))
    assert len(many) == len(few)


def test_what_an_item_is_about_is_named_where_it_may_be_seen_and_the_list_is_exported(
    world: World, sign_in: SignIn, settings: Any
) -> None:
    settings.FORCE_SECOND_FACTOR = False
    duty(world)
    rule = add_entry(register=TECHNOLOGY, unit=world.main.entity, title="Note drafting", by=HOUSE)
    item(world, subject=SubjectRef("technology", rule.pk))
    item(world, subject=SubjectRef("spaceship", new_id()), category="routine")
    client = sign_in(world.user(Role.NURSE))
    page = client.get(reverse("work:mine")).text
    assert reverse("technology:show", args=[rule.pk]) in page
    assert "(not visible to you)" in page
    file = b"".join(client.get(reverse("work:mine"), {"_export": "work"})).decode()  # type: ignore[arg-type]
    assert file.count("Refill request") == 2
    assert "Nurse" in file
    assert "Take: Refill request" not in client.get(reverse("work:mine"), {"late": "on"}).text
    watcher = sign_in(world.user(Role.AUDITOR)).get(reverse("work:team")).text
    assert "Take:" not in watcher


def test_the_clock_runs_by_itself(world: World) -> None:
    duty(world)
    late = item(world, at=now() - dt.timedelta(days=3))
    assert escalate(timestamp=0) == 1
    assert fresh(late).escalation == 1
    assert remind_of_reviews(timestamp=0) == 0
    assert end_expired_deviations(timestamp=0) == 0
