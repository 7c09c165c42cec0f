"""What comes free is offered in turn; the first yes wins, and nothing is given twice."""

from __future__ import annotations

import datetime as dt

import pytest

from medguild.foundation.access.rules import Role
from medguild.foundation.events.dispatch import dispatch_pending
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.standards.services import set_standard
from medguild.operations.scheduling.errors import PatientBusy, SlotTaken
from medguild.operations.scheduling.models import Appointment, Hold
from medguild.operations.scheduling.outcomes import cancel_appointment
from medguild.operations.scheduling.rules import AppointmentStatus, CancelReason
from medguild.operations.scheduling.services import move_appointment
from medguild.operations.waitlist import links, services
from medguild.operations.waitlist.accepting import accept_offer
from medguild.operations.waitlist.errors import NotWaiting, OfferGone, WaitsAlready
from medguild.operations.waitlist.models import SlotOffer, WaitlistEntry
from medguild.operations.waitlist.offering import Freed, decline_offer, expire_offers, offer_freed
from medguild.operations.waitlist.rules import EntryStatus, OfferStatus, Urgency
from medguild.operations.waitlist.selectors import ahead_of
from medguild.operations.waitlist.services import Wanted, add_to_waitlist
from tests.factories.scheduling import Schedule, make_patient, wall
from tests.factories.waitlist import wait_for
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db


def freed(plan: Schedule, hour: int = 9, minute: int = 0) -> Freed:
    start = wall(plan.monday, hour, minute)
    return Freed(plan.clinician.pk, plan.site.unit_id, start, start + dt.timedelta(minutes=20))


def offers(**given: object) -> list[SlotOffer]:
    return list(SlotOffer.objects.unscoped("test").filter(**given).order_by("pk"))


def fresh(row: WaitlistEntry) -> WaitlistEntry:
    found: WaitlistEntry = WaitlistEntry.objects.unscoped("test").get(pk=row.pk)
    return found


def test_three_are_asked_in_turn_and_the_first_yes_wins(plan: Schedule) -> None:
    early = now() - dt.timedelta(days=9)
    routine = [wait_for(plan, at=early + dt.timedelta(days=number)) for number in range(3)]
    urgent = wait_for(plan, urgency=Urgency.URGENT)
    made = offer_freed(freed=freed(plan))
    assert [one.entry_id for one in made] == [urgent.pk, routine[0].pk, routine[1].pk]

    booked = accept_offer(offer=made[1], by=HOUSE)
    assert booked.patient_id == routine[0].patient_id
    assert booked.start == wall(plan.monday, 9)
    assert [one.status for one in offers()] == [OfferStatus.TAKEN, OfferStatus.ACCEPTED, OfferStatus.TAKEN]
    assert fresh(routine[0]).appointment_id == booked.pk
    assert fresh(urgent).status == EntryStatus.WAITING
    with pytest.raises(OfferGone, match="quicker"):
        accept_offer(offer=made[0], by=HOUSE)
    assert Appointment.objects.unscoped("test").count() == 1


def test_who_comes_before_is_told_by_the_same_rule(plan: Schedule) -> None:
    early = now() - dt.timedelta(days=9)
    first, second = wait_for(plan, at=early), wait_for(plan, at=early + dt.timedelta(days=1))
    urgent = wait_for(plan, urgency=Urgency.URGENT)
    assert [ahead_of(one) for one in (urgent, first, second)] == [0, 1, 2]


def test_nobody_outside_of_the_list_takes_the_time_meanwhile(plan: Schedule) -> None:
    wait_for(plan)
    offer_freed(freed=freed(plan))
    with pytest.raises(SlotTaken):
        plan.book(9)


def test_when_all_say_no_the_next_are_asked_and_then_the_time_is_free(plan: Schedule) -> None:
    early = now() - dt.timedelta(days=9)
    people = [wait_for(plan, at=early + dt.timedelta(hours=number)) for number in range(4)]
    for one in offer_freed(freed=freed(plan)):
        decline_offer(offer=one, by=HOUSE)
    (last,) = offers(status=OfferStatus.OPEN)
    assert last.entry_id == people[3].pk
    decline_offer(offer=last, by=HOUSE)
    assert offers(status=OfferStatus.OPEN) == []
    assert Hold.objects.unscoped("test").count() == 0
    assert plan.book(9).start == wall(plan.monday, 9)
    assert {fresh(one).status for one in people} == {EntryStatus.WAITING}


def test_an_offer_expires_and_goes_on(plan: Schedule) -> None:
    early = now() - dt.timedelta(days=9)
    for number in range(4):
        wait_for(plan, at=early + dt.timedelta(hours=number))
    first = offer_freed(freed=freed(plan))
    assert expire_offers() == 0
    later = first[0].expires_at
    assert expire_offers(at=later) == 3
    (next_one,) = offers(status=OfferStatus.OPEN)
    assert next_one.offered_at == later
    with pytest.raises(OfferGone, match="no longer open"):
        accept_offer(offer=first[0], by=HOUSE, at=later)


def test_a_cancelled_visit_is_offered_by_itself(plan: Schedule) -> None:
    booked = plan.book(9)
    entry = wait_for(plan)
    dispatch_pending()
    assert offers() == []
    cancel_appointment(appointment=booked, reason=CancelReason.PATIENT_REQUEST, by=HOUSE)
    dispatch_pending()
    (made,) = offers()
    assert (made.entry_id, made.start) == (entry.pk, wall(plan.monday, 9))
    assert Event.objects.unscoped("test").filter(type="waitlist.offered", patient_id=entry.patient_id).count() == 1


