"""`no_overlap` compares keys for equality without an extension: equal keys exclude, any different one does not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medguild.foundation.kernel.ids import new_id
from medguild.foundation.organization.models import CircleMember, SharingCircle
from medguild.foundation.organization.people import BillingIdentity
from tests.factories.world import World, npi

DAY = dt.date(2026, 1, 1)


def _days(start: int, length: int | None) -> DateRange:
    first = DAY + dt.timedelta(days=start)
    return DateRange(first, None if length is None else first + dt.timedelta(days=length))


def _refuses(create: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            create()
    except IntegrityError as error:
        return "circle_one_at_a_time" in str(error)
    return False


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.tuples(st.integers(0, 20), st.none() | st.integers(1, 10)),
    st.tuples(st.integers(0, 20), st.none() | st.integers(1, 10)),
)
def test_two_periods_of_one_key_are_refused_exactly_when_they_share_a_day(
    world: World, one: tuple[int, int | None], other: tuple[int, int | None]
) -> None:
    entity = world.main.entity
    last = {span: span[0] + (span[1] or 1000) for span in (one, other)}
    share_a_day = one[0] < last[other] and other[0] < last[one]
    with transaction.atomic():
        circle = SharingCircle.objects.create(name="c", basis="test")
        CircleMember.objects.create(circle=circle, entity=entity, period=_days(*one))
        refused = _refuses(lambda: CircleMember.objects.create(circle=circle, entity=entity, period=_days(*other)))
        transaction.set_rollback(True)
    assert refused == share_a_day


def _identity(world: World, **fields: Any) -> BillingIdentity:
    given_fields: dict[str, Any] = {
        "entity": world.main.entity, "tin": "123456789", "group_npi": npi(), "taxonomy": "207Q00000X", "name": "x",
        "line1": "1 Main", "city": "Portland", "state": "OR", "postal_code": "972010001", "submitter_id": "S",
        "contact_name": "c", "contact_phone": "5035550100", "period": _days(0, None), **fields,
    }  # fmt: skip
    return BillingIdentity.objects.create(**given_fields)


def test_nulls_and_texts_are_part_of_the_key(world: World) -> None:
    payer = new_id()
    _identity(world)
    _identity(world, payer_id=payer)
    _identity(world, site=world.main.site_unit)
    _identity(world, specialty="cardiology")
    _identity(world, specialty="cardiology", payer_id=payer)
    for fields in ({}, {"payer_id": payer}, {"specialty": "cardiology"}, {"site": world.main.site_unit}):
        with pytest.raises(IntegrityError, match="billing_identity_once_at_a_time"), transaction.atomic():
            _identity(world, **fields)
