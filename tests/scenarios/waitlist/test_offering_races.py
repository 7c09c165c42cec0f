"""Two times come free in one moment: nobody is asked for both, and nobody who could be asked is left out."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from medguild.foundation.kernel.clock import now
from medguild.foundation.organization.people import Clinician
from medguild.foundation.organization.rules import ResourceKind
from medguild.operations.scheduling.kinds.visit_types import Needed
from medguild.operations.scheduling.models import Hold
from medguild.operations.scheduling.protocol import lock_resources
from medguild.operations.waitlist import offering
from medguild.operations.waitlist.models import SlotOffer, WaitlistEntry
from medguild.operations.waitlist.offering import Freed, decline_offer, expire_offers, offer_freed
from medguild.operations.waitlist.rules import EntryStatus, OfferStatus
from medguild.operations.waitlist.services import lapse_entries, withdraw
from medguild.patients.identity.linking import link_patients
from medguild.patients.identity.models import Patient
from tests.factories.needs import capability, helper, needy
from tests.factories.scheduling import Schedule, schedule, visit_type, wall
from tests.factories.waitlist import wait_for
from tests.factories.world import HOUSE, World
from tests.support_races import all_at_once, deadlocks, until_waiting


@pytest.fixture
def plan(transactional_log: None) -> Schedule:
    made = schedule(World())
    _ = made.session
    return made


def free(plan: Schedule, clinician_id: object, hour: int = 9) -> Freed:
    start = wall(plan.monday, hour)
    return Freed(clinician_id, plan.site.unit_id, start, start + dt.timedelta(minutes=20))  # type: ignore[arg-type]


def people(plan: Schedule, count: int) -> list[WaitlistEntry]:
    since = now() - dt.timedelta(days=9)
    return [wait_for(plan, at=since + dt.timedelta(hours=number)) for number in range(count)]


def both_look_first(monkeypatch: pytest.MonkeyPatch, count: int = 2) -> None:
    """Nobody writes an offer before all have chosen whom they would ask."""
    look, barrier, seen = offering._round, threading.Barrier(count), threading.local()

    def looked(*args: Any, **given: Any) -> Any:
        found = look(*args, **given)
        if not getattr(seen, "once", False):
            seen.once = True
            barrier.wait(timeout=120)
        return found

    monkeypatch.setattr(offering, "_round", looked)


def open_offers() -> list[SlotOffer]:
    return list(SlotOffer.objects.unscoped("test").filter(status=OfferStatus.OPEN).order_by("pk"))


def test_two_times_that_come_free_at_once_go_to_different_people(
    plan: Schedule, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of two jobs would ask the same three: one does, the other asks the next."""
    colleague = World().clinician(plan.site.unit)
    plan.add(colleague)
    entries, before = people(plan, 5), deadlocks()
    both_look_first(monkeypatch)
    acts = [lambda who=one: offer_freed(freed=free(plan, who.pk)) for one in (plan.clinician, colleague)]
    assert all_at_once(acts) == ["done", "done"]
    asked = [one.entry_id for one in open_offers()]
    assert sorted(asked) == sorted(one.pk for one in entries)  # each once, and nobody left out
    assert {one.clinician_id for one in open_offers()} == {plan.clinician.pk, colleague.pk}
    assert Hold.objects.unscoped("test").count() == 2
    assert deadlocks() == before


def test_who_is_the_only_one_to_ask_is_asked_once(plan: Schedule, monkeypatch: pytest.MonkeyPatch) -> None:
    colleague = World().clinician(plan.site.unit)
    plan.add(colleague)
    (entry,) = people(plan, 1)
    both_look_first(monkeypatch)
    acts = [lambda who=one: offer_freed(freed=free(plan, who.pk)) for one in (plan.clinician, colleague)]
    assert all_at_once(acts) == ["done", "done"]
    assert [one.entry_id for one in open_offers()] == [entry.pk]
    assert Hold.objects.unscoped("test").count() == 1  # the other time is free for everybody


