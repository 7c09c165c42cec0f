from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.clock import now
from medguild.foundation.organization.models import Unit
from medguild.operations.scheduling.rules import AppointmentStatus
from medguild.operations.visits import flow
from medguild.operations.visits.models import Visit
from medguild.operations.visits.rules import VisitStatus
from tests.factories.patients import make_coverage
from tests.factories.scheduling import schedule
from tests.factories.visits import MINUTE, make_appointment, make_visit, make_walk_in, patient_of
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db


def login(world: World, role: Role, unit: Unit | None = None) -> Client:
    client = Client()
    client.force_login(world.user(role, unit))
    return client


def fresh(visit: Visit) -> Visit:
    found: Visit = Visit.objects.unscoped("test").select_related("appointment").get(pk=visit.pk)
    return found


def reads(what: str) -> int:
    return Event.objects.unscoped("test").filter(type="record.read", subject_label=what).count()


def test_the_board_shows_who_is_where(world: World) -> None:
    visit = make_visit(world, to=VisitStatus.ROOMED, reason="Knee pain")
    client = login(world, Role.NURSE)
    entry = client.get(reverse("visits:board"))
    page = client.get(entry["Location"])
    text = page.content.decode()
    assert "Knee pain" in text
    assert visit.patient.spoken() in text
    assert "Clinician begins" in text
    assert reads("visits:board_of") == 1


def test_an_unchanged_board_answers_nothing_and_reads_nobody(world: World) -> None:
    visit = make_visit(world)
    client, site = login(world, Role.NURSE), world.main.site.unit_id
    poll = reverse("visits:board_poll", args=[site])
    page = client.get(reverse("visits:board_of", args=[site]))
    version = page.context["board"].version
    assert client.get(poll, {"version": version}).status_code in (200, 204)
    version = client.get(poll).context["board"].version
    before = reads("visits:board_poll")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = client.get(poll, {"version": version})
    assert answer.status_code == 204
    assert len(queries) <= 5, [query["sql"] for query in queries]
    assert reads("visits:board_poll") == before
    flow.room_patient(visit=visit, by=HOUSE)
    moved = client.get(poll, {"version": version})
    assert moved.status_code == 200
    assert "In a room" in moved.content.decode()


def test_the_board_asks_as_much_for_ten_patients_as_for_two(world: World) -> None:
    client, site = login(world, Role.NURSE), world.main.site.unit_id
    for number in range(10):
        make_walk_in(world)
        if number == 1:
            client.get(reverse("visits:board_of", args=[site]))
            with CaptureQueriesContext(connection) as few:
                client.get(reverse("visits:board_of", args=[site]))
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("visits:board_of", args=[site]))
    assert len(many) == len(few)
    assert len(many) <= 16, [query["sql"][:120] for query in many]


def test_arrivals_ask_as_much_for_ten_patients_as_for_two(world: World) -> None:
    client, site = login(world, Role.FRONT_DESK), world.main.site.unit_id
    for number in range(8):
        make_walk_in(world)
        make_coverage(make_walk_in(world).patient)
        if number == 1:
            client.get(reverse("visits:arrivals_of", args=[site]))
            with CaptureQueriesContext(connection) as few:
                client.get(reverse("visits:arrivals_of", args=[site]))
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("visits:arrivals_of", args=[site]))
    assert len(many) == len(few)
    assert len(many) <= 16, [query["sql"][:120] for query in many]


def test_a_move_from_the_board_by_keyboard_and_by_htmx(world: World) -> None:
    visit = make_visit(world)
    client = login(world, Role.MEDICAL_ASSISTANT)
    url = reverse("visits:move", args=[visit.pk])
    room = str(world.main.room.pk)
    body = {"to": "roomed", "seen": visit.revision, "room": room, "back": "board"}
    plain = client.post(url, body)
    assert plain["Location"] == reverse("visits:board_of", args=[world.main.site.unit_id])
    held = fresh(visit)
    assert (held.status, str(held.room_id)) == ("roomed", room)
    answer = client.post(
        url,
        {"to": "with_clinician", "seen": held.revision},
        headers={"HX-Request": "true", "HX-Target": "div#board-flow"},
    )
    assert answer.status_code == 200
    assert "With clinician" in answer.content.decode()
    stale = client.post(
        url, {"to": "ready_to_leave", "seen": 1}, headers={"HX-Request": "true", "HX-Target": "div#board-flow"}
    )
    assert stale.status_code == 409
    assert fresh(visit).status == "with_clinician"


