"""Cancelling late, moving with the former time kept, overbooking up to the limits of the standards."""

from __future__ import annotations

import datetime as dt

import pytest

from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotAllowed, Refusal
from medguild.foundation.standards.deviations import approve_deviation, propose_deviation
from medguild.foundation.standards.rules import Dimension
from medguild.foundation.standards.services import set_standard
from medguild.foundation.work.models import UnownedNeed, WorkItem
from medguild.operations.scheduling.cancelling import waive_late
from medguild.operations.scheduling.change_models import Cancellation
from medguild.operations.scheduling.change_numbers import ChangeRates, change_rates
from medguild.operations.scheduling.errors import OverbookRefused
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.moves import moves_of
from medguild.operations.scheduling.numbers import Rate
from medguild.operations.scheduling.outcomes import cancel_appointment
from medguild.operations.scheduling.overbooking import overbooking_on
from medguild.operations.scheduling.rules import CancelReason
from medguild.operations.scheduling.services import move_appointment
from tests.factories.scheduling import Schedule, wall
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def cancel(plan: Schedule, hours_before: float, reason: CancelReason, hour: int = 9) -> Cancellation:
    visit = plan.book(hour, patient=plan.another())
    cancel_appointment(appointment=visit, reason=reason, by=HOUSE, at=visit.start - hours_before * HOUR)
    kept: Cancellation = Cancellation.objects.unscoped("test").get(appointment=visit)
    return kept


def test_a_cancellation_is_judged_by_the_rule_of_its_day(plan: Schedule) -> None:
    kept = cancel(plan, 25, CancelReason.PATIENT_REQUEST)
    assert (kept.late, kept.notice_minutes, kept.wanted_minutes, kept.rule_level) == (False, 25 * 60, 24 * 60, "")
    set_standard(key="scheduling.cancel_notice_hours", unit=plan.site.unit, value=48, by=HOUSE)
    stricter = cancel(plan, 25, CancelReason.PATIENT_REQUEST)
    assert (stricter.late, stricter.wanted_minutes, stricter.rule_level) == (True, 48 * 60, "site")
    kept.refresh_from_db()
    assert not kept.late  # what was judged stays judged
    told = Event.objects.unscoped("test").filter(type="appointment.cancelled").order_by("pk").last()
    assert told is not None
    assert (told.data["late"], told.data["wanted_minutes"]) == (True, 48 * 60)


@pytest.mark.parametrize(
    "reason", [CancelReason.PRACTICE_OTHER, CancelReason.BOOKED_IN_ERROR, CancelReason.LEFT_BEFORE_SEEN]
)
def test_what_the_patient_did_not_give_up_is_never_late(plan: Schedule, reason: CancelReason) -> None:
    assert not cancel(plan, 1, reason).late


def test_a_fee_is_only_a_piece_of_work_and_can_be_waived(plan: Schedule, world: World) -> None:
    set_standard(key="scheduling.cancel_fee", unit=plan.office.entity, value=2500, by=HOUSE)
    kept = cancel(plan, 2, CancelReason.PATIENT_ILL)
    assert kept.fee_cents == 2500
    source = f"late_cancel:{kept.pk}"
    opened = WorkItem.objects.unscoped("test").filter(source=source).count()
    assert opened + UnownedNeed.objects.unscoped("test").filter(source=source, settled_at__isnull=True).count() == 1
    with pytest.raises(NotAllowed):
        waive_late(cancellation=kept, reason="was in hospital", by=world.actor(Role.FRONT_DESK))
    manager = world.actor(Role.PRACTICE_MANAGER)
    with pytest.raises(Refusal, match="few words"):
        waive_late(cancellation=kept, reason="ok", by=manager)
    assert waive_late(cancellation=kept, reason="was in hospital", by=manager).waived_at is not None
    assert not UnownedNeed.objects.unscoped("test").filter(source=source, settled_at__isnull=True).exists()
    with pytest.raises(Refusal, match="nothing to waive"):
        waive_late(cancellation=kept, reason="once more please", by=manager)