def test_who_waits_for_two_things_is_asked_about_one_of_two_times(
    plan: Schedule, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of two jobs would ask the same person, about another kind of visit: one does, the other asks the next."""
    colleague, other = World().clinician(plan.site.unit), visit_type("check_up", minutes=20)
    plan.add(colleague, visit_types={other.pk: 20})
    first = plan.another()
    both = [wait_for(plan, first), wait_for(plan, first, visit_type=other)]
    behind, before = wait_for(plan, visit_type=other), deadlocks()
    both_look_first(monkeypatch)
    acts = [lambda who=one: offer_freed(freed=free(plan, who.pk)) for one in (plan.clinician, colleague)]
    assert all_at_once(acts) == ["done", "done"]
    asked = {one.entry_id for one in open_offers()}
    assert len(asked & {one.pk for one in both}) == 1, "once, and not left out"
    if both[0].pk in asked:
        assert behind.pk in asked
    assert deadlocks() == before


def test_two_who_decline_at_once_pass_their_times_on(plan: Schedule, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each no is taken, whatever the next round meets; the two next are asked for one time each."""
    colleague = World().clinician(plan.site.unit)
    plan.add(colleague)
    first = people(plan, 3)
    made = offer_freed(freed=free(plan, plan.clinician.pk))
    second = people(plan, 3)
    also = offer_freed(freed=free(plan, colleague.pk))
    assert {one.entry_id for one in [*made, *also]} == {one.pk for one in [*first, *second]}
    for one in [*made[1:], *also[1:]]:
        decline_offer(offer=one, by=HOUSE)
    next_one, before = wait_for(plan), deadlocks()
    both_look_first(monkeypatch)
    acts = [lambda one=one: decline_offer(offer=one, by=HOUSE) for one in (made[0], also[0])]
    assert all_at_once(acts) == ["done", "done"]
    statuses = SlotOffer.objects.unscoped("test").filter(pk__in=[made[0].pk, also[0].pk]).values_list("status")
    assert {status for (status,) in statuses} == {OfferStatus.DECLINED}
    times = [one for one in open_offers() if one.entry_id == next_one.pk]
    assert len(times) == 1
    assert len({one.entry_id for one in open_offers()}) == len(open_offers())
    assert deadlocks() == before


def key(resource_id: UUID) -> int:
    """By which locks are ordered."""
    return int.from_bytes(resource_id.bytes[8:], signed=True)


def test_a_time_that_is_passed_on_does_not_cross_with_a_booking_of_its_staff(transactional_log: None) -> None:
    """The next hold takes somebody of the staff whom a booking has locked, on its way to the clinician."""
    world = World()
    plan = schedule(world)
    skill = capability(ResourceKind.STAFF, "sonographer")
    first = min((helper(plan, skill, f"Tess{number}").pk for number in range(8)), key=key)
    who = plan.clinician
    while key(who.resource_id) < key(first):  # the booking takes the staff's lock before the clinician's
        who = world.clinician(plan.site.unit)
    plan.__dict__["kind"] = needy("echo", {skill: Needed()}, minutes=20)
    plan.__dict__["session"] = plan.add(who)
    people(plan, 4)
    *others, last = offer_freed(freed=free(plan, who.pk))
    for one in others:
        decline_offer(offer=one, by=HOUSE)
    count, done = deadlocks(), list[str]()
    passing = threading.Thread(target=lambda: done.extend(all_at_once([lambda: decline_offer(offer=last, by=HOUSE)])))
    with transaction.atomic():  # a booking half-way through its locks
        lock_resources([first])
        passing.start()
        until_waiting()
        lock_resources([who.resource_id])
    passing.join()
    assert done == ["done"]
    assert len(open_offers()) == 1
    assert deadlocks() == count


def test_a_round_that_fails_keeps_no_other_offer_from_its_end(plan: Schedule, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two times run out together and the next round of the first meets trouble: the second goes on all the same."""
    colleague = World().clinician(plan.site.unit)
    plan.add(colleague)
    people(plan, 3)
    made = offer_freed(freed=free(plan, plan.clinician.pk))
    people(plan, 3)
    also = offer_freed(freed=free(plan, colleague.pk))
    look = offering._round

    def troubled(freed: Freed, *args: Any, **given: Any) -> Any:
        if freed.clinician_id == plan.clinician.pk:
            raise RuntimeError("trouble")
        return look(freed, *args, **given)

    monkeypatch.setattr(offering, "_round", troubled)
    late = max(one.expires_at for one in [*made, *also])
    with pytest.raises(RuntimeError, match="trouble"):
        expire_offers(at=late)
    ended = SlotOffer.objects.unscoped("test").filter(pk__in=[one.pk for one in also])
    assert set(ended.values_list("status", flat=True)) == {OfferStatus.EXPIRED}


def test_an_entry_that_somebody_closes_meanwhile_does_not_stop_the_sweep(plan: Schedule) -> None:
    """The sweep stands behind whoever takes the first entry off the list; the others lapse."""
    entries = [wait_for(plan, latest=plan.monday) for _ in range(3)]
    late = wall(plan.monday, 12) + dt.timedelta(days=2)
    done: list[str] = []
    sweep = threading.Thread(target=lambda: done.extend(all_at_once([lambda: lapse_entries(by=HOUSE, at=late)])))
    with transaction.atomic():
        withdraw(entry=min(entries, key=lambda one: one.pk), by=HOUSE, at=late)
        sweep.start()
        until_waiting()
    sweep.join()
    connection.close()
    assert done == ["done"]
    rows = WaitlistEntry.objects.unscoped("test").order_by("pk").values_list("status", flat=True)
    assert list(rows) == [EntryStatus.WITHDRAWN, EntryStatus.LAPSED, EntryStatus.LAPSED]


def test_an_entry_that_comes_meanwhile_lets_nobody_be_asked_twice(plan: Schedule) -> None:
    """Somebody is being asked; before that is to be seen, they are put on the list once more, under another record."""
    colleague, person, survivor = World().clinician(plan.site.unit), plan.another(), plan.another()
    plan.add(colleague)
    link_patients(duplicate=person, survivor=survivor, reason="one person", by=HOUSE)
    entry = wait_for(plan, person)
    later = threading.Thread(target=lambda: all_at_once([lambda: _also_wait_and_be_offered(plan, survivor, colleague)]))
    with transaction.atomic():
        assert [one.entry_id for one in offer_freed(freed=free(plan, plan.clinician.pk))] == [entry.pk]
        later.start()
        later.join()
    assert [one.entry_id for one in open_offers()] == [entry.pk]


def _also_wait_and_be_offered(plan: Schedule, person: Patient, colleague: Clinician) -> None:
    """Their new entry stands before the old one in the order of locks."""
    made = wait_for(plan, person)
    WaitlistEntry.objects.unscoped("test").filter(pk=made.pk).update(id=UUID(int=1))
    offer_freed(freed=free(plan, colleague.pk))
