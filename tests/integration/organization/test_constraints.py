"""Every named constraint of the room, violated once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from medguild.foundation.organization.models import (
    CircleMember,
    Closure,
    LegalEntity,
    Resource,
    ResourceShare,
    SharingCircle,
    Site,
    Unit,
    UnitPath,
    UnitPlacement,
    UnitRelation,
)
from medguild.foundation.organization.people import Affiliation, BillingIdentity, Clinician, Licence, Person
from tests.factories.world import START, World, ein, npi

OPEN, NOWHEN = DateRange(START, None), DateRange(None, None)
Make = Callable[..., object]


def _of(model: Any, **given: Any) -> Make:
    """A maker of rows that would be right, but for the fields named."""
    return lambda **fields: model.objects.create(**{**given, **fields})


def _unit(w: World) -> Make:
    return _of(Unit, kind="practice", name="P", period=OPEN)


def _placement(w: World) -> Make:
    return _of(
        UnitPlacement, unit=Unit.objects.create(kind="site", name="S", period=OPEN), parent=w.main.practice, period=OPEN
    )


def _path(w: World) -> Make:
    return _of(UnitPath, ancestor=w.main.entity, descendant=w.second.entity, depth=1, period=OPEN)


def _entity(w: World) -> Make:
    new = Unit.objects.create(kind="entity", name="E", period=OPEN)
    return _of(LegalEntity, unit=new, kind="solo", legal_name="E", ein=ein(), state="OR")


def _site(w: World) -> Make:
    new = Unit.objects.create(kind="site", name="S", period=OPEN)
    return _of(Site, unit=new, line1="1", city="P", state="OR", postal_code="97201", time_zone="UTC")


def _relation(w: World) -> Make:
    return _of(UnitRelation, kind="manages", source=w.main.entity, target=w.second.entity, period=OPEN)


def _member(w: World) -> Make:
    circle = SharingCircle.objects.create(name="c", basis="b")
    return _of(CircleMember, circle=circle, entity=w.main.entity, period=OPEN)


def _resource(w: World) -> Make:
    return _of(Resource, kind="room", unit=w.main.site_unit, name="R", period=OPEN)


def _share(w: World) -> Make:
    return _of(ResourceShare, resource=w.main.room, practice=w.main.practice, share=10_000, period=OPEN)


def _person(w: World) -> Make:
    return _of(Person, given_name="A", family_name="B", period=OPEN)


def _clinician(w: World) -> Make:
    person = Person.objects.create(given_name="A", family_name="B", period=OPEN)
    resource = Resource.objects.create(kind="clinician", unit=w.main.site_unit, name="A B", person=person, period=OPEN)
    return _of(
        Clinician, person=person, resource=resource, kind="physician", npi=npi(), specialty="x", taxonomy="207Q00000X"
    )


def _licence(w: World) -> Make:
    return _of(Licence, clinician=w.main.clinician, state="WA", number="1", period=OPEN)


def _affiliation(w: World) -> Make:
    return _of(Affiliation, person=w.main.clinician.person, unit=w.second.site_unit, kind="employed", period=OPEN)


def _billing(w: World) -> Make:
    return _of(
        BillingIdentity, entity=w.main.entity, tin="123456789", group_npi=npi(), taxonomy="207Q00000X", name="x",
        line1="1", city="P", state="OR", postal_code="972010001", submitter_id="S", contact_name="c", contact_phone="5",
        period=OPEN,
    )  # fmt: skip


def _with(maker: Callable[[World], Make], **fields: Any) -> Callable[[World], object]:
    return lambda world: maker(world)(**fields)


def _twice(maker: Callable[[World], Make]) -> Callable[[World], object]:
    def violate(world: World) -> None:
        make = maker(world)
        make()
        make()

    return violate


def _of_itself(maker: Callable[[World], Make], one: str, other: str) -> Callable[[World], object]:
    return lambda world: maker(world)(**{one: world.main.practice, other: world.main.practice})


VIOLATIONS: dict[str, Callable[[World], object]] = {
    "unit_kind_known": _with(_unit, kind="kingdom"),
    "unit_has_name": _with(_unit, name=""),
    "unit_period_whole": _with(_unit, period=NOWHEN),
    "placement_one_parent_at_a_time": _twice(_placement),
    "placement_not_under_itself": _of_itself(_placement, "unit", "parent"),
    "placement_period_whole": _with(_placement, period=NOWHEN),
    "path_once_at_a_time": _twice(_path),
    "entity_kind_known": _with(_entity, kind="empire"),
    "entity_ein_once": lambda w: _entity(w)(ein=w.main.entity.entity.ein),
    "entity_ein_nine_digits": _with(_entity, ein="12-345678"),
    "entity_state_two_letters": _with(_entity, state="or"),
    "site_postal_code_form": _with(_site, postal_code="9720"),
    "site_pos_two_digits": _with(_site, place_of_service="1"),
    "site_state_two_letters": _with(_site, state="O"),
    "site_has_time_zone": _with(_site, time_zone=""),
    "relation_kind_known": _with(_relation, kind="likes"),
    "relation_once_at_a_time": _twice(_relation),
    "relation_not_to_itself": _of_itself(_relation, "source", "target"),
    "relation_share_only_for_owner": _with(_relation, share=1),
    "relation_period_whole": _with(_relation, period=NOWHEN),
    "circle_has_basis": lambda w: SharingCircle.objects.create(name="c", basis=""),
    "circle_one_at_a_time": _twice(_member),
    "circle_member_period_whole": _with(_member, period=NOWHEN),
    "resource_kind_known": _with(_resource, kind="ship"),
    "resource_capacity_positive": _with(_resource, capacity=0),
    "resource_has_name": _with(_resource, name=""),
    "resource_period_whole": _with(_resource, period=NOWHEN),
    "resource_share_once_at_a_time": _twice(_share),
    "resource_share_in_range": _with(_share, share=10_001),
    "resource_share_period_whole": _with(_share, period=NOWHEN),
    "closure_once_per_day": lambda w: [
        Closure.objects.create(unit=w.main.site_unit, day=dt.date(2026, 1, 1), reason="x") for _ in range(2)
    ],
    "person_has_names": _with(_person, given_name=""),
    "person_period_whole": _with(_person, period=NOWHEN),
    "clinician_kind_known": _with(_clinician, kind="wizard"),
    "clinician_npi_once": lambda w: _clinician(w)(npi=w.main.clinician.npi),
    "clinician_npi_ten_digits": _with(_clinician, npi="123"),
    "clinician_taxonomy_form": _with(_clinician, taxonomy="207q"),
    "licence_state_two_letters": _with(_licence, state="wa"),
    "licence_has_number": _with(_licence, number=""),
    "licence_period_whole": _with(_licence, period=NOWHEN),
    "affiliation_kind_known": _with(_affiliation, kind="friend"),
    "affiliation_once_at_a_time": _twice(_affiliation),
    "affiliation_period_whole": _with(_affiliation, period=NOWHEN),
    "billing_identity_once_at_a_time": _twice(_billing),
    "billing_tin_nine_digits": _with(_billing, tin="1"),
    "billing_npi_ten_digits": _with(_billing, group_npi="1"),
    "billing_nine_digit_zip": _with(_billing, postal_code="97201"),
    "billing_has_submitter": _with(_billing, submitter_id=""),
    "billing_period_whole": _with(_billing, period=NOWHEN),
}


@pytest.mark.parametrize("name", VIOLATIONS)
def test_the_database_refuses(world: World, name: str) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        VIOLATIONS[name](world)
