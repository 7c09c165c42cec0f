"""A number on Today and the rows to which it opens are the same."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.clock import now
from medguild.operations.scheduling.outcomes import cancel_appointment, mark_no_show
from medguild.operations.scheduling.rules import CancelReason
from tests.factories.visits import make_appointment, make_visit
from tests.factories.world import HOUSE, World

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
DAY = dt.timedelta(days=1)


@pytest.fixture
def busy(world: World) -> World:
    """Somebody here, one missed and one seen ten days ago, one cancelled for the day after tomorrow."""
    make_visit(world)
    missed = make_appointment(world, start=now() - 10 * DAY)
    mark_no_show(appointment=missed, by=HOUSE)
    make_visit(world, at=now() - 10 * DAY + DAY / 2)
    given_up = make_appointment(world, clinician=world.clinician(world.main.site_unit), start=now() + 2 * DAY)
    cancel_appointment(appointment=given_up, reason=CancelReason.PATIENT_REQUEST, by=HOUSE)
    return world


def client_of(world: World, role: Role) -> Client:
    client = Client()
    client.force_login(world.user(role), backend=_BACKEND)
    return client


def numbers(client: Client) -> dict[tuple[str, str], tuple[str, str]]:
    """Value and address of each number, by panel and label."""
    panels = client.get("/").context["panels"]
    return {(panel.key, str(one.label)): (one.value, one.href) for panel in panels for one in panel.numbers}


def rows_at(client: Client, href: str) -> int:
    return len(client.get(href).context["table"].rows)


@pytest.mark.parametrize("role", [Role.PRACTICE_MANAGER, Role.SCHEDULER, Role.MEDICAL_DIRECTOR])
def test_counts_open_to_as_many_rows(busy: World, role: Role, settings: object) -> None:
    settings.FORCE_SECOND_FACTOR = False  # type: ignore[attr-defined]
    client = client_of(busy, role)
    counted = {
        name: told
        for name, told in numbers(client).items()
        if told[0].isdigit() and told[1].startswith(("/schedule/appointments/", "/visits/?"))
    }
    assert counted
    for (panel, label), (value, href) in counted.items():
        assert rows_at(client, href) == int(value), f"{panel}: {label} says {value}, opens {href}"


def test_the_no_show_rate_is_of_the_rows_it_opens(busy: World, settings: object) -> None:
    settings.FORCE_SECOND_FACTOR = False  # type: ignore[attr-defined]
    client = client_of(busy, Role.PRACTICE_MANAGER)
    value, href = numbers(client)[("access", "No-show rate, 30 days")]
    booked, missed = rows_at(client, href), rows_at(client, f"{href}&status=no_show")
    assert (missed, booked) == (1, 2)
    assert float(value) == pytest.approx(100 * missed / booked)


def test_what_was_cancelled_is_offered_again(busy: World) -> None:
    value, href = numbers(client_of(busy, Role.SCHEDULER))[("refill", "Cancelled and free again, 7 days")]
    assert value == "1"
    assert "free_again=on" in href
