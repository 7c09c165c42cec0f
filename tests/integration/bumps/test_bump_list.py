"""Visits that cannot be kept: on the list once, in turn, with proposals, and off it whoever settles them."""

from __future__ import annotations

import datetime as dt

import pytest

from medguild.foundation.access.rules import Role
from medguild.foundation.events.dispatch import dispatch_pending
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotAllowed, Refusal
from medguild.foundation.work.models import UnownedNeed, WorkItem
from medguild.operations.bumps import selectors, services
from medguild.operations.bumps.errors import NotOnTheList
from medguild.operations.bumps.models import Bump
from medguild.operations.bumps.proposing import proposals_for
from medguild.operations.bumps.rules import BumpStatus, Cause, Contact, in_turn
from medguild.operations.scheduling.change_numbers import change_rates
from medguild.operations.scheduling.errors import SlotTaken
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.numbers import Rate
from medguild.operations.scheduling.outcomes import cancel_appointment
from medguild.operations.scheduling.rules import CancelReason, ReasonCategory
from medguild.operations.scheduling.services import About, move_appointment
from tests.factories.scheduling import Schedule, wall
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db


def bump(visit: Appointment, cause: Cause = Cause.CLINICIAN_AWAY) -> Bump:
    (made,) = services.bump(appointments=[visit], reason="Clinician on leave", by=HOUSE, cause=cause)
    return made


def fresh(row: Bump) -> Bump:
    return selectors.bumps(HOUSE).get(pk=row.pk)


def waiting(row: Bump) -> bool:
    source = f"bump:{row.pk}"
    items = WorkItem.objects.unscoped("test").filter(source=source, closed_at__isnull=True)
    return items.exists() or UnownedNeed.objects.unscoped("test").filter(source=source, settled_at=None).exists()


def test_a_visit_stands_on_the_list_once_and_is_owned_work(plan: Schedule) -> None:
    visit = plan.book(9)
    row = bump(visit)
    assert waiting(row)
    assert services.bump(appointments=[visit], reason="Again", by=HOUSE) == []
    assert Event.objects.unscoped("test").get(type="appointment.bumped").data == {
        "cause": "clinician_away",
        "times": 1,
    }


def test_only_visits_to_come_are_bumped_and_a_reason_is_needed(plan: Schedule) -> None:
    gone = plan.book(9)
    cancel_appointment(appointment=gone, reason=CancelReason.PATIENT_REQUEST, by=HOUSE)
    gone.refresh_from_db()
    assert services.bump(appointments=[gone], reason="Away", by=HOUSE) == []
    later = plan.book(10)
    assert services.bump(appointments=[later], reason="Away", by=HOUSE, at=later.start) == []
    with pytest.raises(Refusal, match="Say why"):
        services.bump(appointments=[later], reason=" ", by=HOUSE)


def test_the_list_is_in_the_order_of_the_rule(plan: Schedule) -> None:
    kinds = [ReasonCategory.PREVENTIVE, ReasonCategory.ACUTE, ReasonCategory.OTHER, ReasonCategory.PROCEDURE]
    for hour, kind in enumerate(kinds):
        start = wall(plan.monday, 9 + hour // 3, 20 * (hour % 3))
        bump(plan.book(start=start, patient=plan.another(), about=About(kind)))
    rows = list(selectors.in_turn(selectors.bumps(HOUSE), at=now()))
    assert [row.need for row in rows] == ["acute", "procedure", "other", "preventive"]
    assert rows == in_turn(rows[::-1], at=now())


def test_proposals_are_the_nearest_times_of_the_same_then_of_others(plan: Schedule, world: World) -> None:
    colleague = world.clinician(plan.site.unit)
    plan.add(colleague)
    row = fresh(bump(plan.book(10)))
    found = proposals_for(row, by=HOUSE)
    mine = [one for one in found if one.clinician_id == plan.clinician.pk]
    on_the_day = next(one for one in mine if one.start.date() == plan.monday)
    assert on_the_day.start in (wall(plan.monday, 9, 40), wall(plan.monday, 10, 20))
    assert len({one.start.date() for one in mine}) == len(mine) == 3
    assert "same clinician" in mine[0].why
    theirs = [one for one in found if one.clinician_id == colleague.pk]
    assert "another clinician" in theirs[0].why


def test_a_move_settles_and_counts_as_ours(plan: Schedule) -> None:
    row = bump(plan.book(9))
    moved = services.move_bumped(
        row=row, start=wall(plan.monday, 11), clinician=plan.clinician, site=plan.site, by=HOUSE
    )
    assert moved.start == wall(plan.monday, 11)
    assert fresh(row).status == BumpStatus.MOVED
    assert not waiting(row)
    assert change_rates(Appointment.objects.unscoped("test")).bumped == Rate(1, 1)
    with pytest.raises(NotOnTheList):
        services.keep_bumped(row=row, by=HOUSE)


def test_a_refused_move_leaves_it_on_the_list(plan: Schedule) -> None:
    plan.book(11, patient=plan.another())
    row = bump(plan.book(9))
    with pytest.raises(SlotTaken):
        services.move_bumped(row=row, start=wall(plan.monday, 11), clinician=plan.clinician, site=plan.site, by=HOUSE)
    assert fresh(row).status == BumpStatus.OPEN
    assert waiting(row)


def test_cancelled_by_us_for_the_reason_of_the_list(plan: Schedule) -> None:
    row = bump(plan.book(9))
    assert services.cancel_bumped(row=row, by=HOUSE).cancel_reason == CancelReason.PRACTICE_CLINICIAN_AWAY
    other = bump(plan.book(10), Cause.TEMPLATE_CHANGED)
    assert services.cancel_bumped(row=other, by=HOUSE).cancel_reason == CancelReason.PRACTICE_OTHER


def test_who_moves_it_elsewhere_takes_it_off_the_list(plan: Schedule) -> None:
    before = plan.book(9)
    moved = move_appointment(appointment=before, start=wall(plan.monday, 10), by=HOUSE)
    row = bump(moved)
    dispatch_pending()
    assert fresh(row).status == BumpStatus.OPEN  # that move came before
    move_appointment(appointment=moved, start=wall(plan.monday, 11), by=HOUSE)
    dispatch_pending()
    assert fresh(row).status == BumpStatus.MOVED
    other = bump(plan.book(9, patient=plan.another()))
    cancel_appointment(appointment=other.appointment, reason=CancelReason.PATIENT_REQUEST, by=HOUSE)
    dispatch_pending()
    assert fresh(other).status == BumpStatus.CANCELLED


def test_a_visit_bumped_twice_is_marked_and_more_pressing(plan: Schedule) -> None:
    visit = plan.book(9)
    services.keep_bumped(row=bump(visit), by=HOUSE)
    again = bump(visit)
    assert (again.times_before, again.again) == (1, True)
    day = dt.timedelta(days=1)
    rate = selectors.bumped_twice(actor=HOUSE, start=now() - day, end=now() + day)
    assert (rate.numerator, rate.denominator) == (1, 2)


def test_calls_are_written_down_by_who_may_book(plan: Schedule, world: World) -> None:
    row = bump(plan.book(9))
    services.note_contact(row=row, outcome=Contact.NO_ANSWER, by=world.actor(Role.FRONT_DESK), note="rang twice")
    assert [one.note for one in selectors.contacts_of(row)] == ["rang twice"]
    with pytest.raises(NotAllowed):
        services.note_contact(row=row, outcome=Contact.REACHED, by=world.actor(Role.BILLER))