def test_a_wrong_move_changes_nothing(world: World) -> None:
    visit = make_visit(world)
    client = login(world, Role.NURSE)
    client.post(reverse("visits:move", args=[visit.pk]), {"to": "left", "seen": visit.revision})
    client.post(reverse("visits:move", args=[visit.pk]), {"to": "nonsense"})
    assert fresh(visit).status == "arrived"


def test_undo_from_the_toast(world: World) -> None:
    visit = make_visit(world, to=VisitStatus.ROOMED, at=now() - 11 * MINUTE)
    client = login(world, Role.NURSE)
    client.post(reverse("visits:undo", args=[visit.pk]))
    assert fresh(visit).status == "arrived"
    client.post(reverse("visits:undo", args=[visit.pk]))
    assert fresh(visit).status == "arrived"


@pytest.mark.parametrize(("role", "offered"), [(Role.SCHEDULER, False), (Role.FRONT_DESK, True)])
def test_arrivals_lead_to_the_board_who_may_open_it(world: World, role: Role, offered: bool) -> None:
    client, site = login(world, role), world.main.site.unit_id
    board = reverse("visits:board_of", args=[site])
    page = client.get(reverse("visits:arrivals_of", args=[site])).content.decode()
    assert (board in page) is offered
    assert (client.get(board).status_code == 200) is offered


def test_the_front_desk_checks_a_patient_in(world: World) -> None:
    booked = make_appointment(world)
    coverage = make_coverage(booked.patient)
    client = login(world, Role.FRONT_DESK)
    entry = client.get(reverse("visits:arrivals"))
    page = client.get(entry["Location"]).content.decode()
    assert booked.patient.label() in page
    assert "Coverage not verified" in page
    client.post(reverse("visits:arrive", args=[booked.pk]))
    visit = Visit.objects.unscoped("test").get(appointment=booked)
    page = client.get(reverse("visits:check_in", args=[visit.pk])).content.decode()
    for words in ("Confirm identity", "Photo ID seen", "The payer says yes", "Signed: Treatment"):
        assert words in page
    client.post(reverse("visits:finish_check_in", args=[visit.pk]))
    assert fresh(visit).checked_in_at is None
    mark = reverse("visits:mark_step", args=[visit.pk, "identity"])
    client.post(mark, {"outcome": "done", "proof": "photo_id"})
    client.post(reverse("visits:verify_coverage", args=[visit.pk, coverage.pk]))
    for kind in ("treatment", "privacy_notice"):
        client.post(reverse("visits:give_consent", args=[visit.pk]), {"kind": kind})
    client.post(reverse("visits:finish_check_in", args=[visit.pk]))
    assert fresh(visit).checked_in_at is not None
    assert client.get(reverse("visits:show", args=[visit.pk])).status_code == 200


def test_an_arrival_twice_goes_back_to_the_list(world: World) -> None:
    booked = make_appointment(world)
    client = login(world, Role.FRONT_DESK)
    client.post(reverse("visits:arrive", args=[booked.pk]))
    again = client.post(reverse("visits:arrive", args=[booked.pk]), follow=True)
    assert "is here already" in again.content.decode()


def test_an_arrival_is_taken_back(world: World) -> None:
    visit = make_visit(world)
    client = login(world, Role.FRONT_DESK)
    client.post(reverse("visits:take_back", args=[visit.pk]), {"seen": visit.revision})
    held = fresh(visit)
    assert (held.status, held.appointment.status) == ("cancelled", AppointmentStatus.BOOKED)


def test_no_shows_are_marked_and_expected_again(world: World) -> None:
    booked = make_appointment(world, start=now() - dt.timedelta(minutes=20))
    client = login(world, Role.FRONT_DESK)
    url = reverse("visits:no_show", args=[booked.pk])
    client.post(url)
    booked.refresh_from_db(from_queryset=type(booked).objects.unscoped("test"))
    assert booked.status == AppointmentStatus.NO_SHOW
    assert "Did not come" in client.get(reverse("visits:arrivals_of", args=[world.main.site.unit_id])).content.decode()
    client.post(url, {"undo": "1"})
    booked.refresh_from_db(from_queryset=type(booked).objects.unscoped("test"))
    assert booked.status == AppointmentStatus.BOOKED


