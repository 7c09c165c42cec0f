"""Pages of the organization."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from medguild.foundation.access.rules import Role
from medguild.foundation.organization import endings, equipping, services, staffing
from medguild.foundation.organization.people import Affiliation
from medguild.foundation.organization.rules import RelationKind, ResourceKind
from tests.factories.world import HOUSE, START, World, npi
from tests.url_tables import Row

Given = Callable[[World], Mapping[str, Any]]


def _unit(world: World) -> Mapping[str, Any]:
    return {"unit_id": world.main.entity.pk}


def _site(world: World) -> Mapping[str, Any]:
    return {"unit_id": world.main.site_unit.pk}


def _room(world: World) -> Mapping[str, Any]:
    return {"resource_id": world.main.room.pk}


def _person(world: World) -> Mapping[str, Any]:
    return {"person_id": world.main.clinician.person_id}


def _relation(world: World) -> Mapping[str, Any]:
    if "relation" not in world.kept:
        world.kept["relation"] = services.relate_units(
            kind=RelationKind.MANAGES, source=world.main.entity, target=world.second.entity, by=HOUSE, start=START
        )
    return {"relation_id": world.kept["relation"].pk}


def _closure(world: World) -> Mapping[str, Any]:
    if "closure" not in world.kept:
        day = dt.date(2031, 1, 1)
        world.kept["closure"] = endings.close_day(unit=world.main.site_unit, day=day, reason="New Year", by=HOUSE)
    return {"closure_id": world.kept["closure"].pk}


def _identity(world: World) -> Mapping[str, Any]:
    if "identity" not in world.kept:
        world.kept["identity"] = staffing.set_billing_identity(
            entity=world.main.entity, by=HOUSE, start=START, tin="12-3456789", group_npi=npi(), taxonomy="207Q00000X",
            name="Harbor Billing", line1="1 Main", city="Portland", state="OR", postal_code="972010001",
            submitter_id="S", contact_name="Office", contact_phone="5035550100",
        )  # fmt: skip
    return {"identity_id": world.kept["identity"].pk}


def _affiliation(world: World) -> Mapping[str, Any]:
    return {"affiliation_id": Affiliation.objects.get(person=world.main.clinician.person).pk}


def _held(world: World) -> Mapping[str, Any]:
    if "held" not in world.kept:
        kind = equipping.add_capability(kind=ResourceKind.ROOM, code="exam", name="Exam room", by=HOUSE)
        world.kept["held"] = equipping.equip(resource=world.main.room, capability=kind, by=HOUSE, start=START)
    return {"held_id": world.kept["held"].pk}


def _manage(kwargs: Given, **more: Any) -> Row:
    return Row(Role.PRACTICE_MANAGER, wrong=Role.NURSE, kwargs=kwargs, **more)


def _own_clinician(world: World) -> str:
    return world.main.clinician.label()


URLS = {
    "organization:tree": Row(Role.NURSE, other="own", shows=lambda world: world.main.site_unit.name),
    "organization:unit": Row(Role.NURSE, kwargs=_unit),
    "organization:new_unit": _manage(_unit),
    "organization:move": _manage(lambda world: {"unit_id": world.main.practice.pk}),
    "organization:close": _manage(_site),
    "organization:legal": _manage(_unit),
    "organization:address": _manage(_site),
    "organization:relate": _manage(_unit),
    "organization:new_thing": _manage(_site),
    "organization:close_day": _manage(_site),
    "organization:new_identity": Row(Role.BILLER, wrong=Role.PRACTICE_MANAGER, kwargs=_unit),
    "organization:end_relation": _manage(_relation),
    "organization:circles": Row(Role.NURSE, other="own", shows=lambda world: world.circle.name),
    "organization:join_circle": Row(
        Role.PRACTICE_MANAGER, wrong=Role.NURSE, kwargs=lambda world: {"circle_id": world.circle.pk}
    ),
    "organization:leave_circle": Row(
        Role.PRACTICE_MANAGER,
        wrong=Role.NURSE,
        kwargs=lambda world: {"member_id": world.circle.members.get(entity=world.main.entity).pk},
    ),
    "organization:new_circle": Row(
        Role.PRACTICE_MANAGER, wrong=Role.NURSE, other="own", shows=lambda world: str(world.main.entity.pk)
    ),
    "organization:share": _manage(_room),
    "organization:capabilities": Row(Role.NURSE, other="own"),
    "organization:new_capability": Row(Role.PRACTICE_MANAGER, wrong=Role.NURSE, other="own"),
    "organization:equip": _manage(_room),
    "organization:unequip": _manage(_held),
    "organization:bookable": _manage(_person),
    "organization:end_split": _manage(_room),
    "organization:retire": _manage(_room),
    "organization:reopen_day": _manage(_closure, method="post"),
    "organization:end_identity": Row(Role.BILLER, wrong=Role.PRACTICE_MANAGER, kwargs=_identity),
    "organization:people": Row(Role.NURSE, other="own", shows=_own_clinician),
    "organization:new_person": Row(
        Role.PRACTICE_MANAGER, wrong=Role.NURSE, other="own", shows=lambda world: str(world.main.site_unit.pk)
    ),
    "organization:person": Row(Role.NURSE, kwargs=_person),
    "organization:affiliate": _manage(_person),
    "organization:enrol": _manage(_person),
    "organization:licence": _manage(_person),
    "organization:speaking": _manage(_person),
    "organization:end_affiliation": _manage(_affiliation),
}
