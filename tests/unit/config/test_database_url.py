"""A URL that cannot be used is told in one line; a good one becomes Django's settings."""

import pytest

from medguild.config.database import WrongDatabaseUrl, parse_url, what_to_do


def test_all_parts_of_a_url_are_taken() -> None:
    found = parse_url("postgresql://me:p%40ss@db.example.org:5433/house?sslmode=require")
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"], found["NAME"]) == (
        "me", "p@ss", "db.example.org", "5433", "house",
    )  # fmt: skip
    assert found["OPTIONS"]["sslmode"] == "require"


def test_a_silent_host_is_not_waited_for_without_end() -> None:
    assert parse_url("postgresql://h/x")["OPTIONS"]["connect_timeout"] == 10
    assert parse_url("postgresql://h/x?connect_timeout=3")["OPTIONS"]["connect_timeout"] == "3"


def test_a_socket_folder_may_be_the_host() -> None:
    found = parse_url("postgresql://postgres@/medguild?host=/run/postgresql")
    assert found["HOST"] == "/run/postgresql"
    assert "host" not in found["OPTIONS"]


@pytest.mark.parametrize(
    "url",
    ["mysql://me@h/x", "hello", "postgresql://h", "postgresql://h/", "postgresql://[::1/x", "postgresql://h:abc/x",
     "postgresql://h:99999/x"],
)  # fmt: skip
def test_an_unusable_url_is_told_in_one_line(url: str) -> None:
    with pytest.raises(WrongDatabaseUrl) as told:
        parse_url(url)
    text = str(told.value)
    assert text.startswith("medguild: MEDGUILD_DATABASE_URL is not usable: ")
    assert "\n" not in text


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ('FATAL: database "house" does not exist', "createdb"),
        ('FATAL: password authentication failed for user "me"', "user and password"),
        ('FATAL: role "me" does not exist', "user and password"),
        ('invalid connection option "foo"', "after '?'"),
        ("Connection refused", "host and port"),
    ],
)
def test_what_the_server_says_becomes_advice(said: str, advice: str) -> None:
    assert advice in what_to_do(said)
