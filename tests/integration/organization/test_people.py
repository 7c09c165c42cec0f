from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization import endings, services, staffing
from medguild.foundation.organization.models import Closure, ResourceShare, UnitRelation
from medguild.foundation.organization.people import Affiliation, BillingIdentity
from medguild.foundation.organization.rules import (
    AffiliationKind,
    ClinicianKind,
    EntityKind,
    RelationKind,
    ResourceKind,
    UnitKind,
)
from medguild.foundation.organization.selectors import (
    billing_identity,
    billing_state,
    clinicians_at,
    is_a_group,
    may_practise,
    resources_at,
    sites_visible,
    units_visible,
)
from tests.factories.world import HOUSE, START, World, ein, npi

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
ON = dt.date(2025, 6, 1)


def _identity(world: World, **fields: Any) -> BillingIdentity:
    given: dict[str, Any] = {
        "entity": world.main.entity, "start": START, "tin": "12-3456789", "group_npi": npi(), "taxonomy": "207Q00000X",
        "name": "Harbor", "line1": "1 Main", "city": "Portland", "state": "OR", "postal_code": "972010001",
        "submitter_id": "S1", "contact_name": "Office", "contact_phone": "5035550100",
    }  # fmt: skip
    return staffing.set_billing_identity(**{**given, **fields}, by=HOUSE)


def test_a_group_has_two_active_licensed_professionals(world: World) -> None:
    alone = is_a_group(world.main.entity, on=ON)
    assert (alone.ok, alone.code) == (False, "too_few_professionals")
    second = world.clinician(world.main.site_unit)
    assert is_a_group(world.main.entity, on=ON)
    assert not is_a_group(world.main.entity, on=dt.date(2040, 1, 1))
    affiliation = Affiliation.objects.get(person=second.person)
    endings.end_affiliation(affiliation=affiliation, on=ON, by=HOUSE)
    assert not is_a_group(world.main.entity, on=ON)
    assert is_a_group(world.main.entity, on=ON - DAY)


def test_who_worked_where_under_which_entity_on_that_day(world: World) -> None:
    person = world.main.clinician.person
    staffing.affiliate(
        person=person, unit=world.second.site_unit, kind=AffiliationKind.LOCUM, start=ON, end=ON + 10 * DAY, by=HOUSE
    )
    at_second = [clinicians_at([world.second.site_unit.pk], on=ON + n * DAY) for n in (-1, 0, 9, 10)]
    assert [world.main.clinician in found for found in at_second] == [False, True, True, False]
    assert world.main.clinician in clinicians_at([world.main.site_unit.pk], on=ON)
    with pytest.raises(Refusal, match="already works there"):
        staffing.affiliate(
            person=person, unit=world.second.site_unit, kind=AffiliationKind.LOCUM, start=ON + DAY, by=HOUSE
        )


def test_licences_are_asked_by_state_and_day(world: World) -> None:
    clinician = world.main.clinician
    assert may_practise(clinician, "OR", ON)
    assert may_practise(clinician, "OR", dt.date(2040, 1, 1)).code == "licence_expired"
    assert may_practise(clinician, "WA", ON).code == "no_licence"
    with pytest.raises(Refusal, match="end after"):
        staffing.record_licence(clinician=clinician, state="WA", number="1", start=ON, end=ON, by=HOUSE)


@pytest.mark.parametrize(("number", "code"), [("1234567890", "npi_invalid"), ("taken", "npi_taken")])
def test_clinicians_have_a_right_npi_of_their_own(world: World, number: str, code: str) -> None:
    person = staffing.join(given_name="Bo", family_name="Li", by=HOUSE, start=START)
    with pytest.raises(Refusal) as refused:
        staffing.enrol_clinician(
            person=person, kind=ClinicianKind.PHYSICIAN, npi=world.main.clinician.npi if number == "taken" else number,
            specialty="x", taxonomy="207Q00000X", home=world.main.site_unit, by=HOUSE, start=START,
        )  # fmt: skip
    assert (refused.value.code, refused.value.field) == (code, "npi")


