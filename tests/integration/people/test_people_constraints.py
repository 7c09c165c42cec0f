"""Every constraint of the people wing, violated once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from medguild.people.credentialing.models import (
    Compact,
    CompactPrivilege,
    CompactState,
    Privilege,
    PrivilegeType,
    TelehealthRegistration,
)
from tests.factories.credentials import make_compact, make_privilege_type
from tests.factories.world import START, World

FOREVER = DateRange(START, None)
NEVER = DateRange(START, START)
LATER = DateRange(dt.date(2025, 1, 1), None)


def compact(**given: Any) -> Callable[[World], Any]:
    values = {"code": "c", "name": "C", "clinician_kinds": ["physician"]} | given
    return lambda world: Compact.objects.create(**values)


def state(*rows: dict[str, Any]) -> Callable[[World], Any]:
    def make(world: World) -> None:
        held = make_compact()
        for row in rows:
            CompactState.objects.create(compact=held, **({"state": "OR", "period": FOREVER} | row))

    return make


def privileged(*rows: dict[str, Any]) -> Callable[[World], Any]:
    def make(world: World) -> None:
        held = make_compact("OR")
        for row in rows:
            values = {"home_state": "OR", "state": "", "number": "1", "period": FOREVER} | row
            CompactPrivilege.objects.create(clinician=world.main.clinician, compact=held, **values)

    return make


def registered(*rows: dict[str, Any]) -> Callable[[World], Any]:
    def make(world: World) -> None:
        for row in rows:
            values = {"state": "OR", "number": "1", "period": FOREVER} | row
            TelehealthRegistration.objects.create(clinician=world.main.clinician, **values)

    return make


def granted(*rows: dict[str, Any]) -> Callable[[World], Any]:
    def make(world: World) -> None:
        office, kind = world.main, make_privilege_type()
        for row in rows:
            values = {"standing": "full", "period": FOREVER} | row
            Privilege.objects.create(clinician=office.clinician, type=kind, unit=office.site_unit, **values)

    return make


def same_type(world: World) -> None:
    PrivilegeType.objects.create(code=make_privilege_type().code, name="Again")


def same_compact(world: World) -> None:
    compact(code=make_compact().code)(world)


@pytest.mark.parametrize(
    ("name", "violate"),
    [
        ("compact_code_once", same_compact),
        ("compact_named", compact(name="")),
        ("compact_kinds_known", compact(clinician_kinds=["pilot"])),
        ("compact_state_two_letters", state({"state": "or"})),
        ("compact_state_once_at_a_time", state({}, {"period": LATER})),
        ("compact_state_period_whole", state({"period": NEVER})),
        ("compact_privilege_states", privileged({"home_state": "or"})),
        ("compact_privilege_has_number", privileged({"number": ""})),
        ("compact_privilege_once_at_a_time", privileged({}, {"period": LATER})),
        ("compact_privilege_period_whole", privileged({"period": NEVER})),
        ("telehealth_state_two_letters", registered({"state": "or"})),
        ("telehealth_has_number", registered({"number": ""})),
        ("telehealth_once_at_a_time", registered({}, {"period": LATER})),
        ("telehealth_period_whole", registered({"period": NEVER})),
        ("privilege_type_code_once", same_type),
        ("privilege_type_named", lambda world: PrivilegeType.objects.create(code="x", name="")),
        ("privilege_standing_known", granted({"standing": "perhaps"})),
        ("privilege_once_at_a_time", granted({}, {"period": LATER})),
        ("privilege_period_whole", granted({"period": NEVER})),
    ],
)
@pytest.mark.django_db
def test_refused_by_the_database(world: World, name: str, violate: Callable[[World], Any]) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        violate(world)
