"""The API while its connection to the database dies."""

from __future__ import annotations

import psycopg
from django.db import connection
from django.test import Client

from medguild.foundation.access.rules import Role
from medguild.foundation.access.services import create_token
from tests.factories.world import HOUSE, World


def test_a_lost_database_is_told_as_such_and_the_next_request_is_answered(transactional_log: None) -> None:
    world = World()
    secret = create_token(name="test", role=Role.SCHEDULER, unit=world.main.entity, by=HOUSE)[1]
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    connection.ensure_connection()
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
        other.execute("select pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
    answer = client.get("/api/v1/patients", {"q": "quil"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "1")
    assert answer.json()["code"] == "unavailable"
    connection.close()  # as the web does after each request whose connection broke
    assert client.get("/api/v1/patients", {"q": "quil"}).status_code == 200
