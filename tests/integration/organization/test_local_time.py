"""The day and the times of a page are those of the user's sites, whatever the hour in UTC."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.test import Client
from django.utils import timezone

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.clock import day_of
from medguild.foundation.organization.local_time import zone_of
from medguild.patients.accounts.selectors import account_on, accounts_of
from medguild.patients.accounts.services import open_account
from tests.factories.patients import make_patient
from tests.factories.world import HOUSE, World

EVENING = dt.datetime(2026, 6, 2, 0, 30, tzinfo=dt.UTC)  # half past five in the afternoon of June 1 in Oregon
JUNE_1 = dt.date(2026, 6, 1)


def test_the_day_is_the_one_of_the_desk() -> None:
    assert day_of(EVENING) == dt.date(2026, 6, 2)
    with timezone.override(ZoneInfo("America/Los_Angeles")):
        assert day_of(EVENING) == JUNE_1


def test_an_account_opened_in_the_evening_holds_for_the_visit_of_that_day(world: World) -> None:
    patient = make_patient(world)
    with timezone.override(ZoneInfo(world.main.site.time_zone)):
        opened = open_account(patient=patient, entity_id=world.main.entity.pk, by=HOUSE, at=EVENING)
    assert account_on(patient.pk, world.main.entity.pk, JUNE_1) == opened
    assert [row.period.lower for row in accounts_of(HOUSE, patient.pk)] == [JUNE_1]


def test_a_user_works_in_the_zone_of_their_sites(world: World) -> None:
    desk = world.actor(Role.FRONT_DESK)
    assert zone_of(desk) == world.main.site.time_zone != "UTC"
    client = Client()
    client.force_login(world.user(Role.FRONT_DESK), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/").status_code == 200
    assert client.session["time_zone"] == world.main.site.time_zone
    assert timezone.get_current_timezone_name() == "UTC", "the zone of one request is not that of the next"
