"""Programs read what patients said of their visits, within their sites."""

from __future__ import annotations

import datetime as dt

import pytest

from medguild.experience.feedback.rating import rate_visit
from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.clock import local_date
from tests.factories.program import Program
from tests.factories.scheduling import schedule
from tests.factories.world import HOUSE, World
from tests.integration.feedback.test_ratings import kept

pytestmark = pytest.mark.django_db


def test_ratings_are_listed_by_place_person_and_day_and_the_reading_is_kept(world: World) -> None:
    plan = schedule(world)
    newer, older = kept(plan, 3), kept(plan, 9)
    for visit, score in ((newer, 9), (older, 4)):
        rate_visit(visit=visit, score=score, by=HOUSE)
    program = Program(Role.PRACTICE_MANAGER, world.main.entity)
    listed = program.get("/ratings", site=plan.site.unit_id).json()
    assert [one["score"] for one in listed["ratings"]] == [9, 4]
    assert listed["ratings"][0]["appointment"] == str(newer.pk)
    day = local_date(newer.start, plan.site.time_zone)
    assert listed["ratings"][0]["date"] == day.isoformat()
    assert [one["score"] for one in program.get("/ratings", start=day).json()["ratings"]] == [9]
    assert [one["score"] for one in program.get("/ratings", end=day).json()["ratings"]] == [4]
    assert program.get("/ratings", patient=older.patient_id).json()["count"] == 1
    page = program.get("/ratings", limit=1, offset=1).json()
    assert (page["count"], [one["score"] for one in page["ratings"]]) == (2, [4])
    reads = Event.objects.unscoped("test").filter(type="record.read", patient_ids__contains=[newer.patient_id])
    assert reads.exists()


def test_ratings_keep_their_walls(world: World) -> None:
    rate_visit(visit=kept(schedule(world)), score=9, by=HOUSE)
    stranger = Program(Role.PRACTICE_MANAGER, world.member_a.entity)
    assert stranger.get("/ratings").json() == {"count": 0, "ratings": []}
    assert Program(Role.FRONT_DESK, world.main.entity).get("/ratings").status_code == 403
    manager = Program(Role.PRACTICE_MANAGER, world.main.entity)
    assert manager.get("/ratings", start=dt.date(2020, 1, 1), end="no day").status_code == 422
