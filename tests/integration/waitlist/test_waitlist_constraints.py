"""Every constraint of the waiting list, violated once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.ids import new_id
from medguild.operations.waitlist.models import SlotOffer, WaitlistEntry
from tests.factories.scheduling import schedule, visit_type, wall
from tests.factories.waitlist import wait_for
from tests.factories.world import World


def entry(**changes: Any) -> Callable[[World], Any]:
    def make(world: World) -> None:
        held = wait_for(schedule(world))
        WaitlistEntry.objects.unscoped("test").filter(pk=held.pk).update(**changes)

    return make


def twice(world: World) -> None:
    plan = schedule(world)
    held = wait_for(plan)
    WaitlistEntry.objects.create(
        patient=held.patient, unit=held.unit, visit_type=held.visit_type, earliest=held.earliest, added_at=now()
    )


def offers(*rows: dict[str, Any], same_entry: bool = True) -> Callable[[World], Any]:
    def make(world: World) -> None:
        plan = schedule(world)
        first = wait_for(plan)
        hold_id = new_id()
        for number, row in enumerate(rows):
            entry = first if same_entry else wait_for(plan)
            values = {
                "entry": entry, "patient": entry.patient, "unit": plan.site.unit, "clinician": plan.clinician,
                "start": wall(plan.monday, 9 + number), "minutes": 20, "hold_id": hold_id, "offered_at": now(),
                "sends_at": now() + dt.timedelta(minutes=5), "expires_at": now() + dt.timedelta(hours=1),
            } | row  # fmt: skip
            during = (values["start"], values["start"] + dt.timedelta(minutes=20))
            SlotOffer.objects.create(**{"during": during} | values)

    return make


def two_kinds(world: World) -> None:
    """Somebody who waits for two kinds of visits is asked about both for one time."""
    plan = schedule(world)
    first = wait_for(plan)
    second = WaitlistEntry.objects.create(
        patient=first.patient, unit=first.unit, visit_type=visit_type("check_up"), earliest=first.earliest,
        added_at=now(),
    )  # fmt: skip
    for number, entry in enumerate((first, second)):
        start = wall(plan.monday, 9, 10 * number)
        SlotOffer.objects.create(
            entry=entry, patient=entry.patient, unit=plan.site.unit, clinician=plan.clinician, start=start, minutes=20,
            during=(start, start + dt.timedelta(minutes=20)), hold_id=new_id(), offered_at=now(), sends_at=now(),
            expires_at=now() + dt.timedelta(hours=1),
        )  # fmt: skip


YES = {"status": "accepted", "answered_at": now()}
SAME = {"start": dt.datetime(2030, 1, 1, tzinfo=dt.UTC)}


@pytest.mark.parametrize(
    ("name", "violate"),
    [
        ("waitlist_urgency_known", entry(urgency="whenever")),
        ("waitlist_status_known", entry(status="lost", closed_at=now())),
        ("waitlist_days_in_order", entry(latest=dt.date(2000, 1, 1))),
        ("waitlist_hours_in_order", entry(from_minute=600, to_minute=600)),
        ("waitlist_weekdays_known", entry(weekdays=[7])),
        ("waitlist_closed_whole", entry(closed_at=now())),
        ("waitlist_booked_has_visit", entry(status="booked", closed_at=now())),
        ("waitlist_once_per_kind", twice),
        ("slot_offer_status_known", offers({"status": "lost", "answered_at": now()})),
        ("slot_offer_expires_later", offers({"expires_at": now() - dt.timedelta(days=1)})),
        ("slot_offer_expires_later", offers({"sends_at": now() - dt.timedelta(days=1)})),
        ("slot_offer_answered_whole", offers({"answered_at": now()})),
        ("slot_offer_one_open", offers({}, {})),
        ("slot_offer_one_at_a_time", two_kinds),
        ("slot_offer_during_from_start", offers({"during": (now(), now() + dt.timedelta(hours=1))})),
        ("slot_offer_one_yes", offers(YES, YES, same_entry=False)),
        ("slot_offer_once", offers(YES | SAME, SAME | {"hold_id": new_id()})),
    ],
)
@pytest.mark.django_db
def test_refused_by_the_database(world: World, name: str, violate: Callable[[World], Any]) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        violate(world)
