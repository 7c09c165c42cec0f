"""Where I am signed in: listed, ended one by one; a new password ends the others."""

from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from medguild.foundation.access.models import User
from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Event
from tests.factories.world import World

pytestmark = pytest.mark.django_db
PAGE = "access:sessions"


def browser(user: User, name: str) -> Client:
    client = Client()
    client.force_login(user)
    client.get(reverse(PAGE))
    row, _ = UserSession.objects.get_or_create(
        session_key=client.session.session_key, defaults={"user": user, "ip": "192.0.2.1"}
    )
    UserSession.objects.filter(pk=row.pk).update(user_agent=name)
    return client


def test_sessions_are_listed_and_one_is_ended(world: World) -> None:
    user = world.user(Role.NURSE)
    here, there = browser(user, "Desk browser"), browser(user, "Phone browser")
    page = here.get(reverse(PAGE)).content.decode()
    assert "Desk browser" in page
    assert "Phone browser" in page
    other = UserSession.objects.get(user_agent="Phone browser")
    here.post(reverse("access:end_session", args=[other.pk]))
    assert there.get(reverse(PAGE)).status_code == 302, "signed out there"
    assert here.get(reverse(PAGE)).status_code == 200
    assert "Phone browser" not in here.get(reverse(PAGE)).content.decode()
    assert Event.objects.unscoped("test").filter(type="access.session_ended").count() == 1


def test_sessions_of_another_are_neither_shown_nor_ended(world: World) -> None:
    mine, theirs = browser(world.user(Role.NURSE), "Mine"), browser(world.user(Role.BILLER), "Theirs")
    assert "Theirs" not in mine.get(reverse(PAGE)).content.decode()
    held = UserSession.objects.get(user_agent="Theirs")
    assert mine.post(reverse("access:end_session", args=[held.pk])).status_code == 404
    assert theirs.get(reverse(PAGE)).status_code == 200


def test_a_new_password_ends_the_other_sessions(world: World) -> None:
    user = world.user(Role.NURSE)
    user.set_password("an old long secret 7")
    user.save()
    here, there = browser(user, "Desk browser"), browser(user, "Phone browser")
    sent = {
        "oldpassword": "an old long secret 7", "password1": "quite another secret 8",
        "password2": "quite another secret 8",
    }  # fmt: skip
    assert here.post(reverse("account_change_password"), sent).status_code == 302
    user.refresh_from_db()
    assert user.check_password("quite another secret 8")
    assert there.get(reverse(PAGE)).status_code == 302