def test_the_nearest_billing_identity_wins(world: World) -> None:
    payer = uuid4()
    general = _identity(world)
    heart = _identity(world, specialty="cardiology")
    at_site = _identity(world, site=world.main.site_unit)
    for_payer = _identity(world, payer_id=payer)

    def found(payer_id: Any = None, specialty: str = "x", site: Any = None, on: dt.date = ON) -> BillingIdentity | None:
        site_id = site or world.second.site_unit.pk
        return billing_identity(
            entity_id=world.main.entity.pk, site_id=site_id, payer_id=payer_id, specialty=specialty, on=on
        )

    assert found() == general
    assert found(specialty="cardiology") == heart
    assert found(specialty="cardiology", site=world.main.site_unit.pk) == at_site
    assert found(payer_id=payer, site=world.main.site_unit.pk) == for_payer
    assert found(on=START - DAY) is None
    endings.end_billing_identity(identity=general, on=ON, by=HOUSE)
    assert found() is None
    assert found(on=ON - DAY) == general
    assert general.tin == "123456789"


def test_billing_numbers_that_are_refused(world: World) -> None:
    _identity(world)
    for fields, code in (
        ({"group_npi": "1"}, "npi_invalid"), ({"tin": "1"}, "tin_invalid"), ({}, "billing_overlaps")
    ):  # fmt: skip
        with pytest.raises(Refusal) as refused:
            _identity(world, **fields)
        assert refused.value.code == code


def test_whether_a_site_can_bill(world: World) -> None:
    known = {"entity_id": world.main.entity.pk, "site_id": world.main.site_unit.pk, "on": ON}
    assert billing_state(**known).ok is None  # type: ignore[arg-type]
    _identity(world)
    assert billing_state(**known)  # type: ignore[arg-type]


def test_legal_data_and_addresses_are_given_once_to_the_right_kind(world: World) -> None:
    new = services.open_unit(kind=UnitKind.ENTITY, name="New", parent=world.enterprise, by=HOUSE, start=START)
    legal: dict[str, Any] = {"kind": EntityKind.SOLO, "legal_name": "New PC", "state": "or", "by": HOUSE}
    assert services.incorporate(unit=new, ein=ein(), **legal).state == "OR"
    for unit, number, words in (
        (new, ein(), "recorded already"), (world.main.site_unit, ein(), "Only an entity"),
        (world.second.entity, "07-0000000", "not a valid EIN"),
        (world.second.entity, world.main.entity.entity.ein, "Another"),
    ):  # fmt: skip
        with pytest.raises(Refusal, match=words):
            services.incorporate(unit=unit, ein=number, **legal)
    place: dict[str, Any] = {
        "line1": "1 A", "city": "P", "state": "OR", "postal_code": "97201", "time_zone": "America/Los_Angeles",
        "by": HOUSE,
    }  # fmt: skip
    for unit, words in ((world.main.site_unit, "recorded already"), (world.main.entity, "Only a site")):
        with pytest.raises(Refusal, match=words):
            services.furnish_site(unit=unit, **place)


