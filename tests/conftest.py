"""Starts the embedded PostgreSQL for the tests, unless MEDGUILD_DATABASE_URL names another server."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker

os.environ.setdefault("MEDGUILD_SECRET_KEY", "only-for-tests-" + "x" * 40)
# Test databases may be lost with the machine: no commit needs to wait for the disk.
os.environ.setdefault("PGOPTIONS", "-c synchronous_commit=off")

from medguild.config import embedded
from medguild.config.database import uses_embedded

# A busy machine is no failure, and what lands is judged by the same examples each time; elsewhere they are new ones.
settings.register_profile(
    "medguild", deadline=None, derandomize=bool(os.environ.get("CI")), suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("medguild")


def pytest_configure(config: pytest.Config) -> None:
    if uses_embedded() and not hasattr(config, "workerinput"):
        embedded.start()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> bool:
    """Whether the test database will be a copy of one that was migrated before."""
    from tests import support_database

    return support_database.start_from_kept()


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, django_db_modify_db_settings: bool
) -> None:
    """The one of pytest-django, kept for the runs that follow when it had to be migrated."""
    from tests import support_database

    if not django_db_modify_db_settings:
        with django_db_blocker.unblock():
            support_database.keep()


@pytest.fixture(autouse=True, scope="session")
def _plain_settings() -> Iterator[None]:
    """Tests do not collect static files, and hash passwords quickly."""
    from django.conf import settings
    from django.test import override_settings

    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns of a folder that is not there
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        STORAGES={**settings.STORAGES, "staticfiles": plain},
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


@pytest.fixture(autouse=True)
def _fresh_actors(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Actors are kept for seconds in a running process, the language until the next request; a test begins anew.

    Within a test they are kept to its end: on a busy machine the seconds pass between two counts of queries.
    """
    from django.utils import translation

    from medguild.foundation.access import selectors

    if request.node.get_closest_marker("browser") is None:
        monkeypatch.setattr(selectors, "_KEEP_SECONDS", 3_600.0)
    selectors.forget_actors()
    yield
    selectors.forget_actors()
    translation.deactivate()


@pytest.fixture
def transactional_log(transactional_db: None) -> Iterator[None]:
    """Tests that commit: the event log, which the usual clean-up does not reach, is emptied before and after."""
    empty_event_log()
    yield
    empty_event_log()


def empty_event_log() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "set session_replication_role = replica;"
            "truncate foundation_event, foundation_seal, foundation_delivery, foundation_dispatchcursor;"
            "set session_replication_role = origin"
        )


@pytest.fixture
def world(db: None):  # type: ignore[no-untyped-def]
    """The small group of tests/factories/world.py."""
    from tests.factories.world import World

    return World()
