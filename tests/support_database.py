"""A test database that has been migrated once is kept, and the next ones are copies of it.

Migrating takes most of the time of a short run. What the migrations say decides whether a kept one still fits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
import psycopg
from django.db import connection

import medguild

_PREFIX = "medguild_migrated_"


def kept_name() -> str:
    """The name under which a database with the present migrations is kept."""
    root = Path(medguild.__file__).parent
    digest = hashlib.sha256(django.__version__.encode())
    for path in sorted(root.glob("**/migrations/*.py")):
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return _PREFIX + digest.hexdigest()[:16]


def start_from_kept() -> bool:
    """Let the test database be a copy of the kept one; False where there is none."""
    with _server() as server:
        if server.execute("select from pg_database where datname = %s", [kept_name()]).fetchone() is None:
            return False
    connection.settings_dict["TEST"]["TEMPLATE"] = kept_name()
    return True


def keep() -> None:
    """Keep a copy of the test database as it now is, and drop those of other migrations.

    Whoever was quicker has kept the same; one that somebody is copying just now stays for the next time.
    """
    made = connection.settings_dict["NAME"]
    connection.close()
    with _server() as server:
        others = server.execute("select datname from pg_database where datname like %s", [_PREFIX + "%"]).fetchall()
        for (name,) in others:
            _try(server, f'drop database if exists "{name}"')
        _try(server, f'create database "{kept_name()}" template "{made}"')


def _try(server: psycopg.Connection, statement: str) -> None:
    try:
        server.execute(statement.encode())
    except (psycopg.errors.ObjectInUse, psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
        return


@contextmanager
def _server() -> Iterator[psycopg.Connection]:
    """The server, outside all transactions and databases of tests."""
    given = connection.get_connection_params()
    wanted = {key: given[key] for key in ("host", "port", "user", "password") if given.get(key)}
    with psycopg.connect(dbname="postgres", autocommit=True, **wanted) as server:
        yield server
