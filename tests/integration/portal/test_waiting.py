"""The waiting list in the own record: seen, joined, changed and left, in the reader's own name, and nobody else's."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from medguild.experience.portal.waiting import ask_to_wait
from medguild.foundation.access.rules import Role
from medguild.foundation.access.selectors import actor_of_user
from medguild.foundation.events.dispatch import dispatch_pending
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.actor import ActorKind
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.outcomes import cancel_appointment
from medguild.operations.scheduling.rules import CancelReason, Mode
from medguild.operations.scheduling.showing import today_at
from medguild.operations.waitlist.models import SlotOffer, WaitlistEntry
from medguild.operations.waitlist.offering import Freed, offer_freed
from medguild.operations.waitlist.rules import EntryStatus, Urgency
from medguild.operations.waitlist.services import Wanted
from medguild.patients.identity.models import Patient
from tests.factories.portal import client_of
from tests.factories.scheduling import Schedule, visit_type, wall
from tests.factories.waitlist import wait_for
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db


def entries() -> list[WaitlistEntry]:
    return list(WaitlistEntry.objects.unscoped("test").order_by("pk"))


def page_of(patient: Patient) -> str:
    return reverse("portal:waiting", args=[patient.pk])


def wanted(plan: Schedule, **changes: object) -> dict[str, object]:
    return {
        "visit_type": plan.kind.pk, "site": plan.site.unit_id, "clinician": "", "earliest": plan.monday.isoformat(),
        "weekdays": ["0"], "from_time": "09:00", "to_time": "11:00", "notice_hours": "24",
    } | changes  # fmt: skip


def test_people_ask_to_wait_are_offered_a_time_and_take_it(world: World, plan: Schedule) -> None:
    patient = plan.patient
    client = client_of(world, patient, Role.PROXY)
    made = client.post(page_of(patient), wanted(plan), follow=True)
    assert "On the waiting list" in made.content.decode()
    (entry,) = entries()
    assert (entry.urgency, entry.weekdays, entry.from_minute, entry.to_minute) == (Urgency.ROUTINE, [0], 540, 660)
    told = Event.objects.unscoped("test").get(type="waitlist.added")
    assert told.actor_kind == ActorKind.PATIENT
    twice = client.post(page_of(patient), wanted(plan))
    assert (twice.status_code, "on the list already" in twice.content.decode()) == (422, True)
    start = wall(plan.monday, 9)
    (offer,) = offer_freed(freed=Freed(plan.clinician.pk, plan.site.unit_id, start, start + dt.timedelta(minutes=20)))
    SlotOffer.objects.unscoped("test").update(offered_at=now(), sends_at=now())
    answer = reverse("portal:offer", args=[patient.pk, offer.pk])
    assert answer in client.get(page_of(patient)).content.decode()
    client.post(answer, {"answer": "yes"})
    assert Appointment.objects.unscoped("test").get().start == start
    assert "You wait for nothing" in client.get(page_of(patient)).content.decode()


def test_wishes_are_changed_and_what_the_desk_wrote_stays(world: World, plan: Schedule) -> None:
    entry = wait_for(plan, plan.patient, urgency=Urgency.URGENT, note="By telephone", weekdays=[1])
    client = client_of(world, plan.patient)
    address = reverse("portal:wishes", args=[plan.patient.pk, entry.pk])
    assert "By telephone" not in client.get(address).content.decode(), "the desk's words are the desk's"
    sent = {"earliest": plan.monday.isoformat(), "weekdays": ["2", "4"], "to_time": "12:00", "notice_hours": "48"}
    assert "Wednesday, Friday" in client.post(address, sent, follow=True).content.decode()
    (changed,) = entries()
    assert (changed.urgency, changed.note, changed.weekdays) == (Urgency.URGENT, "By telephone", [2, 4])
    assert (changed.to_minute, changed.notice_minutes, changed.added_at) == (720, 48 * 60, entry.added_at)
    for wrong in ({"latest": "2020-01-01"}, {"from_time": "13:00"}, {"weekdays": ["9"]}, {"notice_hours": "no"}):
        assert client.post(address, sent | wrong).status_code == 422
    assert Event.objects.unscoped("test").get(type="waitlist.changed").actor_kind == ActorKind.PATIENT


def test_who_leaves_while_asked_gives_the_time_on(world: World, plan: Schedule) -> None:
    early = now() - dt.timedelta(days=9)
    people = [wait_for(plan, at=early + dt.timedelta(hours=number)) for number in range(4)]
    start = wall(plan.monday, 9)
    offers = offer_freed(freed=Freed(plan.clinician.pk, plan.site.unit_id, start, start + dt.timedelta(minutes=20)))
    assert len(offers) == 3
    for one in people[:3]:
        client = client_of(world, one.patient)
        left = client.post(reverse("portal:leave", args=[one.patient_id, one.pk]), follow=True)
        assert "No longer on the waiting list" in left.content.decode()
    dispatch_pending()
    assert SlotOffer.objects.unscoped("test").filter(entry=people[3]).exists(), "the next was asked"
    again = client.post(reverse("portal:leave", args=[people[2].patient_id, people[2].pk]), follow=True)
    assert "on the list no more" in again.content.decode()


def test_a_booked_visit_waits_for_an_earlier_time_once(world: World, plan: Schedule) -> None:
    visit = plan.book(11)
    client = client_of(world, plan.patient)
    record = reverse("portal:record", args=[plan.patient.pk])
    address = reverse("portal:earlier", args=[plan.patient.pk, visit.pk])
    assert address in client.get(record).content.decode()
    shown = client.post(address, follow=True).content.decode()
    assert "is kept until an earlier time is found" in shown
    (entry,) = entries()
    assert (entry.instead_of_id, entry.latest, entry.earliest) == (visit.pk, plan.monday, today_at(plan.site))
    assert address not in client.get(record).content.decode(), "it stands there already"
    assert "on the list already" in client.post(address, follow=True).content.decode()
    cancel_appointment(appointment=visit, reason=CancelReason.PATIENT_ILL, by=HOUSE)
    WaitlistEntry.objects.unscoped("test").update(status=EntryStatus.WITHDRAWN, closed_at=now())
    assert "still to come" in client.post(address, follow=True).content.decode()


def test_only_what_patients_may_book_where_it_is_done_can_be_waited_for(world: World, plan: Schedule) -> None:
    by_desk, elsewhere, written = (visit_type(code) for code in ("by_desk", "elsewhere", "written"))
    type(by_desk).objects.filter(pk=by_desk.pk).update(booked_by=[Role.FRONT_DESK.value])
    type(written).objects.filter(pk=written.pk).update(modes=[Mode.E_CONSULT.value])
    plan.add(weekday=1, visit_types={by_desk.pk: 20, written.pk: 20})
    patient = plan.patient
    client, by = client_of(world, patient), actor_of_user(world.user(Role.PATIENT, patient_id=patient.pk))
    page = client.get(page_of(patient)).content.decode()
    assert plan.kind.name in page
    for kind in (by_desk, elsewhere, written):
        assert kind.name not in page
        assert client.post(page_of(patient), wanted(plan, visit_type=kind.pk)).status_code == 422
        with pytest.raises(Refusal, match="another site"):
            ask_to_wait(patient=patient, visit_type=kind, site=plan.site, wanted=Wanted(earliest=plan.monday), by=by)
    other = world.second.clinician
    with pytest.raises(Refusal, match="clinician"):
        ask_to_wait(
            patient=patient, visit_type=plan.kind, site=plan.site, clinician=other,
            wanted=Wanted(earliest=plan.monday), by=by,
        )  # fmt: skip
    assert entries() == []


def test_the_list_of_others_is_neither_seen_nor_touched(world: World, plan: Schedule) -> None:
    theirs = wait_for(plan)
    mine = plan.patient
    client = client_of(world, mine)
    assert client.get(page_of(theirs.patient)).status_code == 404
    assert client.get(reverse("portal:wishes", args=[mine.pk, theirs.pk])).status_code == 404
    client.post(reverse("portal:leave", args=[mine.pk, theirs.pk]))
    assert entries()[0].status == EntryStatus.WAITING
    by = actor_of_user(world.user(Role.PATIENT, patient_id=mine.pk))
    with pytest.raises(NotVisible):
        ask_to_wait(
            patient=theirs.patient, visit_type=plan.kind, site=plan.site, wanted=Wanted(earliest=plan.monday), by=by
        )
