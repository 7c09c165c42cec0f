"""Guessing passwords is slowed down, over all web processes together: the counts are kept in the database."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from medguild.foundation.access.models import User

pytestmark = pytest.mark.django_db
PHRASE = "a long enough phrase"


@pytest.fixture(autouse=True)
def _clean_counts() -> None:
    cache.clear()


def _try(login: str, password: str) -> int:
    """Each attempt comes as a new visitor."""
    return Client().post("/accounts/login/", {"login": login, "password": password}).status_code


def test_the_right_password_does_not_help_after_five_wrong_ones() -> None:
    User.objects.create_user("ana@example.org", PHRASE)
    assert _try("ana@example.org", PHRASE) == 302
    for _ in range(5):
        assert _try("ana@example.org", "wrong") == 200
    assert _try("ana@example.org", PHRASE) == 200
    User.objects.create_user("ben@example.org", PHRASE)
    assert _try("ben@example.org", PHRASE) == 302


def test_one_address_cannot_try_many_logins() -> None:
    for number in range(10):
        _try(f"somebody{number}@example.org", "wrong")
    User.objects.create_user("ana@example.org", PHRASE)
    assert _try("ana@example.org", PHRASE) == 200


def test_the_counts_are_in_the_database() -> None:
    _try("ana@example.org", "wrong")
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from foundation_cache")
        assert cursor.fetchone()[0] > 0