def test_relations_are_dated_and_ownership_has_a_share(world: World) -> None:
    source, target = world.main.entity, world.second.entity
    known: dict[str, Any] = {"source": source, "target": target, "by": HOUSE, "start": START}
    owns = services.relate_units(kind=RelationKind.OWNS, share=5100, **known)
    services.relate_units(kind=RelationKind.MANAGES, **known)
    for kind, fields, words in (
        (RelationKind.OWNS, {"share": 5100}, "recorded already"), (RelationKind.OWNS, {}, "share that is owned"),
        (RelationKind.OWNS, {"share": 10_001}, "share"),
        (RelationKind.DELEGATES_TO, {"share": 1}, "only for ownership"),
        (RelationKind.DELEGATES_TO, {"target": source}, "to itself"),
        (RelationKind.DELEGATES_TO, {"end": START}, "end after"),
    ):  # fmt: skip
        with pytest.raises(Refusal, match=words):
            services.relate_units(kind=kind, **{**known, **fields})
    endings.end_relation(relation=owns, on=ON, by=HOUSE)
    services.relate_units(kind=RelationKind.OWNS, share=10_000, **{**known, "start": ON})
    with pytest.raises(Refusal, match="ended by that day"):
        endings.end_relation(relation=owns, on=ON, by=HOUSE)
    planned = services.relate_units(kind=RelationKind.DELEGATES_TO, **{**known, "start": ON})
    endings.end_relation(relation=planned, on=START, by=HOUSE)
    assert not UnitRelation.objects.filter(pk=planned.pk).exists()


def test_an_entity_is_in_one_circle_at_a_time(world: World) -> None:
    _ = world.circle
    with pytest.raises(Refusal, match="in another circle"):
        services.form_circle(name="x", basis="treatment", entities=[world.main.entity], by=HOUSE, start=START)
    with pytest.raises(Refusal, match="what basis"):
        services.form_circle(name="x", basis=" ", entities=[], by=HOUSE, start=START)


def test_a_shared_room_has_its_cost_split_whole(world: World) -> None:
    room, one, two = world.main.room, world.main.practice.pk, world.second.practice.pk
    for shares in ({one: 5000}, {one: 10_000, two: 0}, {one: 6000, two: 5000}):
        with pytest.raises(Refusal, match="100 %"):
            services.share_resource(resource=room, shares=shares, by=HOUSE, start=START)
    services.share_resource(resource=room, shares={one: 6000, two: 4000}, by=HOUSE, start=START)
    with pytest.raises(Refusal, match="Another split"):
        services.share_resource(resource=room, shares={one: 10_000}, by=HOUSE, start=ON)
    endings.end_split(resource=room, on=ON, by=HOUSE)
    with pytest.raises(Refusal, match="No split"):
        endings.end_split(resource=room, on=ON, by=HOUSE)
    services.share_resource(resource=room, shares={one: 10_000}, by=HOUSE, start=ON)
    endings.retire_resource(resource=room, on=ON + DAY, by=HOUSE)
    shares = ResourceShare.objects.unscoped("test").filter(resource=room)
    assert {share.period.upper for share in shares} == {ON, ON + DAY}
    assert room not in resources_at(HOUSE, world.main.site_unit.pk, on=ON + DAY)
    with pytest.raises(Refusal, match="after it was added"):
        endings.retire_resource(resource=room, on=START, by=HOUSE)


def test_rooms_need_a_name(world: World) -> None:
    with pytest.raises(Refusal, match="name"):
        services.add_resource(kind=ResourceKind.ROOM, unit=world.main.site_unit, name=" ", by=HOUSE, start=START)


def test_closed_days(world: World) -> None:
    site = world.main.site_unit
    closure = endings.close_day(unit=site, day=ON, reason="Snow", by=HOUSE)
    for reason, words in (("Snow", "closed already"), (" ", "Say why")):
        with pytest.raises(Refusal, match=words):
            endings.close_day(unit=site, day=ON, reason=reason, by=HOUSE)
    endings.reopen_day(closure=closure, by=HOUSE)
    assert Closure.objects.count() == 0


def test_what_an_actor_sees_of_the_group(world: World) -> None:
    actor = world.actor(Role.PRACTICE_MANAGER)
    assert set(sites_visible(actor, "organization.read")) == {world.main.site}
    sites = units_visible(actor, "organization.read", kind=UnitKind.SITE)
    assert list(sites) == [world.main.site_unit]
    assert world.member_a.site in sites_visible(HOUSE, "organization.read")
    assert units_visible(HOUSE, "organization.read").count() > 3
