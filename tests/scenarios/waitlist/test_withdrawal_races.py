"""Somebody is taken off the list in the moment in which a time is offered to them and they say yes."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from medguild.operations.scheduling.models import Appointment
from medguild.operations.waitlist import services
from medguild.operations.waitlist.accepting import accept_offer
from medguild.operations.waitlist.errors import NotWaiting
from medguild.operations.waitlist.models import SlotOffer, WaitlistEntry
from medguild.operations.waitlist.offering import Freed, offer_freed
from medguild.operations.waitlist.rules import EntryStatus, OfferStatus
from tests.factories.scheduling import Schedule, schedule, wall
from tests.factories.waitlist import wait_for
from tests.factories.world import HOUSE, World
from tests.support_races import all_at_once, deadlocks, until_waiting


@pytest.fixture
def plan(transactional_log: None) -> Schedule:
    made = schedule(World())
    _ = made.session
    return made


def test_a_yes_to_an_offer_that_a_withdrawal_has_not_seen_does_not_cross_with_it(
    plan: Schedule, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The withdrawal has looked for offers and locks the entry; the yes holds the new offer and waits for the entry."""
    entry, before, lock, yes = wait_for(plan), deadlocks(), services.locked, list[threading.Thread]()
    freed = Freed(plan.clinician.pk, plan.site.unit_id, wall(plan.monday, 9), wall(plan.monday, 9, 20))
    answers: list[str] = []

    def meanwhile(act: object) -> threading.Thread:
        thread = threading.Thread(target=lambda: answers.extend(all_at_once([act])))  # type: ignore[list-item]
        thread.start()
        return thread

    def locked(row: WaitlistEntry) -> WaitlistEntry:
        if yes:
            return lock(row)
        meanwhile(lambda: offer_freed(freed=freed)).join()
        held = lock(row)
        offer = SlotOffer.objects.unscoped("test").get()
        yes.append(meanwhile(lambda: accept_offer(offer=offer, by=HOUSE)))
        until_waiting()
        return held

    monkeypatch.setattr(services, "locked", locked)
    with pytest.raises(NotWaiting):
        services.withdraw(entry=entry, by=HOUSE)
    yes[0].join()
    connection.close()
    assert answers == ["done", "done"]
    assert WaitlistEntry.objects.unscoped("test").get().status == EntryStatus.BOOKED
    assert SlotOffer.objects.unscoped("test").get().status == OfferStatus.ACCEPTED
    assert Appointment.objects.unscoped("test").count() == 1
    assert deadlocks() == before
