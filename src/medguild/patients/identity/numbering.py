"""Record numbers: a counter row per circle, whose lock also lets one registration of a circle pass at a time."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from medguild.foundation.kernel.ids import new_id
from medguild.patients.identity.rules import mrn

_NEXT = """
    insert into patients_mrncounter (id, circle_id, upcoming) values (%s, %s, %s)
    on conflict (circle_id) do update set upcoming = patients_mrncounter.upcoming + excluded.upcoming - %s
    returning upcoming
"""
_GO_ABOVE = """
    update patients_mrncounter set upcoming = greatest(upcoming, %s) where circle_id = %s
"""


def take_numbers(circle_id: UUID, count: int = 1) -> list[str]:
    """The next record numbers of a circle. Holds the circle's counter until the transaction ends, so that two people
    registering the same person at once see each other; numbers of a rolled-back transaction are used again.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [new_id(), circle_id, mrn.FIRST + count, mrn.FIRST])
        upcoming: int = cursor.fetchone()[0]
    return [mrn.numbered(number) for number in range(upcoming - count, upcoming)]


def pass_numbers(circle_id: UUID, highest: int) -> None:
    """Go on counting above a number that came from elsewhere."""
    with connection.cursor() as cursor:
        cursor.execute(_GO_ABOVE, [highest + 1, circle_id])
