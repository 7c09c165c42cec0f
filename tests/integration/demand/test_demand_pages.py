"""Pages of the numbers of access: with numbers that open their rows, without any, in Spanish, with few queries."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.clock import local_date, now
from medguild.foundation.organization import services
from medguild.foundation.organization.models import Site, Unit
from medguild.foundation.organization.rules import ResourceKind, UnitKind
from medguild.operations.demand.late_rules import Cause
from medguild.operations.demand.lateness import measure_day
from medguild.operations.demand.models import ClinicDay
from medguild.operations.demand.searches import keep_search
from medguild.operations.demand.third_next import take_samples
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.search.noting import Searched
from medguild.operations.visits.rules import VisitStatus
from tests.factories.scheduling import day_here, schedule, visit_type, wall
from tests.factories.visits import MINUTE, make_appointment, make_visit
from tests.factories.world import HOUSE, START, Office, World
from tests.support_queries import queries_at_most

pytestmark = pytest.mark.django_db
_DAY = dt.timedelta(days=1)
_PAGES = ("access", "match", "fill", "late", "backfill", "scarce", "plan", "lengths", "changes")
_LIMITS = {
    "access": 40,
    "match": 36,
    "fill": 34,
    "late": 34,
    "backfill": 34,
    "scarce": 50,
    "plan": 34,
    "lengths": 34,
    "changes": 34,
}


@pytest.fixture
def manager(world: World) -> Client:
    client = Client()
    client.force_login(world.user(Role.PRACTICE_MANAGER))
    return client


def _lived_in(world: World) -> None:
    """A template, a visit that began late two days ago, one cancelled, one to come, a search in vain, a sample."""
    plan = schedule(world)
    plan.book(9, 0)
    start = wall(day_here() - 2 * _DAY, 10)
    booked = make_appointment(world, start=start, at=start - _DAY)
    make_visit(world, appointment=booked, at=start + 5 * MINUTE, to=VisitStatus.LEFT)
    gone = make_appointment(world, start=start + 60 * MINUTE, at=start - _DAY)
    Appointment.objects.unscoped("test").filter(pk=gone.pk).update(
        status="cancelled", cancel_reason="patient_ill", cancelled_at=start - _DAY, overbooked=False, overbook_reason=""
    )
    measure_day(site=world.main.site, day=local_date(start, world.main.site.time_zone))
    day = day_here() - 3 * _DAY
    keep_search(Searched(HOUSE, plan.kind.pk, day, day + _DAY, found=0, unit_id=plan.site.unit_id))
    take_samples(by=HOUSE, at=now() - 7 * _DAY)
    take_samples(by=HOUSE)


@pytest.mark.parametrize("page", _PAGES)
def test_every_link_of_a_page_opens(world: World, manager: Client, page: str) -> None:
    _lived_in(world)
    url = reverse(f"demand:{page}")
    manager.get(url)
    with queries_at_most(_LIMITS[page]):
        answer = manager.get(url)
    assert answer.status_code == 200
    text = answer.content.decode()
    links = {link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"#]+)"', text.split("<main")[1])}
    assert links
    for link in links:
        assert manager.get(link).status_code in (200, 302), link
    assert all(not urlsplit(link).netloc for link in links)


@pytest.mark.parametrize("page", _PAGES)
def test_a_page_without_numbers_teaches(world: World, manager: Client, page: str) -> None:
    answer = manager.get(reverse(f"demand:{page}"))
    assert answer.status_code == 200
    assert "empty" in answer.content.decode()


@pytest.mark.parametrize("page", _PAGES)
def test_pages_speak_spanish(world: World, manager: Client, page: str) -> None:
    _lived_in(world)
    manager.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    answer = manager.get(reverse(f"demand:{page}"))
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "Cifras de acceso" in text
    assert "Week from" not in text


def _beside(world: World, practice: Unit, name: str) -> Office:
    """Another site of the main entity."""
    unit = services.open_unit(kind=UnitKind.SITE, name=name, parent=practice, by=HOUSE, start=START)
    services.furnish_site(
        unit=unit, line1="2 Main Street", city="Portland", state="OR", postal_code="972010001",
        time_zone="America/Los_Angeles", specialty="family_medicine", by=HOUSE,
    )  # fmt: skip
    room = services.add_resource(kind=ResourceKind.ROOM, unit=unit, name="Room 2", by=HOUSE, start=START)
    site = Site.objects.select_related("unit").get(unit=unit)
    return Office(world.main.entity, practice, site, world.clinician(unit), room)


def test_numbers_of_a_practice_open_the_visits_at_all_its_sites_and_no_others(world: World, manager: Client) -> None:
    _lived_in(world)
    other = services.open_unit(
        kind=UnitKind.PRACTICE, name="Harbor Bay Practice", parent=world.main.entity, by=HOUSE, start=START
    )
    start = wall(day_here() - 2 * _DAY, 10)
    seen = []
    for office in (_beside(world, world.main.practice, "Harbor North"), _beside(world, other, "Harbor Bay")):
        booked = make_appointment(world, office, start=start, at=start - _DAY)
        seen.append(make_visit(world, office, appointment=booked, at=start, to=VisitStatus.LEFT).appointment_id)
    text = manager.get(reverse("demand:access")).content.decode()
    (link,) = {one.replace("&amp;", "&") for one in re.findall(r'href="(/[^"]*measure=kept[^"]*practice=[^"]*)"', text)}
    rows = set(re.findall(r"/appointments/([0-9a-f-]{36})/", manager.get(link).content.decode()))
    assert len(rows) == 2
    assert str(seen[0]) in rows
    assert str(seen[1]) not in rows


def test_a_late_day_is_shown_visit_by_visit(world: World, manager: Client) -> None:
    _lived_in(world)
    answer = manager.get(reverse("demand:late_days"))
    (link,) = set(re.findall(r'href="(/[^"]*/late/[0-9a-f-]{36}/[^"]+)"', answer.content.decode()))
    text = manager.get(link).content.decode()
    assert "Minutes late" in text
    assert "/visits/" in text
    assert manager.get(link.rstrip("/")[:-10] + "2026-13-40/").status_code == 404


def test_causes_of_delay_open_their_clinic_days(world: World, manager: Client) -> None:
    _lived_in(world)
    days = ClinicDay.objects.unscoped("test")
    text = manager.get(reverse("demand:late")).content.decode()
    links = {one.replace("&amp;", "&") for one in re.findall(r'href="(/[^"]*cause=[^"]*)"', text)}
    assert {one.partition("cause=")[2].partition("&")[0] for one in links} == set(Cause)
    assert any("weekday=" in one for one in links)
    for link in links:
        shown = manager.get(link).context["table"].rows
        if "clinician=" in link and "weekday=" not in link:
            cause = link.partition("cause=")[2].partition("&")[0]
            assert len(shown) == days.filter(**{f"{cause}__gt": 0}).count()


def test_the_list_behind_a_number_is_cut_as_the_number_is(world: World, manager: Client) -> None:
    _lived_in(world)
    day = local_date(now() - 2 * _DAY, world.main.site.time_zone).isoformat()
    query = {"measure": "cancelled_time", "day_from": day, "day_to": day, "site": str(world.main.site.unit_id)}
    text = manager.get(reverse("demand:visits"), query).content.decode()
    assert "/schedule/appointments/" in text
    kept = manager.get(reverse("demand:visits"), query | {"measure": "same_day"}).content.decode()
    assert "/schedule/appointments/" not in kept


def test_a_search_at_any_site_is_listed(world: World, manager: Client) -> None:
    """It has no site and so no zone of its own."""
    plan = schedule(world)
    day = day_here()
    keep_search(Searched(HOUSE, plan.kind.pk, day, day + _DAY, found=0))
    answer = manager.get(reverse("demand:searches"))
    assert answer.status_code == 200
    assert "Any site" in answer.content.decode()


def test_access_begins_with_the_kind_booked_most(world: World, manager: Client) -> None:
    """A rare kind that stands first by its name would show a page without numbers."""
    _lived_in(world)
    booked = schedule(world).kind
    visit_type("aardvark_class")
    text = manager.get(reverse("demand:access")).content.decode()
    assert "Aardvark class" in text
    assert f'<option value="{booked.pk}" selected>' in text


@pytest.mark.parametrize("page", ["demand:visits", "attendance:visits"])
def test_visits_behind_a_number_stand_newest_first(world: World, manager: Client, page: str) -> None:
    _lived_in(world)
    text = manager.get(reverse(page)).content.decode()
    assert 'aria-sort="descending"' in text
