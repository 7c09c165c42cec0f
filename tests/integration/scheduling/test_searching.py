"""The search by wish: language, sex, specialty, network, hours; and the reasons with which times are offered."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.foundation.organization.people import Clinician
from medguild.foundation.organization.rules import ClinicianSex
from medguild.foundation.organization.speaking import describe_clinician
from medguild.operations.scheduling.network.rules import NetworkStanding
from medguild.operations.scheduling.outcomes import mark_arrived, mark_fulfilled
from medguild.operations.scheduling.rules import Mode
from medguild.operations.scheduling.search.rules import Reason, TimeOfDay
from medguild.operations.scheduling.search.searching import Found, Wanted, search_times, usual_clinician
from medguild.patients.coverage.models import Coverage
from medguild.payers.networks.models import NetworkClinician
from medguild.payers.networks.rules import Answer
from medguild.payers.networks.selectors import Place, participation
from medguild.payers.networks.spans import participations_between
from medguild.people.credentialing.rules import CredentialKind, PrivilegeStanding
from medguild.people.credentialing.selectors import may_treat
from medguild.people.credentialing.services import record_compact_privilege, register_telehealth
from medguild.people.credentialing.spans import performs, privilege_spans, treating_spans, treats
from tests.factories.credentials import make_compact, make_privilege, make_privilege_type
from tests.factories.payers import make_network, make_plan
from tests.factories.scheduling import Schedule, schedule, visit_type, wall
from tests.factories.world import HOUSE, START, World

WEEK = dt.timedelta(weeks=1)


@pytest.fixture
def plan(world: World) -> Schedule:
    made = schedule(world)
    made.__dict__["kind"] = visit_type("any_way", 20, modes=(Mode.IN_PERSON, Mode.VIDEO))
    _ = made.session
    return made


def colleague(world: World, plan: Schedule, **session: object) -> Clinician:
    other = world.clinician(plan.site.unit)
    plan.add(clinician=other, **session)
    return other


def find(plan: Schedule, **more: object) -> Found:
    given = {
        "visit_type": plan.kind, "start": plan.monday, "end": plan.monday + 2 * WEEK, "patient": plan.patient,
    } | more  # fmt: skip
    return search_times(actor=HOUSE, wanted=Wanted(**given))  # type: ignore[arg-type]


def who(found: Found) -> set[object]:
    return {one.session.clinician_id for one in found.openings}


def speak(clinician: Clinician, *languages: str, sex: ClinicianSex | None = None) -> None:
    describe_clinician(clinician=clinician, languages=languages, sex=sex, on=START, by=HOUSE)


def test_language_and_sex_narrow_the_search(plan: Schedule, world: World) -> None:
    other = colleague(world, plan)
    speak(other, "es", sex=ClinicianSex.FEMALE)
    speak(plan.clinician, "fr", sex=ClinicianSex.MALE)
    assert who(find(plan)) == {plan.clinician.pk, other.pk}
    assert who(find(plan, language="es")) == {other.pk}
    assert who(find(plan, sex="male")) == {plan.clinician.pk}
    assert who(find(plan, language="es", sex="male")) == set()
    assert who(find(plan, specialty="cardiology")) == set()


def test_a_language_that_ended_is_not_found(plan: Schedule) -> None:
    speak(plan.clinician, "es")
    describe_clinician(clinician=plan.clinician, languages=[], on=plan.monday, by=HOUSE)
    assert who(find(plan, language="es")) == set()


def test_hours_and_weekdays(plan: Schedule) -> None:
    plan.add(weekday=1, start_minute=17 * 60, end_minute=19 * 60)
    evening = find(plan, times=TimeOfDay.EVENING)
    assert {one.day.weekday() for one in evening.openings} == {1}
    assert {one.day.weekday() for one in find(plan, weekdays=[0]).openings} == {0}


def test_reasons_of_the_best_times(plan: Schedule, world: World) -> None:
    other = colleague(world, plan)
    speak(other, "es")
    plan.patient.language = "es"
    plan.patient.home_unit = plan.site.unit
    plan.patient.save()
    best = find(plan).suggestions
    assert best[0].opening.session.clinician_id == other.pk
    assert {Reason.EARLIEST, Reason.SPEAKS, Reason.USUAL_SITE} <= set(best[0].reasons)


def test_their_own_clinician_is_whom_they_have_seen_most(plan: Schedule, world: World) -> None:
    other = colleague(world, plan)
    assert usual_clinician(plan.patient) is None
    seen = plan.book(clinician=other)
    mark_arrived(appointment=seen, by=HOUSE)
    seen.refresh_from_db()
    mark_fulfilled(appointment=seen, by=HOUSE)
    assert usual_clinician(plan.patient) == other.pk
    assert Reason.OWN_CLINICIAN in find(plan).suggestions[0].reasons


def test_only_in_network_of_the_patients_plan(plan: Schedule, world: World) -> None:
    other = colleague(world, plan)
    held = make_plan()
    make_network(held, entity=plan.office.entity, clinician=other)
    Coverage.objects.create(
        patient=plan.patient, payer=held.payer, plan=held, rank="primary", member_id="M", relation="self",
        period=DateRange(START, None),
    )  # fmt: skip
    found = find(plan)
    standings = {one.session.clinician_id: found.standing(one) for one in found.openings}
    assert standings == {plan.clinician.pk: NetworkStanding.UNKNOWN, other.pk: NetworkStanding.IN}
    assert who(find(plan, in_network=True)) == {other.pk}
    row = NetworkClinician.objects.get(clinician=other)
    row.period = DateRange(START, plan.monday + WEEK)
    row.save()
    assert {one.day for one in find(plan, in_network=True).openings} == {plan.monday}


def test_a_referral_finds_the_specialists_times_in_one_step(plan: Schedule, world: World) -> None:
    heart = world.second
    plan.add(clinician=heart.clinician)
    client = Client()
    client.force_login(world.user(Role.SCHEDULER))
    page = client.get(
        reverse("scheduling:find"),
        {"specialty": "cardiology", "patient": plan.patient.pk, "start": plan.monday},
    ).content.decode()
    assert f'name="clinician" value="{heart.clinician.pk}"' in page
    assert f'name="clinician" value="{plan.clinician.pk}"' not in page


def test_more_clinicians_cost_no_more_queries(plan: Schedule, world: World) -> None:
    find(plan)
    with CaptureQueriesContext(connection) as few:
        find(plan)
    for _ in range(4):
        colleague(world, plan)
    with CaptureQueriesContext(connection) as many:
        find(plan)
    assert len(many) == len(few) <= 15


# --- the spans by which lists are sifted agree with the rules that judge one visit ------------------------------------


def test_spans_agree_with_the_verdict_on_every_day(plan: Schedule) -> None:
    clinician, monday = plan.clinician, plan.monday
    compact = make_compact("OR", "ID")
    record_compact_privilege(
        clinician=clinician, compact=compact, home_state="OR", number="C", start=monday + WEEK, by=HOUSE
    )
    register_telehealth(clinician=clinician, state="WA", number="T", start=monday, end=monday + WEEK, by=HOUSE)
    states = ("OR", "ID", "WA", "CA")
    spans = treating_spans([clinician.pk], states, start=monday - WEEK, end=monday + 4 * WEEK)
    for add in range(-7, 28):
        day = monday + dt.timedelta(days=add)
        for state in states:
            for remote in (True, False):
                quick = treats(spans.get((clinician.pk, state), ()), day, remote=remote)
                assert quick == bool(may_treat(clinician.pk, state, day, remote=remote)), (day, state, remote)
    assert {one.kind for one in spans[clinician.pk, "ID"]} == {CredentialKind.COMPACT}


def test_a_suspended_privilege_allows_nothing(plan: Schedule) -> None:
    needed = make_privilege_type()
    held = make_privilege(plan.clinician, needed, plan.office.entity)
    given = ([plan.clinician.pk], needed.pk, [plan.site.unit_id])
    key = (plan.clinician.pk, plan.site.unit_id)
    period = {"start": plan.monday, "end": plan.monday + WEEK}
    assert performs(privilege_spans(*given, **period)[key], plan.monday)
    held.standing = PrivilegeStanding.SUSPENDED
    held.save()
    assert not performs(privilege_spans(*given, **period)[key], plan.monday)


def test_participation_over_a_period_agrees_with_each_day(plan: Schedule) -> None:
    held = make_plan()
    make_network(held, entity=plan.office.entity, clinician=plan.clinician)
    row = NetworkClinician.objects.get()
    row.period = DateRange(plan.monday, plan.monday + WEEK)
    row.save()
    place = Place(plan.office.entity.pk, plan.site.unit_id, plan.clinician.pk)
    start, end = plan.monday - WEEK, plan.monday + 2 * WEEK
    answers = participations_between(plan=held, places=[place], start=start, end=end)
    days = [start + dt.timedelta(days=add) for add in range((end - start).days)]
    assert [answers.on(place, day) for day in days] == [
        participation(plan=held, place=place, on=day).answer for day in days
    ]
    assert {answers.on(place, day) for day in days} == {Answer.IN, Answer.OUT}


def test_evening_times_on_the_page(plan: Schedule, world: World) -> None:
    plan.add(weekday=1, start_minute=17 * 60, end_minute=18 * 60)
    client = Client()
    client.force_login(world.user(Role.SCHEDULER))
    page = client.get(
        reverse("scheduling:find"),
        {"visit_type": plan.kind.pk, "start": plan.monday, "times": "evening", "patient": plan.patient.pk},
    ).content.decode()
    tuesday = plan.monday + dt.timedelta(days=1)
    assert wall(tuesday, 17).isoformat() in page
    assert wall(plan.monday, 9).isoformat() not in page
    assert "Best times" in page
    assert "Before or after usual work" in page
