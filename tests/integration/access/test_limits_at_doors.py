"""Doors that are knocked at too often: the API, one-time links, what users send to be read."""

from __future__ import annotations

from unittest.mock import patch

import pytest
import time_machine
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from medguild.foundation.access import api, limits
from medguild.foundation.access.limits import BAD_TOKENS, LINKS_OPENED, Bucket, TooManyRequests, limited
from medguild.foundation.access.rules import Role
from medguild.foundation.access.services import create_token
from medguild.foundation.kernel.clock import now
from tests.factories.world import HOUSE, World

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.integration.access.pages")]
DOOR = "/api/door/managed"


def test_unknown_tokens_are_counted_by_address_and_good_ones_still_pass(world: World) -> None:
    secret = create_token(name="x", role=Role.PRACTICE_MANAGER, unit=world.main.entity, by=HOUSE)[1]
    with time_machine.travel(now(), tick=False):
        tries = [Client().get(DOOR, headers={"Authorization": f"Bearer mg_{at}"}) for at in range(BAD_TOKENS + 1)]
        assert {one.status_code for one in tries[:-1]} == {401}
        assert tries[-1].status_code == 429
        assert 1 <= int(tries[-1]["Retry-After"]) <= 60
        assert tries[-1].json()["code"] == "too_many_requests"
        assert Client().get(DOOR).status_code == 429, "no token at all is counted too"
        assert Client(REMOTE_ADDR="192.0.2.77").get(DOOR).status_code == 401
        assert Client().get(DOOR, headers={"Authorization": f"Bearer {secret}"}).status_code == 200


def test_a_good_token_is_held_back_too(world: World) -> None:
    secret = create_token(name="x", role=Role.PRACTICE_MANAGER, unit=world.main.entity, by=HOUSE)[1]
    with patch.object(api, "_CALLS", Bucket(2, clock=lambda: 0.0)):
        seen = [Client().get(DOOR, headers={"Authorization": f"Bearer {secret}"}) for _ in range(3)]
    assert [one.status_code for one in seen] == [200, 200, 429]
    assert seen[-1]["Retry-After"] == "30"


def test_links_to_choose_a_password_are_not_guessed_without_end(world: World) -> None:
    world.user(Role.NURSE)
    with time_machine.travel(now(), tick=False):
        tries = [Client().get(f"/accounts/password/reset/key/1-guess{at}/") for at in range(LINKS_OPENED + 1)]
    assert {one.status_code for one in tries[:-1]} == {200}
    assert tries[-1].status_code == 429
    assert int(tries[-1]["Retry-After"]) <= 60
    assert "Wait a minute" in tries[-1].content.decode()


def test_wrong_passwords_end_in_a_pause(world: World) -> None:
    address = world.user(Role.NURSE).email
    sent = {"login": address, "password": "not the right one"}
    answers = [Client().post("/accounts/login/", sent) for _ in range(6)]
    assert "Too many failed login attempts" in answers[-1].content.decode()


def test_what_is_sent_is_counted_and_looking_is_free(world: World) -> None:
    @limited(1)
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("read")

    request = RequestFactory().post("/")
    request.user = world.user(Role.BILLER)
    assert view(request).content == b"read"
    with pytest.raises(TooManyRequests):
        view(request)
    looks = RequestFactory().get("/")
    looks.user = request.user
    assert view(looks).status_code == 200
    other = RequestFactory().post("/")
    other.user = world.user(Role.NURSE)
    assert view(other).status_code == 200


def test_a_full_house_of_buckets_is_emptied(world: World) -> None:
    bucket = Bucket(1, clock=lambda: 0.0)
    with patch.object(limits, "_MOST_KEPT", 2):
        assert [bucket.take(key) for key in ("a", "b", "c", "a")] == [0, 0, 0, 0]
