"""Who waits for two kinds of visits is asked about one time at a time."""

from __future__ import annotations

import datetime as dt

import pytest

from medguild.foundation.events.dispatch import dispatch_pending
from medguild.foundation.kernel.clock import now
from medguild.operations.scheduling.models import VisitType
from medguild.operations.scheduling.showing import today_at
from medguild.operations.waitlist.freed import FreedTime, freed_times
from medguild.operations.waitlist.models import SlotOffer, WaitlistEntry
from medguild.operations.waitlist.offering import Freed, decline_offer, offer_freed, pass_on
from medguild.operations.waitlist.services import Wanted, add_to_waitlist, withdraw
from medguild.patients.identity.models import Patient
from tests.factories.scheduling import Schedule, schedule, visit_type, wall
from tests.factories.waitlist import wait_for
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db


class TwoRooms:
    """Two clinicians of a site, one for each kind of visit, on the same Monday morning."""

    def __init__(self, world: World) -> None:
        self.plan: Schedule = schedule(world)
        _ = self.plan.session
        self.other_kind: VisitType = visit_type("check_up", minutes=30)
        self.other = world.clinician(self.plan.site.unit)
        self.plan.add(clinician=self.other, visit_types={self.other_kind.pk: 30}, step_minutes=30)

    def waits_for_other(self, patient: Patient) -> WaitlistEntry:
        return add_to_waitlist(
            patient=patient, visit_type=self.other_kind, site=self.plan.site,
            wanted=Wanted(earliest=today_at(self.plan.site)), by=HOUSE,
        )  # fmt: skip

    def first(self, hour: int = 9) -> Freed:
        start = wall(self.plan.monday, hour)
        return Freed(self.plan.clinician.pk, self.plan.site.unit_id, start, start + dt.timedelta(minutes=20))

    def second(self, hour: int = 9) -> Freed:
        start = wall(self.plan.monday, hour)
        return Freed(self.other.pk, self.plan.site.unit_id, start, start + dt.timedelta(minutes=30))


@pytest.fixture
def rooms(world: World) -> TwoRooms:
    return TwoRooms(world)


def test_one_patient_is_asked_about_one_of_two_times_at_once(rooms: TwoRooms) -> None:
    patient = rooms.plan.another()
    wait_for(rooms.plan, patient)
    entry = rooms.waits_for_other(patient)
    [asked] = offer_freed(freed=rooms.first())
    assert offer_freed(freed=rooms.second()) == []
    assert [one.entry_id for one in offer_freed(freed=rooms.second(11))] == [entry.pk], "another hour is another matter"
    decline_offer(offer=asked, by=HOUSE)
    assert SlotOffer.objects.unscoped("test").filter(status="open").count() == 1


def test_the_next_in_turn_is_asked_instead(rooms: TwoRooms) -> None:
    patient = rooms.plan.another()
    wait_for(rooms.plan, patient)
    rooms.waits_for_other(patient)
    behind = rooms.waits_for_other(rooms.plan.another())
    offer_freed(freed=rooms.first())
    assert [one.entry_id for one in offer_freed(freed=rooms.second())] == [behind.pk]


def test_the_page_of_freed_times_names_nobody_who_is_asked_just_then(rooms: TwoRooms) -> None:
    patient = rooms.plan.another()
    wait_for(rooms.plan, patient)
    rooms.waits_for_other(patient)
    visit = rooms.plan.book(9, clinician=rooms.other, visit_type=rooms.other_kind, patient=rooms.plan.another())
    visit.status, visit.cancelled_at = "cancelled", now()
    visit.cancel_reason = "patient_request"
    visit.save()
    visit.allocations.unscoped("test").delete()

    def row() -> FreedTime:
        [found] = freed_times(HOUSE, rooms.plan.site, at=now())
        return found

    assert row().following is not None
    offer_freed(freed=rooms.first())
    assert row().following is None


def test_the_time_of_who_waits_no_more_goes_to_the_next(rooms: TwoRooms) -> None:
    leaves = wait_for(rooms.plan, rooms.plan.another())
    [asked] = offer_freed(freed=rooms.first())
    stays = wait_for(rooms.plan, rooms.plan.another())
    withdraw(entry=leaves, by=HOUSE)
    dispatch_pending()
    offers = SlotOffer.objects.unscoped("test").filter(entry=stays)
    assert [one.start for one in offers] == [asked.start]


def test_as_long_as_others_are_asked_their_round_goes_on(rooms: TwoRooms) -> None:
    leaves, stays = (wait_for(rooms.plan, rooms.plan.another()) for _ in range(2))
    assert len(offer_freed(freed=rooms.first())) == 2
    wait_for(rooms.plan, rooms.plan.another())
    withdraw(entry=leaves, by=HOUSE)
    pass_on(entry_id=leaves.pk)
    offers = SlotOffer.objects.unscoped("test").filter(status="open")
    assert [one.entry_id for one in offers] == [stays.pk]
