"""Pages of access cost as many questions for many clinicians, kinds of visits, sites and entities as for few."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.foundation.organization.rules import ResourceKind
from medguild.operations.scheduling.kinds.visit_types import Needed
from medguild.operations.scheduling.templating import add_session
from tests.factories.needs import capability, helper, needy, thing
from tests.factories.scheduling import Schedule, block, schedule, visit_type
from tests.factories.world import HOUSE, START, Office, World

pytestmark = pytest.mark.django_db
_PAGES = ("access", "fill", "scarce", "late", "match", "plan", "backfill", "lengths")


def _clinician(world: World, office: Office, number: int) -> None:
    """One more, who is full for weeks, with a kind of visit of their own and one that needs a device."""
    clinician = world.clinician(office.site_unit)
    own = visit_type(f"own_{number}", minutes=30)
    scanner = capability(ResourceKind.EQUIPMENT, f"scanner-{number}")
    thing(office.site_unit, scanner, f"Scanner {number}")
    scan = needy(f"scan_{number}", {scanner: Needed()}, minutes=40)
    add_session(
        clinician=clinician, site=office.site, start=START, by=HOUSE,
        block=block(visit_type(), weekday=number % 5, visit_types={visit_type().pk: 20, own.pk: 30, scan.pk: 40}),
    )  # fmt: skip


@pytest.fixture
def plan(world: World) -> Schedule:
    made = schedule(world)
    made.book(9, 0)
    helper(made, capability(ResourceKind.STAFF, "listener"), "Ear")
    for number, office in enumerate((world.main, world.second)):
        _clinician(world, office, number)
    return made


def _cost(client: Client, page: str) -> int:
    address = reverse(f"demand:{page}")
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("page", _PAGES)
def test_a_page_asks_no_more_for_more_clinicians_and_kinds(world: World, plan: Schedule, page: str) -> None:
    client = Client()
    client.force_login(world.user(Role.PRACTICE_MANAGER, world.enterprise))
    few = _cost(client, page)
    for number in range(2, 8):
        _clinician(world, (world.main, world.second)[number % 2], number)
    _clinician(world, world.member_a, 9)  # one entity and site more
    plan.book(9, 20, patient=plan.another())
    assert _cost(client, page) <= few
