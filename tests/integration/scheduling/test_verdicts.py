"""Who may see a patient is judged where the patient is, on the day of the visit; who may not is told with who may."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.foundation.access.services import create_token
from medguild.foundation.organization.people import Clinician, Licence
from medguild.foundation.organization.staffing import record_licence
from medguild.operations.scheduling.care.alternatives import others_who_may
from medguild.operations.scheduling.care.terms import set_visit_type_terms
from medguild.operations.scheduling.errors import NotLicensed, NotPrivileged, PatientStateNeeded
from medguild.operations.scheduling.holding import hold_slot
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.rules import Mode
from medguild.operations.scheduling.search.searching import Wanted, search_times
from medguild.operations.scheduling.services import move_appointment
from medguild.people.credentialing.rules import PrivilegeStanding
from medguild.people.credentialing.services import record_compact_privilege, register_telehealth
from tests.factories.credentials import make_compact, make_privilege, make_privilege_type
from tests.factories.scheduling import Schedule, schedule, visit_type, wall
from tests.factories.world import HOUSE, START, World

WEEK = dt.timedelta(weeks=1)


@pytest.fixture
def plan(world: World) -> Schedule:
    made = schedule(world)
    made.__dict__["kind"] = visit_type("any_way", 20, modes=(Mode.IN_PERSON, Mode.VIDEO))
    _ = made.session
    return made


def licence_ends(clinician: Clinician, day: dt.date) -> None:
    held = Licence.objects.get(clinician=clinician)
    held.period = DateRange(held.period.lower, day)
    held.save()


def register(clinician: Clinician, state: str, end: dt.date | None = None) -> None:
    register_telehealth(clinician=clinician, state=state, number="T1", start=START, end=end, by=HOUSE)


def colleague(world: World, plan: Schedule) -> Clinician:
    other = world.clinician(plan.site.unit)
    plan.add(clinician=other)
    return other


# --- booking, moving, holding -----------------------------------------------------------------------------------------


def test_a_licence_that_has_run_out_on_the_day_of_the_visit_refuses(plan: Schedule) -> None:
    licence_ends(plan.clinician, plan.monday)
    with pytest.raises(NotLicensed) as refused:
        plan.book()
    assert refused.value.code == "not_licensed"
    assert "run out" in refused.value.message
    assert not Appointment.objects.unscoped("test").exists()


def test_a_licence_that_lasts_one_day_longer_books(plan: Schedule) -> None:
    licence_ends(plan.clinician, plan.monday + dt.timedelta(days=1))
    assert plan.book().patient_state == ""


def test_a_remote_visit_is_judged_where_the_patient_will_be(plan: Schedule) -> None:
    with pytest.raises(PatientStateNeeded):
        plan.book(mode=Mode.VIDEO)
    with pytest.raises(NotLicensed):
        plan.book(mode=Mode.VIDEO, patient_state="WA")
    booked = plan.book(mode=Mode.VIDEO, patient_state="OR")
    assert booked.patient_state == "OR"


def test_a_remote_visit_is_judged_at_home_unless_said_otherwise(plan: Schedule) -> None:
    plan.patient.state = "WA"
    plan.patient.save()
    with pytest.raises(NotLicensed):
        plan.book(mode=Mode.VIDEO)
    assert plan.book(mode=Mode.VIDEO, patient_state="OR").patient_state == "OR"


def test_a_registration_allows_remote_visits_only(plan: Schedule) -> None:
    Licence.objects.filter(clinician=plan.clinician).delete()
    register(plan.clinician, "OR")
    with pytest.raises(NotLicensed) as refused:
        plan.book()
    assert "only visits by video" in refused.value.message
    assert plan.book(mode=Mode.VIDEO, patient_state="OR").mode == Mode.VIDEO


def test_a_compact_reaches_its_members(plan: Schedule) -> None:
    compact = make_compact("OR", "ID")
    record_compact_privilege(
        clinician=plan.clinician, compact=compact, home_state="OR", number="C1", start=START, by=HOUSE
    )
    assert plan.book(mode=Mode.VIDEO, patient_state="ID").patient_state == "ID"
    with pytest.raises(NotLicensed):
        plan.book(9, 20, mode=Mode.VIDEO, patient_state="WA", patient=plan.another())


def test_a_kind_of_visit_may_ask_for_a_privilege(plan: Schedule) -> None:
    needed = make_privilege_type()
    set_visit_type_terms(visit_type=plan.kind, privilege=needed, service_code="", by=HOUSE)
    with pytest.raises(NotPrivileged) as refused:
        plan.book()
    assert refused.value.code == "not_privileged"
    held = make_privilege(plan.clinician, needed, plan.office.entity, end=plan.monday + WEEK)
    plan.book()
    with pytest.raises(NotPrivileged):
        plan.book(start=wall(plan.monday + WEEK, 9), patient=plan.another())
    held.standing = PrivilegeStanding.SUSPENDED
    held.save()
    with pytest.raises(NotPrivileged):
        plan.book(9, 20, patient=plan.another())


def test_a_move_is_judged_anew(plan: Schedule, world: World) -> None:
    booked = plan.book()
    licence_ends(plan.clinician, plan.monday + WEEK)
    with pytest.raises(NotLicensed):
        move_appointment(appointment=booked, start=wall(plan.monday + WEEK, 9), by=HOUSE)
    other = colleague(world, plan)
    moved = move_appointment(appointment=booked, start=wall(plan.monday + WEEK, 9), clinician=other, by=HOUSE)
    assert moved.clinician_id == other.pk


def test_a_hold_is_refused_when_no_mode_is_allowed(plan: Schedule) -> None:
    Licence.objects.filter(clinician=plan.clinician).delete()
    given = {"clinician": plan.clinician, "visit_type": plan.kind, "site": plan.site, "by": HOUSE}
    start = wall(plan.monday, 9)
    with pytest.raises(NotLicensed):
        hold_slot(start=start, mode=Mode.IN_PERSON, **given)  # type: ignore[arg-type]
    plan.patient.state = "WA"
    plan.patient.save()
    with pytest.raises(NotLicensed):
        hold_slot(start=start, patient=plan.patient, **given)  # type: ignore[arg-type]
    register(plan.clinician, "WA")
    assert hold_slot(start=start, patient=plan.patient, **given)  # type: ignore[arg-type]


# --- others who may ---------------------------------------------------------------------------------------------------


def others(plan: Schedule, actor: object = HOUSE, **more: object):  # type: ignore[no-untyped-def]
    given = {
        "actor": actor, "visit_type": plan.kind, "instead_of": plan.clinician, "site": plan.site,
        "start": wall(plan.monday, 9), "patient": plan.patient,
    } | more  # fmt: skip
    return others_who_may(**given)  # type: ignore[arg-type]


def test_others_of_the_specialty_at_the_site_are_told_with_their_first_time(plan: Schedule, world: World) -> None:
    other, unlicensed = colleague(world, plan), colleague(world, plan)
    licence_ends(unlicensed, plan.monday)
    found = others(plan).found
    assert [one.session.clinician_id for one in found.openings] == [other.pk]
    assert len(found.openings[0].starts) == 1


def test_without_others_at_the_site_a_video_visit_is_offered(plan: Schedule, world: World) -> None:
    other = colleague(world, plan)
    Licence.objects.filter(clinician=other).delete()
    register(other, "OR")
    plan.patient.state = "OR"
    plan.patient.save()
    told = others(plan, mode=Mode.IN_PERSON)
    assert told.wanted.mode == Mode.VIDEO
    assert [one.session.clinician_id for one in told.found.openings] == [other.pk]


def test_the_search_offers_nobody_who_may_not(plan: Schedule, world: World) -> None:
    licence_ends(plan.clinician, plan.monday + WEEK)
    wanted = Wanted(visit_type=plan.kind, start=plan.monday, end=plan.monday + 2 * WEEK, mode=Mode.IN_PERSON)
    assert {one.day for one in search_times(actor=HOUSE, wanted=wanted).openings} == {plan.monday}


def test_a_named_clinician_who_may_not_is_told_with_who_may(plan: Schedule, world: World) -> None:
    other = colleague(world, plan)
    licence_ends(plan.clinician, plan.monday)
    client = Client()
    client.force_login(world.user(Role.SCHEDULER))
    page = client.get(
        reverse("scheduling:find"),
        {"visit_type": plan.kind.pk, "start": plan.monday, "clinician": plan.clinician.pk, "patient": plan.patient.pk},
    ).content.decode()
    assert "is not offered" in page
    assert "run out" in page
    assert f'name="clinician" value="{other.pk}"' in page


def test_overbooking_somebody_who_may_not_offers_others(plan: Schedule, world: World) -> None:
    other = colleague(world, plan)
    licence_ends(plan.clinician, plan.monday)
    client = Client()
    client.force_login(world.user(Role.SCHEDULER))
    answer = client.post(
        reverse("scheduling:overbook", args=[plan.patient.pk, plan.kind.pk, plan.clinician.pk, plan.site.unit_id]),
        {
            "day": plan.monday,
            "time": "09:00",
            "overbook_reason": "fever",
            "reason_category": "acute",
            "mode": "in_person",
        },
    )
    assert answer.status_code == 422
    assert f'name="clinician" value="{other.pk}"' in answer.content.decode()


def test_a_second_licence_of_the_patients_state_allows_the_video_visit_on_the_page(
    plan: Schedule, world: World
) -> None:
    record_licence(clinician=plan.clinician, state="WA", number="W1", start=START, end=dt.date(2040, 1, 1), by=HOUSE)
    client = Client()
    client.force_login(world.user(Role.SCHEDULER))
    held = client.post(
        reverse("scheduling:hold", args=[plan.patient.pk]),
        {"clinician": plan.clinician.pk, "site": plan.site.unit_id, "visit_type": plan.kind.pk,
         "start": wall(plan.monday, 9).isoformat(), "mode": "video", "patient_state": "WA"},
    )  # fmt: skip
    page = client.get(held.url).content.decode()
    assert 'value="WA"' in page
    client.post(held.url, {"reason_category": "acute", "mode": "video", "patient_state": "WA"})
    booked = Appointment.objects.unscoped("test").get()
    assert (booked.mode, booked.patient_state) == ("video", "WA")


def test_the_api_refuses_with_the_reason_and_the_alternatives(plan: Schedule, world: World) -> None:
    other = colleague(world, plan)
    licence_ends(plan.clinician, plan.monday)
    _, secret = create_token(name="test", role=Role.SCHEDULER, unit=world.main.entity, by=HOUSE)
    answer = Client(headers={"Authorization": f"Bearer {secret}"}).post(
        "/api/v1/appointments",
        {
            "patient": str(plan.patient.pk), "clinician": str(plan.clinician.pk), "visit_type": str(plan.kind.pk),
            "site": str(plan.site.unit_id), "start": wall(plan.monday, 9).isoformat(),
        },
        content_type="application/json", headers={"Idempotency-Key": "one"},
    )  # fmt: skip
    assert answer.status_code == 422
    told = answer.json()
    assert told["code"] == "not_licensed"
    assert [one["clinician"] for one in told["alternatives"]] == [str(other.pk)]
    assert told["alternatives"][0]["start"] == wall(plan.monday, 9).isoformat()
