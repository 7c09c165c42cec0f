"""Main pages of the organization and of access ask a fixed number of questions, however much there is to show."""

from __future__ import annotations

import pytest
from django.test import Client

from medguild.foundation.access.rules import Role
from tests.factories.world import World
from tests.support_queries import queries_at_most

PAGES = {
    "/organization/": 9,
    "/organization/circles/": 7,
    "/organization/people/": 12,
    "/access/users/": 8,
    "/access/rights/": 5,
    "/access/tokens/": 6,
    "/access/reviews/": 6,
    "/access/audit/": 13,
    "/access/me/": 8,
}
SIZES = (0, 4)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("offices", SIZES)
def test_pages_ask_no_more_questions_when_there_is_more_to_show(
    world: World, page: str, offices: int, settings: object
) -> None:
    settings.FORCE_SECOND_FACTOR = False  # type: ignore[attr-defined]
    for number in range(offices):
        office = world.office(f"Office {number}")
        world.user(Role.NURSE, office.entity)
    role = {"/access/reviews/": Role.COMPLIANCE_OFFICER, "/access/audit/": Role.COMPLIANCE_OFFICER}.get(
        page, Role.ADMINISTRATOR
    )
    client = Client()
    client.force_login(world.user(role, world.enterprise))
    client.get(page)
    with queries_at_most(PAGES[page]):
        assert client.get(page).status_code == 200
