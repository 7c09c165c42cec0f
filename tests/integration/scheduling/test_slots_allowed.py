"""The plain list of free times and the search agree: nobody is offered with whom the visit could not be booked."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from medguild.foundation.organization.people import Clinician, Licence
from medguild.operations.scheduling.care.terms import set_visit_type_terms
from medguild.operations.scheduling.kinds.visit_types import record_visit_type
from medguild.operations.scheduling.rules import Mode
from medguild.people.credentialing.services import record_compact_privilege, register_telehealth
from tests.factories.credentials import make_compact, make_privilege, make_privilege_type
from tests.factories.program import Program
from tests.factories.scheduling import Schedule, schedule
from tests.factories.world import HOUSE, START, World
from tests.support_queries import queries_at_most

pytestmark = pytest.mark.django_db
WEEK = dt.timedelta(days=7)
FAR = dt.date(2040, 1, 1)
# The token, and three questions of the calendar.
PLAIN = 4


@pytest.fixture
def plan(world: World) -> Schedule:
    made = schedule(world)
    _ = made.session, made.patient
    return made


def licence_ends(clinician: Clinician, day: dt.date) -> None:
    Licence.objects.filter(clinician=clinician).update(period=DateRange(START, day))


def days(program: Program, plan: Schedule, path: str = "/slots", **more: Any) -> list[tuple[str, str]]:
    """Who is offered on which days of three weeks."""
    asked = {"visit_type": plan.kind.pk, "start": plan.monday, "end": plan.monday + 3 * WEEK} | more
    return [(one["clinician"], one["date"]) for one in program.get(path, **asked).json()["openings"]]


def both(program: Program, plan: Schedule, **more: Any) -> list[tuple[str, str]]:
    """What the two doors say, once they say the same."""
    plain = days(program, plan, **more)
    assert plain == days(program, plan, "/slots/search", **more)
    return plain


def test_a_licence_that_runs_out_ends_the_offers(plan: Schedule, world: World, program: Program) -> None:
    other = world.clinician(plan.site.unit)
    plan.add(other)
    licence_ends(plan.clinician, plan.monday + WEEK + dt.timedelta(days=1))
    mine = [day for who, day in both(program, plan) if who == str(plan.clinician.pk)]
    theirs = [day for who, day in both(program, plan) if who == str(other.pk)]
    assert mine == [str(plan.monday), str(plan.monday + WEEK)]
    assert theirs == [*mine, str(plan.monday + 2 * WEEK)]
    licence_ends(plan.clinician, plan.monday)
    assert both(program, plan, clinician=plan.clinician.pk) == []


def test_a_compact_allows_in_place_of_a_licence(plan: Schedule, program: Program) -> None:
    licence_ends(plan.clinician, plan.monday)
    compact = make_compact("WA", "OR")
    record_compact_privilege(
        clinician=plan.clinician, compact=compact, home_state="WA", number="C1", start=START, end=FAR, by=HOUSE
    )
    assert len(both(program, plan)) == 3


def test_a_registration_for_telehealth_allows_only_remote_kinds(plan: Schedule, program: Program) -> None:
    licence_ends(plan.clinician, plan.monday)
    register_telehealth(clinician=plan.clinician, state="OR", number="T1", start=START, end=FAR, by=HOUSE)
    assert both(program, plan) == []
    video = record_visit_type(
        owner=plan.kind.owner, code="video", name="Video", minutes=20, modes=(Mode.VIDEO,), by=HOUSE
    )
    plan.add(visit_types={video.pk: 20}, start_minute=13 * 60, end_minute=14 * 60)
    assert len(both(program, plan, visit_type=video.pk)) == 3


def test_a_privilege_that_the_kind_asks_for(plan: Schedule, program: Program) -> None:
    needed = make_privilege_type()
    set_visit_type_terms(visit_type=plan.kind, privilege=needed, service_code="", by=HOUSE)
    assert both(program, plan) == []
    make_privilege(plan.clinician, needed, plan.office.entity, end=plan.monday + WEEK)
    assert both(program, plan) == [(str(plan.clinician.pk), str(plan.monday))]


def test_where_nothing_forbids_no_more_is_asked(plan: Schedule, program: Program) -> None:
    """Where a licence ends within the period: the kind of visit, the sites' states, and what allows treating there."""
    days(program, plan)
    with queries_at_most(PLAIN) as asked:
        assert len(days(program, plan)) == 3
    assert len(asked) == PLAIN
    licence_ends(plan.clinician, plan.monday + WEEK)
    with queries_at_most(PLAIN + 3):
        assert len(days(program, plan)) == 1
