"""Callers who wait too long are told of while it lasts, kept, explained; who was missed is called back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from medguild.foundation.access.rules import Role
from medguild.foundation.access.services import create_token
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotAllowed, Refusal
from medguild.foundation.standards.services import set_standard
from medguild.foundation.work.duties import assign_duty
from medguild.foundation.work.models import WorkItem
from medguild.operations.calls.alerts import ExplainedAlready, end_calm_alerts, explain_alert, report_queue
from medguild.operations.calls.calling_back import call_backs
from medguild.operations.calls.hold_rules import AlertCause
from medguild.operations.calls.models import Call, HoldAlert, TelephoneQueue
from medguild.operations.calls.now import telephones_now
from tests.factories.calls import make_call
from tests.factories.world import HOUSE, START, World

pytestmark = pytest.mark.django_db
PHONE = "+15035550123"
MINUTE = dt.timedelta(minutes=1)


def waits(world: World, seconds: int, waiting: int = 1, at: dt.datetime | None = None) -> TelephoneQueue:
    return report_queue(
        site_id=world.main.site.unit_id, waiting=waiting, longest_seconds=seconds, by=HOUSE, at=at or now()
    )


def alerts() -> list[HoldAlert]:
    return list(HoldAlert.objects.unscoped("test").order_by("began_at"))


def work(kind: str) -> list[WorkItem]:
    return list(WorkItem.objects.unscoped("test").filter(work_type=kind).order_by("opened_at"))


def test_an_alert_stands_from_the_first_breach_until_a_quarter_of_an_hour_of_calm(world: World) -> None:
    assign_duty(work_type="calls.hold_alert", unit=world.main.entity, role=Role.PRACTICE_MANAGER, start=START, by=HOUSE)
    begin = now()
    waits(world, 180, at=begin)
    assert alerts() == []
    waits(world, 181, 2, at=begin + MINUTE)
    waits(world, 400, 3, at=begin + 2 * MINUTE)
    waits(world, 10, at=begin + 3 * MINUTE)
    (alert,) = alerts()
    assert (alert.worst_seconds, alert.breaches, alert.limit_seconds, alert.ended_at) == (400, 2, 180, None)
    assert [item.status for item in work("calls.hold_alert")] == ["open"]
    assert end_calm_alerts(by=HOUSE, at=begin + 16 * MINUTE) == 0
    assert end_calm_alerts(by=HOUSE, at=begin + 17 * MINUTE) == 1
    waits(world, 300, at=begin + 20 * MINUTE)
    assert len(alerts()) == 2


def test_older_news_changes_nothing_and_an_empty_line_waits_for_nothing(world: World) -> None:
    begin = now()
    waits(world, 20, at=begin)
    assert waits(world, 999, at=begin - MINUTE).longest_seconds == 20
    assert alerts() == []
    with pytest.raises(Refusal):
        waits(world, 20, waiting=0)


def test_a_call_that_was_held_too_long_raises_it_and_an_old_one_does_not(world: World) -> None:
    make_call(world, ago=300, wait=900)
    make_call(world, ago=4, wait=5, talk=200, hold_seconds=180)
    assert alerts() == []
    make_call(world, ago=10, wait=5, talk=400, hold_seconds=200)
    (alert,) = alerts()
    assert alert.worst_seconds == 200


def test_the_limit_is_a_standard_of_the_site(world: World) -> None:
    set_standard(key="calls.hold_limit", unit=world.main.site.unit, value=60, by=HOUSE)
    waits(world, 61)
    assert alerts()[0].limit_seconds == 60


def test_it_is_explained_once_by_whoever_manages(world: World) -> None:
    assign_duty(work_type="calls.hold_alert", unit=world.main.entity, role=Role.PRACTICE_MANAGER, start=START, by=HOUSE)
    waits(world, 300)
    (alert,) = alerts()
    with pytest.raises(NotAllowed):
        explain_alert(
            alert=alert, cause=AlertCause.SYSTEM, explanation="", by=world.actor(Role.FRONT_DESK, world.main.site.unit)
        )
    manager = world.actor(Role.PRACTICE_MANAGER)
    with pytest.raises(Refusal, match="few words"):
        explain_alert(alert=alert, cause=AlertCause.OTHER, explanation=" ", by=manager)
    explain_alert(alert=alert, cause=AlertCause.STAFF_MISSING, explanation="Two ill.", by=manager)
    assert [item.status for item in work("calls.hold_alert")] == ["done"]
    with pytest.raises(ExplainedAlready):
        explain_alert(alert=alert, cause=AlertCause.SYSTEM, explanation="", by=manager)


def test_it_stands_on_the_page_of_the_site_and_of_calls(world: World, client: Client) -> None:
    waits(world, 300, 4)
    (alert,) = alerts()
    client.force_login(world.user(Role.PRACTICE_MANAGER))
    for page in (f"/organization/units/{world.main.site.unit_id}/", "/calls/", "/calls/now/"):
        found = client.get(page)
        assert found.status_code == 200, page
        assert "Callers wait too long: Harbor Main Street" in found.content.decode(), page
    assert b"5:00" in client.get("/calls/waits/").content
    client.post(f"/calls/waits/{alert.pk}/", {"cause": "more_calls", "explanation": "Flu week."})
    assert b"Flu week." in client.get(f"/calls/waits/{alert.pk}/").content
    named = [(world.main.site.unit_id, "x")]
    assert [one.waiting for one in telephones_now(HOUSE, named, at=now())] == [4]
    assert [one.waiting for one in telephones_now(HOUSE, named, at=now() + 6 * MINUTE)] == [None]


def test_the_telephone_system_tells_of_its_line(world: World, client: Client) -> None:
    _token, plain = create_token(name="pbx", role=Role.FRONT_DESK, unit=world.main.entity, by=HOUSE)
    sent = {"site": str(world.main.site.unit_id), "waiting": 2, "longest_seconds": 240}
    headers = {"Authorization": f"Bearer {plain}"}
    told = client.put("/api/v1/calls/waiting", sent, content_type="application/json", headers=headers)
    assert told.status_code == 200, told.content
    assert told.json()["waiting"] == 2
    assert len(alerts()) == 1
    naive = client.put(
        "/api/v1/calls/waiting", sent | {"at": "2026-11-30T09:00:00"}, content_type="application/json", headers=headers
    )
    assert naive.json()["code"] == "offset_missing"


def test_who_was_missed_is_called_back_in_turn_and_each_try_is_kept(world: World, client: Client) -> None:
    assign_duty(work_type="call_back", unit=world.main.entity, role=Role.FRONT_DESK, start=START, by=HOUSE)
    make_call(world, ago=30, talk=None, wait=60, phone=PHONE)
    desk = world.user(Role.FRONT_DESK, world.main.site.unit)
    client.force_login(desk)
    page = client.get("/calls/call-backs/").content.decode()
    assert "(503) 555-0123" in page
    (item,) = work("call_back")
    client.post(f"/calls/call-backs/{item.pk}/", {"outcome": "no_answer"})
    (row,) = call_backs(HOUSE)
    assert (row.tries, row.owner) == (1, "front_desk")
    client.post(f"/calls/call-backs/{item.pk}/", {"outcome": "shrug"})
    assert [item.status for item in work("call_back")] == ["accepted"]
    client.post(f"/calls/call-backs/{item.pk}/", {"outcome": "reached"})
    (done,) = work("call_back")
    assert done.status == "done"
    assert call_backs(HOUSE) == []
    out = Call.objects.unscoped("test").filter(direction="outbound").order_by("received_at")
    assert [call.answered_at is not None for call in out] == [False, True]


ALERT = {"began_at": now(), "last_at": now(), "limit_seconds": 60, "worst_seconds": 61}


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("hold_alert_one_at_a_time", [{}, {}]),
        ("hold_alert_times_in_order", [{"ended_at": now() - 60 * MINUTE}]),
        ("hold_alert_over_limit", [{"worst_seconds": 60}]),
        ("hold_alert_cause_known", [{"cause": "stars", "explained_at": now(), "explained_by_label": "x"}]),
        ("hold_alert_explained_whole", [{"explained_at": now()}]),
    ],
)
def test_constraints(world: World, name: str, rows: list[dict[str, Any]]) -> None:
    *first, last = [ALERT | row for row in rows]
    for row in first:
        HoldAlert.objects.create(site=world.main.site_unit, **row)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        HoldAlert.objects.create(site=world.main.site_unit, **last)


def test_an_empty_line_waits_for_nothing_in_the_database_too(world: World) -> None:
    with pytest.raises(IntegrityError, match="telephone_queue_empty_waits_none"), transaction.atomic():
        TelephoneQueue.objects.create(site=world.main.site_unit, waiting=0, longest_seconds=5, told_at=now())