def test_a_walk_in_from_the_patients_page(world: World) -> None:
    patient = patient_of(world)
    client = login(world, Role.FRONT_DESK)
    entry = client.get(reverse("visits:walk_in_for", args=[patient.pk]))
    url = entry["Location"]
    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": ""}).status_code == 422
    body = {"clinician": str(world.main.clinician.pk), "reason": "Rash", "identity": "known"}
    done = client.post(url, body)
    visit = Visit.objects.unscoped("test").get(patient=patient)
    assert done["Location"] == reverse("visits:check_in", args=[visit.pk])
    assert client.post(url, body).status_code == 422


def test_the_way_out(world: World) -> None:
    visit = make_visit(world, at=now() - 31 * MINUTE, to=VisitStatus.READY_TO_LEAVE)
    client = login(world, Role.FRONT_DESK)
    url = reverse("visits:check_out", args=[visit.pk])
    assert "Has left" in client.get(url).content.decode()
    assert client.post(url, {"seen": 1})["Location"] == url
    client.post(url, {"seen": visit.revision})
    held = fresh(visit)
    assert held.status == "left"
    page = client.get(reverse("visits:show", args=[visit.pk])).content.decode()
    assert "Take the last step back" in page


def test_the_page_of_a_visit_shows_steps_with_minutes(world: World) -> None:
    visit = make_visit(world, at=now() - 60 * MINUTE, to=VisitStatus.LEFT)
    page = login(world, Role.BILLER).get(reverse("visits:show", args=[visit.pk])).content.decode()
    assert "10 min" in page
    assert "40 minutes" in page


@pytest.mark.parametrize("name", ["board", "arrivals"])
def test_nobody_without_a_site_sees_a_day(world: World, name: str) -> None:
    make_visit(world)
    client = login(world, Role.PRACTICE_MANAGER, world.ipa)
    assert "no site" in client.get(reverse(f"visits:{name}")).content.decode()


def test_another_entity_meets_nothing(world: World) -> None:
    visit = make_visit(world)
    site = world.main.site.unit_id
    for place in (world.member_a.entity, world.second.entity, world.ipa):
        client = login(world, Role.PRACTICE_MANAGER, place)
        for url in (
            reverse("visits:board_of", args=[site]),
            reverse("visits:board_poll", args=[site]),
            reverse("visits:arrivals_of", args=[site]),
            reverse("visits:arrivals_poll", args=[site]),
            reverse("visits:show", args=[visit.pk]),
            reverse("visits:check_in", args=[visit.pk]),
            reverse("visits:check_out", args=[visit.pk]),
        ):
            answer = client.get(url)
            assert answer.status_code == 404, url
            assert visit.patient.family_name not in answer.content.decode()
        for name, args in (
            ("move", [visit.pk]), ("undo", [visit.pk]), ("take_back", [visit.pk]), ("finish_check_in", [visit.pk]),
            ("arrive", [visit.appointment_id]), ("no_show", [visit.appointment_id]), ("give_consent", [visit.pk]),
        ):  # fmt: skip
            assert client.post(reverse(f"visits:{name}", args=args), {"seen": 1, "to": "roomed"}).status_code == 404
    assert fresh(visit).status == "arrived"


def test_roles_without_the_right_are_refused(world: World) -> None:
    visit = make_visit(world)
    for role in (Role.HR, Role.CREDENTIALING_SPECIALIST):
        assert login(world, role).get(reverse("visits:show", args=[visit.pk])).status_code == 403
    for role in (Role.BILLER, Role.CODER, Role.HR):
        assert login(world, role).get(reverse("visits:board")).status_code == 403


def test_the_patients_page_lists_the_visits(world: World) -> None:
    visit = make_visit(world, reason="Knee pain")
    page = login(world, Role.FRONT_DESK).get(reverse("patients:detail", args=[visit.patient_id])).content.decode()
    assert reverse("visits:show", args=[visit.pk]) in page
    assert "Knee pain" in page


@pytest.mark.parametrize("address", ["visits:show", "visits:check_out"])
def test_a_specialist_of_the_group_is_one_step_away(world: World, address: str) -> None:
    visit = make_visit(world, to=VisitStatus.READY_TO_LEAVE)
    group = schedule(world)
    group.add()
    group.add(clinician=world.second.clinician)
    client = login(world, Role.FRONT_DESK)
    page = client.get(reverse(address, args=[visit.pk])).content.decode()
    times = f"{reverse('scheduling:find')}?specialty=cardiology&amp;patient={visit.patient_id}"
    assert times in page
    assert f"specialty={world.main.clinician.specialty}" not in page
    found = client.get(times.replace("&amp;", "&")).content.decode()
    assert f'name="clinician" value="{world.second.clinician.pk}"' in found
