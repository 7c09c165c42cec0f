"""The pages of the organization: what they show, refuse and change."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from medguild.foundation.access.rules import Role
from medguild.foundation.organization import services, staffing
from medguild.foundation.organization.models import Closure, Resource, ResourceShare, SharingCircle, Unit, UnitRelation
from medguild.foundation.organization.people import Affiliation, BillingIdentity, Clinician, Person
from medguild.foundation.organization.rules import AffiliationKind, RelationKind, masked
from tests.factories.world import HOUSE, START, World, ein, npi

pytestmark = pytest.mark.django_db
MOVE = dt.date(2025, 6, 1)


@pytest.fixture
def manager(world: World, settings: Any) -> Client:
    settings.FORCE_SECOND_FACTOR = False
    return _as(world, Role.PRACTICE_MANAGER)


def _as(world: World, role: Role, unit: Unit | None = None) -> Client:
    client = Client()
    client.force_login(world.user(role, unit))
    return client


def _text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_the_tree_shows_the_units_of_the_actor_as_of_a_day(world: World, manager: Client) -> None:
    services.move_unit(unit=world.main.practice, to=world.second.entity, on=MOVE, by=HOUSE)
    before = _text(manager, f"/organization/?on={MOVE - dt.timedelta(days=1)}")
    assert world.main.site_unit.name in before
    assert masked(world.main.entity.entity.ein) in before
    assert world.main.entity.entity.ein not in before
    assert "Harbor Health" in before
    assert world.member_a.entity.name not in before
    now = _text(manager, "/organization/")
    assert f"/organization/units/{world.main.entity.pk}/" in now
    assert world.main.site_unit.name not in now
    assert "No units on that day" in _text(manager, "/organization/?on=2019-01-01")


def test_relations_stand_beside_the_tree(world: World, manager: Client) -> None:
    services.relate_units(
        kind=RelationKind.OWNS, source=world.main.entity, target=world.second.entity, share=5100, by=HOUSE, start=START
    )
    assert "owns Cedar" in " ".join(_text(manager, "/organization/").split())


def test_an_entity_with_one_professional_is_warned(world: World, manager: Client) -> None:
    page = f"/organization/units/{world.main.entity.pk}/"
    assert "Not a medical group yet" in _text(manager, page)
    world.clinician(world.main.site_unit)
    assert "Not a medical group yet" not in _text(manager, page)


def test_billing_numbers_are_for_those_who_bill(world: World, manager: Client) -> None:
    biller, page = _as(world, Role.BILLER), f"/organization/units/{world.main.entity.pk}/"
    number = world.main.entity.entity.ein
    assert f"{number[:2]}-{number[2:]}" in _text(biller, page)
    assert "No billing identity" in _text(biller, page)
    shown = _text(manager, page)
    assert number[2:] not in shown
    assert "Billing identities" not in shown


def test_links_still_to_convert_are_listed_until_billed_under_the_own_tax_id(world: World) -> None:
    biller, page = _as(world, Role.BILLER), f"/organization/units/{world.main.entity.pk}/"
    fields = {
        "name": "Harbor", "tin": "12-7654321", "group_npi": npi(), "taxonomy": "207q00000x", "line1": "1 Main",
        "city": "Portland", "state": "or", "postal_code": "97201-0001", "submitter_id": "S", "contact_name": "Office",
        "contact_phone": "5035550100", "start": "2020-01-01",
    }  # fmt: skip
    added = biller.post(f"{page}billing/new/", fields)
    assert added.status_code == 302, added.content
    assert "billed under another tax id, 127654321" in _text(biller, page)
    identity = BillingIdentity.objects.unscoped("test").get()
    assert biller.post(f"/organization/billing/{identity.pk}/end/", {"on": "2024-01-01"}).status_code == 302
    own = {**fields, "tin": world.main.entity.entity.ein, "start": "2024-01-01"}
    assert biller.post(f"{page}billing/new/", own).status_code == 302
    assert "Nothing left to convert" in _text(biller, page)
    wrong = biller.post(f"{page}billing/new/", {**own, "group_npi": "1234567890", "postal_code": "97201"})
    assert wrong.status_code == 422
    assert "Claims need all nine digits" in wrong.content.decode()


def test_a_manager_opens_moves_and_closes_units(world: World, manager: Client) -> None:
    practice = world.main.practice
    page = f"/organization/units/{practice.pk}/"
    assert manager.post(f"{page}new/", {"name": "East", "start": "2026-01-01"}).status_code == 302
    site = Unit.objects.get(name="East")
    wrong = manager.post(f"{page}close/", {"on": "2026-06-01"})
    assert wrong.status_code == 422
    assert "still stands below it" in wrong.content.decode()
    assert manager.post(f"/organization/units/{site.pk}/close/", {"on": "2026-06-01"}).status_code == 302
    other = manager.post(f"{page}move/", {"to": str(world.second.entity.pk), "on": "2026-01-01"})
    assert other.status_code == 422, "units of others are no choice"
    site.refresh_from_db()
    assert site.period.upper == dt.date(2026, 6, 1)


def test_legal_data_and_address_of_new_units(world: World, settings: Any) -> None:
    settings.FORCE_SECOND_FACTOR = False
    owner = _as(world, Role.PHYSICIAN_OWNER, world.enterprise)
    top = f"/organization/units/{world.enterprise.pk}/"
    owner.post(f"{top}new/", {"name": "North", "start": "2026-01-01"})
    entity = Unit.objects.get(name="North")
    page = f"/organization/units/{entity.pk}/"
    legal = {"kind": "solo", "legal_name": "North PC", "ein": ein(), "state": "WA"}
    assert owner.post(f"{page}legal/", {**legal, "ein": "1"}).status_code == 422
    assert owner.post(f"{page}legal/", legal).status_code == 302
    assert "North PC" in _text(owner, page)
    related = {"kind": "owns", "target": str(world.main.entity.pk), "percent": "51", "start": "2026-01-01"}
    assert owner.post(f"{page}relate/", related).status_code == 302
    relation = UnitRelation.objects.get(source=entity)
    assert relation.share == 5100
    assert owner.post(f"/organization/relations/{relation.pk}/end/", {"on": "2026-03-01"}).status_code == 302
    circle = {"name": "North circle", "basis": "one covered entity", "start": "2026-01-01", "entities": [entity.pk]}
    assert owner.post("/organization/circles/new/", circle).status_code == 302
    assert SharingCircle.objects.get(name="North circle").members.get().entity == entity
    assert "North circle" in _text(owner, "/organization/circles/")
    owner.post(f"{page}new/", {"name": "North practice", "start": "2026-01-01"})
    practice = Unit.objects.get(name="North practice")
    owner.post(f"/organization/units/{practice.pk}/new/", {"name": "North site", "start": "2026-01-01"})
    site = Unit.objects.get(name="North site")
    where = {
        "line1": "1 A", "city": "B", "state": "wa", "postal_code": "98101-1234", "time_zone": "America/Los_Angeles",
        "place_of_service": "11",
    }  # fmt: skip
    assert owner.post(f"/organization/units/{site.pk}/address/", where).status_code == 302
    assert "981011234" in _text(owner, f"/organization/units/{site.pk}/")


def test_rooms_are_added_shared_and_retired(world: World, settings: Any) -> None:
    settings.FORCE_SECOND_FACTOR = False
    owner = _as(world, Role.PHYSICIAN_OWNER, world.enterprise)
    page = f"/organization/units/{world.main.site_unit.pk}/"
    thing = {"kind": "equipment", "name": "Ultrasound", "capacity": 1, "start": "2026-01-01"}
    assert owner.post(f"{page}things/new/", thing).status_code == 302
    device = Resource.objects.unscoped("test").get(name="Ultrasound")
    one, two = world.main.practice.pk, world.second.practice.pk
    half = {"start": "2026-01-01", f"share_{one}": "60"}
    assert owner.post(f"/organization/things/{device.pk}/share/", half).status_code == 422
    assert owner.post(f"/organization/things/{device.pk}/share/", {**half, f"share_{two}": "40"}).status_code == 302
    assert "Cedar Practice 40.0 %" in " ".join(_text(owner, page).split())
    assert ResourceShare.objects.unscoped("test").count() == 2
    assert owner.post(f"/organization/things/{device.pk}/split/end/", {"on": "2026-02-01"}).status_code == 302
    assert owner.post(f"/organization/things/{device.pk}/retire/", {"on": "2026-03-01"}).status_code == 302
    assert "Ultrasound" not in _text(owner, page)


def test_closed_days_are_added_and_taken_back(world: World, manager: Client) -> None:
    page = f"/organization/units/{world.main.site_unit.pk}/"
    day = {"day": "2031-07-04", "reason": "Independence Day"}
    assert manager.post(f"{page}closed-days/", day).status_code == 302
    assert manager.post(f"{page}closed-days/", day).status_code == 422
    assert "Independence Day" in _text(manager, page)
    closure = Closure.objects.get()
    assert manager.get(f"/organization/closed-days/{closure.pk}/reopen/").status_code == 405
    assert manager.post(f"/organization/closed-days/{closure.pk}/reopen/").status_code == 302
    assert Closure.objects.count() == 0


def test_people_are_listed_filtered_and_counted(world: World, manager: Client) -> None:
    nurse = staffing.join(given_name="Bea", family_name="Nursling", by=HOUSE, start=START)
    staffing.affiliate(person=nurse, unit=world.main.site_unit, kind=AffiliationKind.EMPLOYED, by=HOUSE, start=START)
    doctor = world.main.clinician.label()
    stranger = world.member_a.clinician.label()
    listed = _text(manager, "/organization/people/")
    assert doctor in listed
    assert "Nursling" in listed
    assert stranger not in listed
    for query, shown in (
        ("kind=staff", "Nursling"), ("kind=physician", doctor), ("specialty=family_medicine", doctor),
        (f"site={world.main.site_unit.pk}", doctor), ("q=Nurs", "Nursling"),
    ):  # fmt: skip
        assert shown in _text(manager, f"/organization/people/?{query}")
    assert doctor not in _text(manager, "/organization/people/?kind=staff")
    assert "Nursling" not in _text(manager, "/organization/people/?specialty=family_medicine")
    assert doctor not in _text(manager, "/organization/people/?expiring=on")


def test_where_somebody_was_under_which_tax_id_on_a_day(world: World, manager: Client) -> None:
    person = world.main.clinician.person
    staffing.affiliate(
        person=person, unit=world.second.site_unit, kind=AffiliationKind.LOCUM, by=HOUSE, start=MOVE,
        end=MOVE + dt.timedelta(days=30),
    )  # fmt: skip
    page = f"/organization/people/{person.pk}/"
    everywhere = _text(manager, page)
    assert world.second.site_unit.name in everywhere
    assert masked(world.main.entity.entity.ein) in everywhere
    assert masked(world.second.entity.entity.ein) not in everywhere, "not an entity of the reader"
    assert world.second.site_unit.name not in _text(manager, f"{page}?on=2025-05-31")
    assert "Nowhere on that day" in _text(manager, f"{page}?on=2019-05-31")


def test_people_join_are_enrolled_licensed_and_leave(world: World, manager: Client) -> None:
    site = str(world.main.site_unit.pk)
    work = {"unit": site, "kind": "employed", "start": "2026-01-01"}
    joined = {"given_name": "Cy", "family_name": "Newman", **work}
    assert (
        manager.post("/organization/people/new/", {**joined, "unit": str(world.second.site_unit.pk)}).status_code == 422
    )
    assert Person.objects.filter(family_name="Newman").count() == 0
    assert manager.post("/organization/people/new/", joined).status_code == 302
    person = Person.objects.get(family_name="Newman")
    page = f"/organization/people/{person.pk}/"
    clinician = {
        "kind": "physician", "npi": "1234567890", "specialty": "cardiology", "taxonomy": "207rc0000x", "home": site,
        "start": "2026-01-01",
    }  # fmt: skip
    wrong = manager.post(f"{page}enrol/", clinician)
    assert wrong.status_code == 422
    assert "not a valid NPI" in wrong.content.decode()
    assert manager.get(f"{page}licence/").status_code == 404
    assert manager.post(f"{page}enrol/", {**clinician, "npi": npi()}).status_code == 302
    assert Clinician.objects.get(person=person).taxonomy == "207RC0000X"
    licence = {"state": "or", "number": "MD1", "start": "2026-01-01", "end": "2026-12-01"}
    assert manager.post(f"{page}licence/", licence).status_code == 302
    assert "MD1" in _text(manager, page)
    assert "Newman" in _text(manager, "/organization/people/?expiring=on")
    affiliation = Affiliation.objects.get(person=person)
    end = f"/organization/affiliations/{affiliation.pk}/end/"
    assert manager.post(end, {"on": "2026-06-01"}).status_code == 302
    assert manager.post(f"{page}affiliate/", {**work, "start": "2026-06-01"}).status_code == 302


def test_units_and_people_are_found_by_the_palette(world: World, manager: Client) -> None:
    def found(query: str) -> str:
        return manager.post("/ui/palette/", {"q": query}).content.decode()

    assert f"/organization/units/{world.main.site_unit.pk}/" in found("Harbor Main")
    assert str(world.member_a.site_unit.pk) not in found("Aspen")
    assert str(world.main.clinician.person_id) in found("Ana")
    assert str(world.main.clinician.person_id) not in _text(manager, "/ui/palette/?q=Ana"), (
        "names stay out of addresses"
    )
