"""Hot selectors: the search for patients and the read of one, each one SQL statement where that is enough.

Tuples of the driver become dictionaries; no model is built. Prefixes are half-open ranges over columns with the C
collation, so that every condition is an index range whatever the plan.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from medguild.foundation.kernel import clock
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.kernel.sql import planned_cursor
from medguild.foundation.organization.models import SharingCircle
from medguild.patients.identity.permissions import PatientsRight
from medguild.patients.identity.rules.query import By, Reading, sounds, understand

LIMIT = 15
_LAST = "\U0010ffff"  # sorts after every letter
Row = dict[str, Any]

LIST_KEYS = (
    "id", "mrn", "family_name", "given_name", "middle_name", "suffix", "preferred_name", "birth_date", "sex",
    "phone", "language", "interpreter_needed", "deceased_on", "home_unit_id", "survivor_id",
)  # fmt: skip
DETAIL_KEYS = (
    *LIST_KEYS, "circle_id", "previous_names", "gender_identity", "other_phone", "email", "line1", "line2", "city",
    "state", "postal_code", "revision", "registered_at",
)  # fmt: skip
_LIST = ", ".join(LIST_KEYS)
_ONE = f"select {', '.join(DETAIL_KEYS)} from patients_patient where id = %s"


@dataclass(frozen=True, slots=True)
class Found:
    """Rows with LIST_KEYS, at most `limit`; `more` when there are others; `alike` when only the sound matched."""

    rows: list[Row] = field(default_factory=list)
    more: bool = False
    alike: bool = False


def patient_row(actor: Actor, patient_id: UUID) -> Row:
    """One patient with DETAIL_KEYS. Raises NotVisible, the same for what is missing and what is forbidden."""
    scope = actor.scope(PatientsRight.READ)
    sql, params = _ONE, [patient_id]
    if not scope.everything:
        sql += " and (circle_id = any(%s) or id = any(%s))"
        params += [list(scope.circles), list(scope.patients)]  # type: ignore[list-item]
    with planned_cursor() as cursor:
        cursor.execute(sql, params)
        found = cursor.fetchone()
    if found is None:
        raise NotVisible
    return dict(zip(DETAIL_KEYS, found, strict=True))


def search(actor: Actor, text: str, *, limit: int = LIMIT, today: dt.date | None = None) -> Found:
    """Patients whom the query may mean, the likeliest first, inside the actor's circles only.

    The first meaning is asked alone, because it usually fills the list; the others go together in one statement.
    """
    places = _places(actor)
    readings = understand(text, today=today or clock.today())
    if not readings or not places:
        return Found()
    rows = _ask(readings[:1], places, limit + 1)
    if len(rows) <= limit and len(readings) > 1:
        rows = _once(rows + _ask(readings[1:], places, limit + 1))
    alike = not rows
    if alike:
        rows = _ask(sounds(text), places, limit + 1)
    return Found(rows[:limit], more=len(rows) > limit, alike=alike and bool(rows))


# A place to look in: a condition with one parameter.
_Place = tuple[str, Any]


def _places(actor: Actor) -> list[_Place]:
    """The actor's circles, one by one so that each is an index range, and single records lent to the actor."""
    scope = actor.scope(PatientsRight.READ)
    circles = SharingCircle.objects.values_list("pk", flat=True) if scope.everything else scope.circles
    places: list[_Place] = [("circle_id = %s", circle_id) for circle_id in sorted(circles)]
    if scope.patients:
        places.append(("id = any(%s)", list(scope.patients)))
    return places


def _ask(readings: Sequence[Reading], places: Sequence[_Place], limit: int) -> list[Row]:
    """Rows of several readings, in their order; PostgreSQL stops as soon as the list is full."""
    if not readings:
        return []
    branches, params = [], []
    for reading in readings:
        branch, values = _branch(reading, places, limit)
        branches.append(branch)
        params += values
    sql = branches[0] if len(branches) == 1 else f"{' union all '.join(f'({b})' for b in branches)} limit {limit}"
    with planned_cursor() as cursor:
        cursor.execute(sql, params)
        found = cursor.fetchall()
    return _once([dict(zip(LIST_KEYS, row, strict=True)) for row in found])


def _branch(reading: Reading, places: Sequence[_Place], limit: int) -> tuple[str, list[Any]]:
    """One reading as SQL; several places are merged, each in its own order, so that none is read to its end."""
    conditions, order = _meaning(reading)
    condition = " and ".join(sql for sql, _ in conditions)
    values = [value for _, given in conditions for value in given]
    params = [value for _, place_value in places for value in (place_value, *values)]
    by = ", ".join(order)
    if len(places) == 1:
        where = f"{places[0][0]} and {condition}"
        return f"select {_LIST} from patients_patient where {where} order by {by} limit {limit}", params
    keys = ", ".join(f"{column} as key{place}" for place, column in enumerate(order))
    names = ", ".join(f"key{place}" for place in range(len(order)))
    parts = [
        f"(select {_LIST}, {keys} from patients_patient where {place} and {condition} order by {by} limit {limit})"
        for place, _ in places
    ]
    return f"select {_LIST} from ({' union all '.join(parts)}) found order by {names} limit {limit}", params


_Condition = tuple[str, tuple[Any, ...]]
_BY_FAMILY, _BY_GIVEN = ("family_key", "given_key"), ("given_key", "family_key")


def _meaning(reading: Reading) -> tuple[list[_Condition], tuple[str, ...]]:
    """Conditions and order of a reading. The order is always that of the index which serves the condition: with another
    one, PostgreSQL may walk the whole name index in the hope of filling the list early.
    """
    names = list(_names(reading))
    match reading.by:
        case By.NAME:
            return names, _BY_FAMILY if reading.family else _BY_GIVEN
        case By.BIRTH_DATE:
            return [("birth_date = %s", (reading.born,)), *names], _BY_FAMILY
        case By.PREVIOUS_NAME:
            return [("previous_keys <> '{}' and previous_keys @> array[%s]", (reading.family,))], ("previous_keys",)
        case By.MRN:
            return [_prefix("mrn", reading.value)], ("mrn",)
        case By.PHONE_START:
            return [("phone_digits <> ''", ()), _prefix("phone_digits", reading.value)], ("phone_digits",)
        case By.OTHER_PHONE_START:
            filled: _Condition = ("other_phone_digits <> ''", ())
            return [filled, _prefix("other_phone_digits", reading.value)], ("other_phone_digits",)
        case By.PHONE_END:
            backwards = "reverse(phone_digits)"
            return [("phone_digits <> ''", ()), _prefix(backwards, reading.value[::-1])], (backwards,)
        case By.SOUND:
            return [_prefix("phonetic_key", reading.value)], ("phonetic_key",)


def _names(reading: Reading) -> Iterator[_Condition]:
    if reading.family:
        yield _prefix("family_key", reading.family)
    if reading.given:
        yield _prefix("given_key", reading.given)


def _prefix(column: str, start: str) -> _Condition:
    return f"({column} >= %s and {column} < %s)", (start, start + _LAST)


def _once(rows: list[Row]) -> list[Row]:
    """Each patient once, at its first place."""
    return list({row["id"]: row for row in rows}.values())
