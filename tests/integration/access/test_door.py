"""The middleware: who gets in, for how long, in which language; what is recorded."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client

from medguild.foundation.access.models import User
from medguild.foundation.access.rules import IDLE_LIMIT, LONGEST_SESSION, Role
from medguild.foundation.access.users import close_login
from medguild.foundation.kernel.clock import now
from tests.factories.world import HOUSE, World
from tests.integration.access.pages import SEEN
from tests.integration.events.support import everything

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.integration.access.pages")]
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _no_second_factor(settings) -> None:  # type: ignore[no-untyped-def]
    settings.FORCE_SECOND_FACTOR = False


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_view_without_a_rule_is_refused_to_everybody(world: World) -> None:
    assert Client().get("/forgotten/").status_code == 403
    assert _client(world.user(Role.ADMINISTRATOR)).get("/forgotten/").status_code == 403


def test_public_and_signed_in_pages(world: World) -> None:
    assert Client().get("/open/").content == b"hello nobody"
    answer = Client().get("/signed/?a=1")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/signed/%3Fa%3D1")
    nurse = _client(world.user(Role.NURSE))
    assert nurse.get("/signed/").content == b"hello nurse"
    assert nurse.get("/open/").content == b"hello nurse"


def test_a_right_is_asked_and_its_absence_is_recorded_without_arguments(world: World) -> None:
    assert _client(world.user(Role.PRACTICE_MANAGER)).get("/managed/").status_code == 200
    nurse = world.user(Role.NURSE)
    assert _client(nurse).get("/managed/").status_code == 403
    event = everything().get(type="access.refused")
    assert event.data == {"url": "managed", "method": "GET"}
    assert (event.actor_id, event.unit_id) == (nurse.pk, world.main.entity.pk)


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in() -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "https://elsewhere.example/board/?site=1"}
    answer = Client().get("/signed/", headers=headers)
    assert answer.status_code == 401
    assert answer["HX-Redirect"] == "/accounts/login/?next=/board/%3Fsite%3D1"
    tricked = Client().get(
        "/signed/", headers={"HX-Request": "true", "HX-Current-URL": "https://x.example//evil.example"}
    )
    assert tricked["HX-Redirect"] == "/accounts/login/?next=/"


def test_a_lost_form_comes_back_to_today_not_to_a_post_address() -> None:
    assert Client().post("/signed/")["Location"] == "/accounts/login/?next=/"


def test_an_idle_session_ends_and_a_busy_one_goes_on(world: World) -> None:
    client, start = _client(world.user(Role.NURSE)), now()
    with time_machine.travel(start, tick=False) as clock:
        assert client.get("/signed/").status_code == 200
        clock.move_to(start + IDLE_LIMIT - MINUTE)
        assert client.get("/signed/").status_code == 200
        clock.move_to(start + 2 * IDLE_LIMIT - 2 * MINUTE)
        assert client.get("/signed/").status_code == 200
        clock.move_to(start + 4 * IDLE_LIMIT)
        assert client.get("/signed/").status_code == 302
        assert "_auth_user_id" not in client.session


def test_an_idle_session_is_a_stranger_on_public_pages(world: World) -> None:
    client, start = _client(world.user(Role.NURSE)), now()
    client.get("/signed/")
    with time_machine.travel(start + IDLE_LIMIT + MINUTE):
        assert client.get("/open/").content == b"hello nobody"


def test_polls_do_not_keep_a_session_alive(world: World) -> None:
    client, start = _client(world.user(Role.NURSE)), now()
    with time_machine.travel(start, tick=False) as clock:
        client.get("/signed/")
        for minute in range(1, 30):
            clock.move_to(start + minute * MINUTE)
            assert client.get("/board/").status_code == 200
        clock.move_to(start + IDLE_LIMIT + MINUTE)
        assert client.get("/board/").status_code == 302


def test_no_session_outlives_a_working_day_however_busy(world: World) -> None:
    client, start = _client(world.user(Role.NURSE)), now()
    with time_machine.travel(start, tick=False) as clock:
        for step in range(int(LONGEST_SESSION / (20 * MINUTE)) + 1):
            clock.move_to(start + step * 20 * MINUTE)
            assert client.get("/signed/").status_code == 200
        clock.move_to(start + LONGEST_SESSION + MINUTE)
        assert client.get("/signed/").status_code == 302


def test_closing_a_login_ends_its_sessions_with_the_next_request(world: World) -> None:
    nurse = world.user(Role.NURSE)
    client = _client(nurse)
    assert client.get("/signed/").status_code == 200
    close_login(user=nurse, by=HOUSE)
    assert client.get("/signed/").status_code == 302


def test_roles_that_ask_for_a_second_factor_are_led_to_set_it_up(world: World, settings) -> None:  # type: ignore[no-untyped-def]
    settings.FORCE_SECOND_FACTOR = True
    admin = world.user(Role.ADMINISTRATOR)
    admin.set_password("a long enough phrase")
    admin.save()
    client = Client()
    client.post("/accounts/login/", {"login": admin.email, "password": "a long enough phrase"})
    for page in ("/managed/", "/signed/"):
        answer = client.get(page)
        assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/totp/activate/")
    assert client.get("/managed/", headers={"HX-Request": "true"})["HX-Redirect"] == "/accounts/2fa/totp/activate/"
    assert (
        client.get("/accounts/2fa/totp/activate/", follow=True)
        .redirect_chain[-1][0]
        .startswith("/accounts/reauthenticate/")
    )
    client.post("/accounts/reauthenticate/", {"password": "a long enough phrase"})
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200
    assert client.get("/open/").status_code == 200
    Authenticator.objects.create(user=admin, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert client.get("/managed/").status_code == 302
    Authenticator.objects.create(user=admin, type=Authenticator.Type.TOTP, data={})
    assert client.get("/managed/").status_code == 200


def test_other_roles_need_no_second_factor(world: World, settings) -> None:  # type: ignore[no-untyped-def]
    settings.FORCE_SECOND_FACTOR = True
    assert _client(world.user(Role.PRACTICE_MANAGER)).get("/managed/").status_code == 200


def test_reads_named_by_the_url_are_recorded(world: World) -> None:
    nurse, patient = world.user(Role.NURSE), uuid4()
    assert _client(nurse).get(f"/patient/{patient}/").status_code == 200
    event = everything().get(type="record.read")
    assert (event.patient_ids, event.patient_id, event.actor_id) == ([patient], patient, nurse.pk)
    assert event.subject_label == "patient"
    assert event.cause.startswith("request:")


def test_reads_noted_by_a_list_are_one_event(world: World) -> None:
    _client(world.user(Role.NURSE)).get("/list/")
    assert set(everything().get(type="record.read").patient_ids or []) == {SEEN, UUID(int=8)}


def test_reads_of_a_streamed_answer_are_recorded_at_its_end(world: World) -> None:
    answer = _client(world.user(Role.NURSE)).get("/export/")
    assert b"".join(answer) == b"one"  # type: ignore[arg-type]
    assert everything().get(type="record.read").patient_ids == [SEEN]


def test_an_answer_that_shows_nothing_is_no_read(world: World) -> None:
    assert _client(world.user(Role.NURSE)).get("/broken/").status_code == 422
    assert _client(world.user(Role.CODER)).get(f"/patient/{uuid4()}/").status_code == 200
    assert everything().filter(type="record.read").count() == 1


def test_a_read_that_cannot_be_recorded_does_not_take_the_page_away(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("alter table foundation_event add constraint no_reads check (type <> 'record.read')")
    client = _client(world.user(Role.NURSE))
    assert client.get("/list/").status_code == 200
    assert client.get("/signed/").status_code == 200
    assert everything().filter(type="record.read").count() == 0


@pytest.mark.parametrize(
    ("what", "status", "noted"),
    [
        ("not_visible", 404, True), ("gone", 404, True), ("404", 404, True), ("not_allowed", 403, True),
        ("conflict", 409, False),
    ],
)  # fmt: skip
def test_refusals_that_no_view_translated(world: World, what: str, status: int, noted: bool) -> None:
    answer = _client(world.user(Role.NURSE)).get(f"/raise/{what}/")
    assert answer.status_code == status
    assert everything().filter(type="access.refused").exists() is noted
    if what == "conflict":
        assert "Somebody was first." in answer.content.decode()


def test_a_mistake_of_ours_stays_a_mistake(world: World) -> None:
    with pytest.raises(ZeroDivisionError):
        _client(world.user(Role.NURSE)).get("/raise/bug/")


def test_the_house_speaks_the_language_of_the_login_unless_the_browser_chose(world: World) -> None:
    nurse = world.user(Role.NURSE)
    nurse.language = "es"
    nurse.save()
    client = _client(nurse)
    assert client.get("/signed/")["Content-Language"] == "es"
    client.post("/i18n/setlang/", {"language": "en"})
    assert client.get("/signed/")["Content-Language"] == "en"
    assert Client().get("/open/")["Content-Language"] == "en"


def test_signing_in_and_failing_to_is_recorded(world: World) -> None:
    nurse = world.user(Role.NURSE)
    nurse.set_password("a long enough phrase")
    nurse.save()
    client = Client()
    client.post("/accounts/login/", {"login": nurse.email, "password": "wrong"})
    failed = everything().get(type="access.sign_in_failed")
    assert (failed.subject_id, failed.unit_id) == (nurse.pk, world.main.entity.pk)
    client.post("/accounts/login/", {"login": "my-secret@example.org", "password": "wrong"})
    unknown = everything().filter(type="access.sign_in_failed").latest("id")
    assert (unknown.subject_id, unknown.subject_label) == (None, "")
    client.post("/accounts/login/", {"login": nurse.email, "password": "a long enough phrase"})
    assert everything().get(type="access.signed_in").actor_id == nurse.pk
    client.post("/accounts/logout/")
    assert everything().get(type="access.signed_out").actor_id == nurse.pk


def test_nobody_signs_themselves_up() -> None:
    answer = Client().post("/accounts/signup/", {"email": "a@example.org", "password1": "a long enough phrase"})
    assert User.objects.count() == 0
    assert b"closed" in answer.content.lower()
