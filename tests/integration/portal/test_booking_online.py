"""People book free times themselves, and move their visits: what may be booked online, in time, and in their name."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from medguild.experience.portal.booking import Time, book, move
from medguild.foundation.access.rules import Role
from medguild.foundation.access.selectors import actor_of_user
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.actor import Actor, ActorKind
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.standards.services import set_standard
from medguild.operations.demand.models import SlotSearch
from medguild.operations.scheduling.care.models import NetworkAnswer
from medguild.operations.scheduling.errors import SlotTaken
from medguild.operations.scheduling.models import Appointment, VisitType
from medguild.operations.scheduling.rules import Origin
from medguild.patients.identity.models import Patient
from tests.factories.portal import client_of
from tests.factories.scheduling import Schedule, visit_type, wall
from tests.factories.waitlist import out_of_network
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db


def reader(world: World, patient: Patient) -> Actor:
    return actor_of_user(world.user(Role.PATIENT, patient_id=patient.pk))


def time(plan: Schedule, hour: int = 9, minute: int = 0, kind: VisitType | None = None) -> Time:
    return Time(kind or plan.kind, plan.site, plan.clinician, wall(plan.monday, hour, minute))


def address(plan: Schedule, hour: int = 9, **more: object) -> str:
    asked = {
        "visit_type": plan.kind.pk, "site": plan.site.unit_id, "clinician": plan.clinician.pk,
        "start": wall(plan.monday, hour).isoformat(),
    } | more  # fmt: skip
    return f"{reverse('portal:confirm', args=[plan.patient.pk])}?{urlencode(asked)}"


def visits() -> list[Appointment]:
    return list(Appointment.objects.unscoped("test").order_by("start"))


def test_a_free_time_is_found_and_booked_in_the_readers_name(world: World, plan: Schedule) -> None:
    client = client_of(world, plan.patient, Role.PROXY)
    client.get(reverse("portal:book", args=[plan.patient.pk]))
    assert not SlotSearch.objects.exists(), "a page that opens with times of its own was no wish"
    asked = {"visit_type": plan.kind.pk, "site": plan.site.unit_id, "clinician": "", "day": plan.monday}
    page = client.get(reverse("portal:book", args=[plan.patient.pk]), asked).content.decode()
    assert page.count("time-button") == 18, "two Mondays, each with nine"
    assert "Yes, book it" in client.get(address(plan)).content.decode()
    assert "We look forward" in client.post(address(plan), follow=True).content.decode()
    (booked,) = visits()
    assert (booked.start, booked.origin, booked.patient_id) == (wall(plan.monday, 9), Origin.PORTAL, plan.patient.pk)
    told = Event.objects.unscoped("test").get(type="appointment.booked")
    assert told.actor_kind == ActorKind.PATIENT
    assert SlotSearch.objects.filter(door=Origin.PORTAL).exists(), "the wish counts as demand"
    assert client.post(address(plan)).status_code == 302
    assert len(visits()) == 1, "a button pressed twice books once"


def test_a_visit_is_moved_and_the_old_time_given_back(world: World, plan: Schedule) -> None:
    visit = plan.book(11)
    client = client_of(world, plan.patient)
    record = client.get(reverse("portal:record", args=[plan.patient.pk])).content.decode()
    assert f"{reverse('portal:book', args=[plan.patient.pk])}?move={visit.pk}" in record
    assert "Move it to this time" in client.get(address(plan, move=visit.pk)).content.decode()
    client.post(address(plan, move=visit.pk))
    (moved,) = visits()
    assert (moved.pk, moved.start) == (visit.pk, wall(plan.monday, 9))
    assert Event.objects.unscoped("test").get(type="appointment.moved").actor_kind == ActorKind.PATIENT
    theirs = plan.book(10, patient=plan.another())
    assert client.get(address(plan, move=theirs.pk)).status_code == 404
    assert client.get(address(plan, move="no")).status_code == 404


def test_out_of_network_is_read_before_and_kept_with_the_yes(world: World, plan: Schedule) -> None:
    out_of_network(plan, plan.patient)
    client = client_of(world, plan.patient)
    page = client.get(address(plan))
    assert "$150.00" in page.content.decode()
    assert client.post(address(plan)).status_code == 409
    assert visits() == []
    client.post(address(plan), {"read": page.context["network"].mark})
    (booked,) = visits()
    kept = NetworkAnswer.objects.unscoped("test").get(appointment=booked)
    assert (kept.answer, kept.channel, kept.price) == ("self_pay", "portal", 15_000)


def test_times_are_searched_so_often_a_minute(world: World, plan: Schedule) -> None:
    client, page = client_of(world, plan.patient), reverse("portal:book", args=[plan.patient.pk])
    answers = [client.get(page, {"visit_type": "x"}).status_code for _count in range(35)]
    assert (answers[0], answers[-1]) == (200, 429)


def test_notice_and_days_ahead_are_the_sites_own(world: World, plan: Schedule) -> None:
    by, start = reader(world, plan.patient), wall(plan.monday, 9)
    with pytest.raises(Refusal, match="too near"):
        book(patient=plan.patient, time=time(plan), by=by, at=start - dt.timedelta(hours=3))
    with pytest.raises(Refusal, match="too far"):
        book(patient=plan.patient, time=time(plan), by=by, at=start - dt.timedelta(days=91))
    set_standard(unit=plan.site.unit, key="portal.book_days", value=0, by=HOUSE)
    with pytest.raises(Refusal, match="too far"):
        book(patient=plan.patient, time=time(plan), by=by)
    page = client_of(world, plan.patient).get(reverse("portal:book", args=[plan.patient.pk])).content.decode()
    assert "time-button" not in page


def test_a_late_move_is_the_clinics_to_make(world: World, plan: Schedule) -> None:
    visit = plan.book(11)
    by, late = reader(world, plan.patient), visit.start - dt.timedelta(hours=20)
    with pytest.raises(Refusal, match="too late"):
        move(patient=plan.patient, visit=visit, time=time(plan, 11, 20), by=by, at=late)
    assert visits()[0].start == visit.start


def test_a_kind_that_the_clinic_keeps_is_not_moved_as_another(world: World, plan: Schedule) -> None:
    visit, free = plan.book(11), visit_type("free")
    plan.add(weekday=0, start_minute=13 * 60, end_minute=15 * 60, visit_types={free.pk: 20, plan.kind.pk: 20})
    VisitType.objects.filter(pk=plan.kind.pk).update(booked_by=[Role.FRONT_DESK.value])
    client = client_of(world, plan.patient)
    assert client.post(address(plan, 13, visit_type=free.pk, move=visit.pk)).status_code == 409
    assert visits()[0].start == visit.start


@pytest.mark.parametrize("start", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_times_and_days_at_the_end_of_the_calendar_are_none(world: World, plan: Schedule, start: str) -> None:
    client = client_of(world, plan.patient)
    assert client.get(address(plan, start=start)).status_code == 302
    assert client.post(address(plan, start=start)).status_code == 302
    asked = {"visit_type": plan.kind.pk, "site": plan.site.unit_id, "clinician": "", "day": "9999-12-31"}
    page = client.get(reverse("portal:book", args=[plan.patient.pk]), asked)
    assert (page.status_code, page.context["days"]) == (200, [])


def test_what_patients_may_not_book_or_is_taken_is_refused(world: World, plan: Schedule) -> None:
    reserved = visit_type("reserved")
    plan.add(weekday=0, start_minute=13 * 60, end_minute=15 * 60, visit_types={reserved.pk: 20})
    VisitType.objects.filter(pk=reserved.pk).update(booked_by=[Role.FRONT_DESK.value])
    by = reader(world, plan.patient)
    with pytest.raises(Refusal, match="cannot be booked online"):
        book(patient=plan.patient, time=time(plan, 13, kind=reserved), by=by)
    plan.book(9, patient=plan.another())
    with pytest.raises(SlotTaken):
        book(patient=plan.patient, time=time(plan), by=by)
    with pytest.raises(SlotTaken):  # between two times of the page
        book(patient=plan.patient, time=time(plan, 10, 7), by=by)
    with pytest.raises(NotVisible):
        book(patient=plan.another(), time=time(plan, 10), by=by)
    client = client_of(world, plan.patient)
    nonsense = client.get(reverse("portal:book", args=[plan.patient.pk]), {"visit_type": "x", "site": "y"})
    assert (nonsense.status_code, "No free time" in nonsense.content.decode()) == (200, False)
    for wrong in ({"start": "no"}, {"start": "2030-01-01T09:00:00"}, {"clinician": world.second.clinician.pk}):
        assert client.post(address(plan, **wrong)).status_code == 302
    assert len(visits()) == 1