def test_a_time_that_a_visit_was_moved_from_is_offered(plan: Schedule) -> None:
    booked = plan.book(9)
    wait_for(plan)
    move_appointment(appointment=booked, start=wall(plan.monday, 10), by=HOUSE)
    dispatch_pending()
    assert [one.start for one in offers()] == [wall(plan.monday, 9)]


def test_a_site_may_want_to_decide_itself(plan: Schedule) -> None:
    set_standard(key="waitlist.automatic", unit=plan.site.unit, value=False, by=HOUSE)
    booked = plan.book(9)
    wait_for(plan)
    cancel_appointment(appointment=booked, reason=CancelReason.PATIENT_REQUEST, by=HOUSE)
    dispatch_pending()
    assert offers() == []


def test_only_who_wants_such_a_time_is_asked(plan: Schedule) -> None:
    wait_for(plan, weekdays=[1])
    wait_for(plan, from_minute=13 * 60)
    wait_for(plan, earliest=plan.monday + dt.timedelta(days=1))
    fits = wait_for(plan, weekdays=[0], from_minute=9 * 60, to_minute=10 * 60)
    assert [one.entry_id for one in offer_freed(freed=freed(plan))] == [fits.pk]


def test_too_near_is_offered_to_nobody(plan: Schedule) -> None:
    wait_for(plan, notice_minutes=0)
    assert offer_freed(freed=freed(plan), at=wall(plan.monday, 8, 45)) == []


def test_an_earlier_time_moves_the_visit_that_was_kept(plan: Schedule) -> None:
    later = plan.book(11)
    entry = wait_for(plan, plan.patient, instead_of=later)
    (made,) = offer_freed(freed=freed(plan))
    moved = accept_offer(offer=made, by=HOUSE)
    assert (moved.pk, moved.start) == (later.pk, wall(plan.monday, 9))
    assert fresh(entry).appointment_id == later.pk
    assert Hold.objects.unscoped("test").count() == 0


def test_a_later_time_is_no_offer_to_who_has_a_visit(plan: Schedule) -> None:
    kept = plan.book(9)
    wait_for(plan, plan.patient, instead_of=kept)
    assert offer_freed(freed=freed(plan, 11)) == []


def test_a_person_who_is_busy_keeps_the_place_and_the_offer(plan: Schedule, world: World) -> None:
    entry = wait_for(plan)
    (made,) = offer_freed(freed=freed(plan))
    colleague = world.clinician(plan.site.unit)
    plan.add(colleague)
    plan.book(9, patient=entry.patient, clinician=colleague)
    with pytest.raises(PatientBusy):
        accept_offer(offer=made, by=HOUSE)
    assert fresh(entry).status == EntryStatus.WAITING
    assert offers()[0].status == OfferStatus.OPEN


def test_who_waits_no_longer_is_not_booked(plan: Schedule) -> None:
    entry = wait_for(plan)
    (made,) = offer_freed(freed=freed(plan))
    services.withdraw(entry=entry, by=HOUSE)
    with pytest.raises(OfferGone):
        accept_offer(offer=made, by=HOUSE)
    with pytest.raises(NotWaiting):
        services.withdraw(entry=entry, by=HOUSE)


def test_entries_lapse_when_their_last_day_is_over(plan: Schedule) -> None:
    entry = wait_for(plan, latest=plan.monday)
    assert services.lapse_entries(by=HOUSE, at=wall(plan.monday, 23)) == 0
    assert services.lapse_entries(by=HOUSE, at=wall(plan.monday, 12) + dt.timedelta(days=2)) == 1
    assert fresh(entry).status == EntryStatus.LAPSED


def test_what_cannot_be_wanted_is_refused(plan: Schedule, world: World) -> None:
    entry = wait_for(plan, plan.patient)
    with pytest.raises(WaitsAlready):
        wait_for(plan, plan.patient)
    day = entry.earliest

    def code(**given: object) -> str:
        with pytest.raises(Refusal) as refused:
            wait_for(plan, **given)  # type: ignore[arg-type]
        return refused.value.code

    assert code(earliest=day, latest=day - dt.timedelta(days=1)) == "days_order"
    assert code(earliest=day - dt.timedelta(days=9), latest=day - dt.timedelta(days=3)) == "days_over"
    assert code(from_minute=600, to_minute=600) == "hours_order"
    assert code(patient=plan.another(), instead_of=plan.book(9)) == "visit_not_to_come"
    stranger = make_patient(world.member_a)
    with pytest.raises(NotVisible):
        add_to_waitlist(
            patient=stranger, visit_type=plan.kind, site=plan.site, wanted=Wanted(earliest=day),
            by=world.actor(Role.SCHEDULER),
        )  # fmt: skip


def test_a_link_opens_its_own_offer_alone(plan: Schedule) -> None:
    wait_for(plan)
    (made,) = offer_freed(freed=freed(plan))
    token = links.token_of(made.pk)
    assert links.offer_of(token).pk == made.pk
    for wrong in ("", "x.y", token[:-1] + ("a" if token[-1] != "a" else "b"), token.replace(".", ":", 1)):
        with pytest.raises(NotVisible):
            links.offer_of(wrong)


def test_the_visit_that_came_of_it_is_booked(plan: Schedule) -> None:
    wait_for(plan)
    (made,) = offer_freed(freed=freed(plan))
    assert accept_offer(offer=made, by=HOUSE).status == AppointmentStatus.BOOKED
