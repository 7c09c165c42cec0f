"""At night the time is held and the words wait; who cannot be told is called, or the next is asked."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from medguild.experience.outreach import offering as sending
from medguild.experience.outreach import sinks
from medguild.experience.outreach.models import Notice
from medguild.experience.outreach.rules import NoticeStatus
from medguild.foundation.events.dispatch import dispatch_pending
from medguild.foundation.work.models import UnownedNeed
from medguild.operations.scheduling.models import Hold
from medguild.operations.waitlist.accepting import accept_offer
from medguild.operations.waitlist.models import SlotOffer, WaitlistEntry
from medguild.operations.waitlist.offering import Freed, expire_offers, offer_freed
from medguild.operations.waitlist.rules import OfferStatus
from medguild.operations.waitlist.selectors import ENOUGH_WAITS, usual_wait
from medguild.operations.waitlist.showing import why
from medguild.patients.identity.models import Patient
from medguild.patients.preferences.rules import Channel
from medguild.patients.preferences.services import set_contact_preference
from tests.factories.scheduling import Schedule, wall
from tests.factories.waitlist import wait_for
from tests.factories.world import HOUSE

pytestmark = pytest.mark.django_db
A_DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.OUTBOX = tmp_path


def reachable(plan: Schedule) -> Patient:
    patient = plan.another()
    patient.phone = "+15035550142"
    patient.save(update_fields=["phone"])
    return patient


def freed(plan: Schedule) -> Freed:
    start = wall(plan.monday, 9)
    return Freed(plan.clinician.pk, plan.site.unit_id, start, start + dt.timedelta(minutes=20))


def night(plan: Schedule, days: int = 3, hour: int = 22) -> dt.datetime:
    return wall(plan.monday - days * A_DAY, hour)


def open_offers() -> list[SlotOffer]:
    rows = SlotOffer.objects.unscoped("test").filter(status=OfferStatus.OPEN)
    return list(rows.select_related("entry__instead_of", "unit__site").order_by("offered_at", "pk"))


def notices() -> list[tuple[str, int]]:
    return [(one.status, one.attempts) for one in Notice.objects.unscoped("test").order_by("pk")]


def calls() -> int:
    rows = UnownedNeed.objects.unscoped("test").filter(work_type="waitlist.call", settled_at__isnull=True)
    return int(rows.count())


def entry(plan: Schedule, at: dt.datetime | None = None, **wanted: Any) -> WaitlistEntry:
    return wait_for(plan, reachable(plan), at=at or night(plan, 9), **wanted)


def test_at_night_the_time_is_held_until_an_hour_after_the_house_may_write(plan: Schedule) -> None:
    entry(plan)
    (offer,) = offer_freed(freed=freed(plan), at=night(plan))
    morning = wall(plan.monday - 2 * A_DAY, 9)
    assert (offer.sends_at, offer.expires_at) == (morning, morning + dt.timedelta(hours=1))
    assert Hold.objects.unscoped("test").get(pk=offer.hold_id).expires_at == offer.expires_at
    assert sending.send_offers(at=night(plan)) == 0
    assert expire_offers(at=morning - dt.timedelta(minutes=1)) == 0
    assert sending.send_offers(at=morning) == 1
    assert sending.send_offers(at=morning + dt.timedelta(minutes=1)) == 0
    (line,) = [json.loads(one) for one in sinks.outbox().read_text("utf-8").splitlines()]
    assert "10:00 AM" in line["words"]  # the answer is asked for until an hour after the sending


def test_the_job_of_the_event_waits_for_the_morning_too(plan: Schedule) -> None:
    entry(plan)
    (offer,) = offer_freed(freed=freed(plan), at=night(plan))
    SlotOffer.objects.unscoped("test").filter(pk=offer.pk).update(
        sends_at=dt.datetime(2100, 1, 1, tzinfo=dt.UTC), expires_at=dt.datetime(2100, 1, 2, tzinfo=dt.UTC)
    )
    dispatch_pending()
    assert notices() == []


def test_own_quiet_hours_come_on_top(plan: Schedule) -> None:
    sleeper, early = entry(plan), entry(plan, at=night(plan, 8))
    set_contact_preference(
        patient=sleeper.patient, channels=[Channel.TEXT], quiet_from=8 * 60, quiet_to=11 * 60, by=HOUSE
    )
    first, second = offer_freed(freed=freed(plan), at=night(plan))
    assert (first.entry_id, first.sends_at) == (sleeper.pk, wall(plan.monday - 2 * A_DAY, 11))
    assert (second.entry_id, second.sends_at) == (early.pk, wall(plan.monday - 2 * A_DAY, 9))
    # The time is held as long as the last of them may think.
    assert Hold.objects.unscoped("test").get(pk=first.hold_id).expires_at == first.expires_at
    accept_offer(offer=second, by=HOUSE, at=second.sends_at)
    assert sending.send_offers(at=first.sends_at) == 0


def test_too_near_for_the_morning_the_time_stays_free_and_the_desk_calls(plan: Schedule) -> None:
    entry(plan)
    assert offer_freed(freed=freed(plan), at=wall(plan.monday, 4)) == []
    assert not Hold.objects.unscoped("test").exists()
    assert calls() == 1


def test_by_day_it_goes_at_once(plan: Schedule) -> None:
    entry(plan)
    at = night(plan, 3, 12)
    (offer,) = offer_freed(freed=freed(plan), at=at)
    assert (offer.sends_at, offer.expires_at) == (at, at + dt.timedelta(hours=1))


def test_what_fails_is_tried_again_and_then_called_while_the_desk_is_open(
    plan: Schedule, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry(plan)
    at = night(plan, 3, 12)  # a Friday at noon
    (offer,) = offer_freed(freed=freed(plan), at=at)
    monkeypatch.setenv("MEDGUILD_SEND_TEXT", "nonsense")
    assert sending.send_offers(at=at) == 1
    assert notices() == [(NoticeStatus.FAILED, 1)]
    minute = dt.timedelta(minutes=1)
    tries = [sending.repeat_failed_offers(at=at + count * minute) for count in range(12)]
    assert sum(tries) == 3
    assert notices() == [(NoticeStatus.FAILED, 4)]
    assert [one.pk for one in open_offers()] == [offer.pk]  # it stands: somebody calls
    assert calls() == 1
    accept_offer(offer=offer, by=HOUSE, at=at + 20 * minute)
    assert calls() == 0


def test_a_try_that_succeeds_ends_it(plan: Schedule, monkeypatch: pytest.MonkeyPatch) -> None:
    entry(plan)
    at = night(plan, 3, 12)
    offer_freed(freed=freed(plan), at=at)
    monkeypatch.setenv("MEDGUILD_SEND_TEXT", "nonsense")
    sending.send_offers(at=at)
    monkeypatch.delenv("MEDGUILD_SEND_TEXT")
    assert sending.repeat_failed_offers(at=at + dt.timedelta(minutes=1)) == 1
    assert sending.repeat_failed_offers(at=at + dt.timedelta(minutes=9)) == 0
    assert notices() == [(NoticeStatus.SENT, 2)]
    assert calls() == 0


def test_what_fails_in_the_evening_makes_way_for_the_next(plan: Schedule, monkeypatch: pytest.MonkeyPatch) -> None:
    entry(plan)
    at = night(plan, 3, 19) + dt.timedelta(minutes=58)
    (offer,) = offer_freed(freed=freed(plan), at=at)
    monkeypatch.setenv("MEDGUILD_SEND_TEXT", "nonsense")
    sending.send_offers(at=at)
    assert sending.repeat_failed_offers(at=at + dt.timedelta(minutes=3)) == 0
    assert notices() == [(NoticeStatus.FAILED, 1)]
    assert SlotOffer.objects.unscoped("test").get().status == OfferStatus.UNTOLD


def test_who_cannot_be_told_while_the_desk_is_closed_makes_way_for_the_next(plan: Schedule) -> None:
    at = wall(plan.monday - 2 * A_DAY, 12)  # a Saturday: messages may go, the desk is closed
    nameless = wait_for(plan, at=night(plan, 9))
    (offer,) = offer_freed(freed=freed(plan), at=at)
    behind = entry(plan, at=night(plan, 8))
    assert sending.send_offers(at=at) == 1
    assert SlotOffer.objects.unscoped("test").get(pk=offer.pk).status == OfferStatus.UNTOLD
    assert [one.entry_id for one in open_offers()] == [behind.pk]
    assert WaitlistEntry.objects.unscoped("test").get(pk=nameless.pk).status == "waiting"
    assert calls() == 0


def test_who_has_no_address_is_called_while_the_desk_is_open(plan: Schedule) -> None:
    wait_for(plan, at=night(plan, 9))
    at = night(plan, 3, 12)
    (offer,) = offer_freed(freed=freed(plan), at=at)
    sending.send_offers(at=at)
    assert [one.pk for one in open_offers()] == [offer.pk]
    assert calls() == 1
    expire_offers(at=offer.expires_at)
    assert calls() == 0


def test_why_this_person_is_told(plan: Schedule) -> None:
    entry(
        plan, at=night(plan, 12), urgency="soon", weekdays=[0], clinician=plan.clinician, to_minute=12 * 60,
        latest=plan.monday,
    )  # fmt: skip
    offer_freed(freed=freed(plan), at=night(plan, 3, 12))
    (offer,) = open_offers()
    assert why(offer) == [
        "Soon", "waits 8 days", "asked for this clinician", "wants this weekday", "wants these hours",
        "before the last day wanted",
    ]  # fmt: skip


def test_a_usual_wait_is_told_once_there_are_enough(plan: Schedule) -> None:
    at = night(plan, 3, 12)
    visit = plan.book(patient=plan.patient)
    for days in range(ENOUGH_WAITS):
        row = entry(plan, at=at - (days + 1) * A_DAY)
        if days == ENOUGH_WAITS - 1:
            assert usual_wait(row, at=at) is None
        row.status, row.closed_at, row.appointment = "booked", at, visit
        row.save()
    found = usual_wait(entry(plan, at=at), at=at)
    assert found is not None
    assert (found.days, found.count) == (3, ENOUGH_WAITS)
