"""Calls written down and imported, call-backs, numbers that open their rows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from medguild.foundation.access.rules import Role
from medguild.foundation.access.services import create_token
from medguild.foundation.kernel.clock import local_date, now
from medguild.foundation.kernel.errors import NotAllowed, Refusal
from medguild.foundation.work.duties import assign_duty
from medguild.foundation.work.models import UnownedNeed, WorkItem
from medguild.foundation.work.ports import work_types
from medguild.foundation.work.timing import due_after
from medguild.operations.calls import selectors
from medguild.operations.calls.models import Call
from medguild.operations.calls.numbers_page import numbers_page
from medguild.operations.calls.rules import Outcome
from medguild.operations.calls.services import import_calls, log_call
from tests.factories.calls import facts, make_call
from tests.factories.patients import make_patient
from tests.factories.world import HOUSE, START, World

pytestmark = pytest.mark.django_db
PHONE = "+15035550123"


def answers(world: World) -> None:
    assign_duty(work_type="call_back", unit=world.main.entity, role=Role.FRONT_DESK, start=START, by=HOUSE)


def items(status: str | None = None) -> list[WorkItem]:
    rows = WorkItem.objects.unscoped("test").filter(work_type="call_back").order_by("opened_at")
    return list(rows.filter(status=status) if status else rows)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("call_direction_known", {"direction": "sideways"}),
        ("call_reason_known", {"reason": "weather"}),
        ("call_times_in_order", {"ended_at": -1}),
        ("call_times_in_order", {"answered_at": 61}),
        ("call_abandoned_is_inbound_unanswered", {"abandoned": True, "answered_at": 5}),
        ("call_abandoned_is_inbound_unanswered", {"abandoned": True, "direction": "outbound"}),
        ("call_unanswered_has_no_talk", {"hold_seconds": 5}),
    ],
)
def test_constraints(world: World, name: str, changes: dict[str, Any]) -> None:
    begin = now()
    values: dict[str, Any] = {"ended_at": 60} | changes
    for key in ("ended_at", "answered_at"):
        if isinstance(values.get(key), int):
            values[key] = begin + dt.timedelta(seconds=values[key])
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Call.objects.create(site=world.main.site_unit, received_at=begin, **values)


def test_a_source_id_stands_once_per_site(world: World) -> None:
    held = make_call(world, source_id="A1")
    with pytest.raises(IntegrityError, match="call_once_per_source"), transaction.atomic():
        Call.objects.create(
            site=world.main.site_unit, received_at=held.received_at, ended_at=held.ended_at, source_id="A1"
        )
    assert make_call(world, source_id="A1", wait=99).pk == held.pk
    assert make_call(world, site=world.second.site, source_id="A1").pk != held.pk


def test_who_may_write_down(world: World) -> None:
    with pytest.raises(NotAllowed):
        log_call(site=world.main.site, call=facts(), by=world.actor(Role.BILLER))
    with pytest.raises(NotAllowed):
        log_call(site=world.member_a.site, call=facts(), by=world.actor(Role.FRONT_DESK))
    with pytest.raises(Refusal, match="on hold"):
        log_call(site=world.main.site, call=facts(talk=5, hold_seconds=6), by=HOUSE)
    assert log_call(site=world.main.site, call=facts(), by=world.actor(Role.FRONT_DESK)).wait_seconds == 10


def test_an_abandoned_call_asks_for_a_call_back_once(world: World) -> None:
    answers(world)
    first = make_call(world, ago=60, wait=90, talk=None, phone=PHONE)
    make_call(world, ago=50, wait=40, talk=None, phone=PHONE)
    make_call(world, ago=45, wait=2, talk=None, phone="+15035550177")
    make_call(world, ago=40, wait=40, talk=None, abandoned=False)
    found = items()
    assert [item.subject_id == first.pk for item in found] == [True, False]
    # Two open hours of the site: who calls on a Sunday is called back on Monday.
    assert found[0].due_at == due_after(
        work_types.get("call_back"), dt.timedelta(hours=2), unit_id=found[0].unit_id, specialty="",
        start=found[0].opened_at,
    )  # fmt: skip
    make_call(world, ago=30, phone=PHONE)
    assert [item.outcome for item in items("done")] == ["reached"]
    make_call(world, ago=20, wait=40, talk=None, phone=PHONE)
    assert len(items("open")) == 2


def test_a_patient_who_gets_through_needs_no_call_back(world: World) -> None:
    answers(world)
    patient = make_patient(world)
    make_call(world, ago=60, wait=90, talk=None, patient=patient)
    assert items("open")[0].patient_id == patient.pk
    make_call(world, ago=30, patient=patient, direction="outbound")
    assert not items("open")
    make_call(world, ago=70, wait=90, talk=None, patient=patient)
    assert not items("open"), "told late: they were reached afterwards"


def test_a_call_back_that_nobody_owns_is_kept_and_old_calls_ask_for_none(world: World) -> None:
    make_call(world, ago=60, wait=90, talk=None)
    assert UnownedNeed.objects.unscoped("test").filter(work_type="call_back").count() == 1
    make_call(world, ago=60 * 24 * 4, wait=90, talk=None)
    assert UnownedNeed.objects.unscoped("test").filter(work_type="call_back").count() == 1


def csv_file(world: World, *extra: str) -> bytes:
    zone = world.main.site.time_zone
    day = local_date(now(), zone) - dt.timedelta(days=1)
    lines = [
        "call_id,received_at,answered_at,ended_at,phone",
        f"A1,{day} 09:00:00,{day} 09:00:10,{day} 09:03:00,5035550123",
        f"A2,{day} 09:05:00,,{day} 09:07:00,5035550145",
        *extra,
    ]
    return "\n".join(lines).encode()


def test_a_file_is_taken_in_once(world: World) -> None:
    answers(world)
    manager = world.actor(Role.PRACTICE_MANAGER)
    first = import_calls(content=csv_file(world), site=world.main.site, by=manager)
    assert (first.read, first.kept, first.known, first.bad) == (2, 2, 0, [])
    assert len(items()) == 1
    bad = csv_file(world, "A3,yesterday,,2026-01-01 10:00,", "A4,2026-01-01 10:00,,2026-01-01 10:01,")
    again = import_calls(content=bad, site=world.main.site, by=manager)
    assert (again.read, again.kept, again.known) == (4, 1, 2)
    assert [(row.line, row.column) for row in again.bad] == [(4, "received_at")]
    assert len(items()) == 1
    third = import_calls(content=bad, site=world.main.site, by=manager)
    assert (third.kept, third.known) == (0, 3)
    assert Call.objects.unscoped("test").count() == 3


def test_who_may_import_and_what_is_no_file(world: World) -> None:
    with pytest.raises(NotAllowed):
        import_calls(content=csv_file(world), site=world.main.site, by=world.actor(Role.FRONT_DESK))
    with pytest.raises(Refusal, match="ended_at"):
        import_calls(content=b"call_id,start\n", site=world.main.site, by=HOUSE)


def test_numbers_are_those_of_their_rows(world: World, client: Client) -> None:
    site = world.main.site
    for ago, wait, talk, hold in ((90, 10, 120, 20), (80, 50, 120, 40), (70, 4, None, 0), (60, 60, None, 0)):
        make_call(world, ago=ago, wait=wait, talk=talk, hold_seconds=hold)
    make_call(world, ago=50, direction="outbound")
    make_call(world, site=world.second.site, ago=40)
    make_call(world, site=world.member_a.site, ago=40)
    manager = world.actor(Role.PRACTICE_MANAGER)
    end = local_date(now(), site.time_zone) + dt.timedelta(days=1)
    found = selectors.picture(manager, start=end - dt.timedelta(days=7), end=end, sites=[site])
    whole = found.whole
    assert (whole.offered, whole.answered, whole.abandoned, whole.in_time) == (4, 2, 1, 1)
    assert (whole.speed, whole.hold, whole.abandonment, whole.service_level) == (30, 30, 25.0, 25.0)
    assert sum(one.offered for one in found.by_hour.values()) == 4
    client.force_login(world.user(Role.PRACTICE_MANAGER))
    shown = numbers_page(manager, [site], days=7, at=now())
    for stat, count in zip(shown.stats, (4, 1, 2, 2, 1), strict=True):
        page = client.get(stat.href)
        assert len(page.context["table"].rows) == count, stat.label
    for line in (*shown.hours, *shown.days):
        page = client.get(line.cells[0][1])
        assert str(len(page.context["table"].rows)) == line.cells[0][0]


def test_the_list_knows_what_became_of_calls_and_keeps_sites_apart(world: World) -> None:
    make_call(world, ago=60, wait=4, talk=None)
    make_call(world, ago=50, wait=40, talk=None)
    make_call(world, site=world.member_a.site)
    mine = selectors.calls(world.actor(Role.FRONT_DESK))
    assert [call.outcome for call in mine] == [Outcome.ABANDONED, Outcome.HUNG_UP]  # type: ignore[attr-defined]


def test_pages(world: World, client: Client) -> None:
    client.force_login(world.user(Role.PRACTICE_MANAGER))
    assert b"No calls in this time" in client.get("/calls/").content
    day = local_date(now(), world.main.site.time_zone)
    said = {
        "site": str(world.main.site.unit_id), "direction": "inbound", "day": day.isoformat(), "time": "00:00",
        "phone": "503 555 0123", "reason": "refill", "answered": "on", "wait_seconds": "20", "hold_seconds": "0",
        "talk_minutes": "0",
    }  # fmt: skip
    answered = client.post("/calls/new/", said)
    assert answered.status_code == 302
    assert b"(503) 555-0123" in client.get(answered["Location"]).content
    assert client.post("/calls/new/", said | {"hold_seconds": "30"}).status_code == 422
    assert client.post("/calls/new/", said | {"phone": "12"}).status_code == 422
    shown = client.get("/calls/")
    assert shown.status_code == 200
    assert shown.context["shown"].offered == 1


def test_the_page_of_a_call_opens_its_patient(world: World, client: Client) -> None:
    patient = make_patient(world)
    call = make_call(world, patient=patient)
    client.force_login(world.user(Role.FRONT_DESK))
    page = client.get(f"/calls/{call.pk}/").content.decode()
    assert f"/patients/{patient.pk}/" in page
    assert patient.label() in page


def test_import_page_tells_of_bad_lines(world: World, client: Client) -> None:
    client.force_login(world.user(Role.PRACTICE_MANAGER))
    file = SimpleUploadedFile("calls.csv", csv_file(world, "A3,yesterday,,2026-01-01 10:00,"))
    page = client.post("/calls/import/", {"site": str(world.main.site.unit_id), "file": file})
    assert b"Line 4: received_at: Write the time as" in page.content
    assert b"2 new calls." in page.content
    wrong = SimpleUploadedFile("calls.csv", b"a,b\n")
    assert client.post("/calls/import/", {"site": str(world.main.site.unit_id), "file": wrong}).status_code == 422


def test_long_periods_are_shown_by_week_and_still_open_their_rows(world: World, client: Client) -> None:
    for days in (1, 2, 20, 40):
        make_call(world, ago=days * 24 * 60)
    shown = numbers_page(world.actor(Role.PRACTICE_MANAGER), [world.main.site], days=90, at=now())
    assert shown.by_week
    assert sum(int(line.cells[0][0]) for line in shown.days) == 4
    client.force_login(world.user(Role.PRACTICE_MANAGER))
    for line in shown.days:
        assert str(len(client.get(line.cells[0][1]).context["table"].rows)) == line.cells[0][0]


def test_the_api_keeps_a_call_once(world: World, client: Client) -> None:
    _, token = create_token(name="telephones", role=Role.FRONT_DESK, unit=world.main.entity, by=HOUSE)
    said = {
        "site": str(world.main.site.unit_id), "received_at": "2026-05-01T09:00:00-07:00",
        "ended_at": "2026-05-01T09:01:00-07:00", "phone": "5035550123", "source_id": "PBX-1",
    }  # fmt: skip

    def send(key: str, **changes: Any) -> Any:
        return client.post(
            "/api/v1/calls", said | changes, content_type="application/json",
            headers={"Authorization": f"Bearer {token}", "Idempotency-Key": key},
        )  # fmt: skip

    first = send("a")
    assert first.status_code == 201
    assert (first.json()["abandoned"], first.json()["wait_seconds"]) == (True, 60)
    assert send("a").headers["Idempotent-Replay"] == "true"
    assert send("b").json()["id"] == first.json()["id"]
    assert send("c", received_at="2026-05-01T09:00:00").json()["code"] == "offset_missing"
    assert send("d", source_id="", ended_at="2026-05-01T08:00:00-07:00").json()["code"] == "call_ends_early"
    assert send("e", phone="12345678").json()["code"] == "phone_form"
    assert send("f", site=str(world.member_a.site.unit_id)).status_code == 404
    assert Call.objects.unscoped("test").count() == 1