def test_a_timely_cancellation_owes_nothing(plan: Schedule) -> None:
    set_standard(key="scheduling.cancel_fee", unit=plan.office.entity, value=2500, by=HOUSE)
    assert cancel(plan, 30, CancelReason.PATIENT_ILL).fee_cents == 0


def test_each_move_keeps_the_time_that_was_left_and_counts(plan: Schedule) -> None:
    visit = plan.book(9)
    visit = move_appointment(appointment=visit, start=wall(plan.monday, 10), by=HOUSE)
    visit = move_appointment(appointment=visit, start=wall(plan.monday, 11), by=HOUSE, by_practice=True)
    kept = moves_of(visit)
    assert [(one.number, one.former_start, one.by_practice) for one in kept] == [
        (2, wall(plan.monday, 10), True),
        (1, wall(plan.monday, 9), False),
    ]


def test_numbers_of_changes(plan: Schedule) -> None:
    kept = plan.book(9)
    move_appointment(appointment=kept, start=wall(plan.monday, 11), by=HOUSE, by_practice=True)
    cancel(plan, 2, CancelReason.PATIENT_REQUEST)
    cancel(plan, 200, CancelReason.PATIENT_REQUEST)
    cancel(plan, 2, CancelReason.PRACTICE_CLINICIAN_AWAY)
    plan.book(11, patient=plan.another(), overbook_reason="child with fever")
    rates = change_rates(Appointment.objects.unscoped("test"))
    assert rates == ChangeRates(late=Rate(1, 3), bumped=Rate(2, 5), overbooked=Rate(1, 2))


def test_a_day_is_overbooked_as_far_as_the_standard_says(plan: Schedule) -> None:
    set_standard(key="scheduling.overbook_per_day", unit=plan.site.unit, value=1, by=HOUSE)
    for hour in (9, 10):
        plan.book(hour, patient=plan.another())
    plan.book(9, patient=plan.another(), overbook_reason="child with fever")
    with pytest.raises(OverbookRefused, match="1 visits of this clinician") as refused:
        plan.book(10, patient=plan.another(), overbook_reason="another child")
    assert refused.value.code == "overbook_day_limit"
    use = overbooking_on(
        clinician_id=plan.clinician.pk, unit_id=plan.site.unit_id, zone=plan.site.time_zone, day=plan.monday,
        session_id=plan.session.pk,
    )  # fmt: skip
    assert (use.day_used, use.day_most, use.session_used, use.session_most) == (1, 1, 1, 2)
    assert (use.day_full, use.session_full) == (True, False)


def test_an_approved_deviation_lifts_the_limit_for_one_clinician(plan: Schedule, world: World) -> None:
    set_standard(key="scheduling.overbook_per_day", unit=plan.site.unit, value=0, by=HOUSE)
    plan.book(9, patient=plan.another())
    wanted = propose_deviation(
        key="scheduling.overbook_per_day", unit=plan.site.unit, value=1, reason="Covers for a colleague on leave",
        start=now().date(), end=plan.monday + dt.timedelta(days=30),
        dimension=Dimension.CLINICIAN, target=str(plan.clinician.pk), by=world.actor(Role.PRACTICE_MANAGER),
    )  # fmt: skip
    with pytest.raises(OverbookRefused):
        plan.book(9, patient=plan.another(), overbook_reason="child with fever")
    approve_deviation(deviation_id=wanted.pk, by=world.actor(Role.PHYSICIAN_OWNER))
    assert plan.book(9, patient=plan.another(), overbook_reason="child with fever").overbooked


def test_a_session_is_overbooked_as_far_as_its_share(plan: Schedule) -> None:
    set_standard(key="scheduling.overbook_share", unit=plan.site.unit, value=10, by=HOUSE)
    for hour in (9, 10):
        plan.book(hour, patient=plan.another())
    over = plan.book(9, patient=plan.another(), overbook_reason="child with fever")
    with pytest.raises(OverbookRefused) as refused:
        plan.book(10, patient=plan.another(), overbook_reason="another child")
    assert refused.value.code == "overbook_session_limit"
    moved = move_appointment(
        appointment=over, start=wall(plan.monday, 10), by=HOUSE, overbook_reason="child with fever"
    )
    assert moved.overbooked  # the one that is moved does not stand in its own way
