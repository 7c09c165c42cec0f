"""Constraints of moves and of judged cancellations, each violated once."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from medguild.foundation.kernel.clock import now
from medguild.operations.scheduling.change_models import AppointmentMove, Cancellation
from medguild.operations.scheduling.outcomes import cancel_appointment
from medguild.operations.scheduling.rules import CancelReason
from medguild.operations.scheduling.services import move_appointment
from tests.factories.scheduling import schedule, wall
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("appointment_move_number_once", {"number": 1}),
        ("appointment_move_counts_from_one", {"number": 0}),
        ("appointment_move_former_in_order", {"former_end": wall(now().date(), 0)}),
    ],
)
def test_moves(world: World, name: str, changes: dict[str, Any]) -> None:
    plan = schedule(world)
    visit = plan.book(9)
    for hour in (10, 11):
        visit = move_appointment(appointment=visit, start=wall(plan.monday, hour), by=HOUSE)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        AppointmentMove.objects.unscoped("test").filter(number=2).update(**changes)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("cancellation_reason_known", {"reason": "whim"}),
        ("cancellation_late_is_short", {"late": True, "notice_minutes": 5000, "wanted_minutes": 60}),
        ("cancellation_fee_only_late", {"fee_cents": 100}),
        ("cancellation_waived_whole", {"waived_at": now()}),
    ],
)
def test_cancellations(world: World, name: str, changes: dict[str, Any]) -> None:
    visit = schedule(world).book(9)
    cancel_appointment(appointment=visit, reason=CancelReason.PATIENT_REQUEST, by=HOUSE)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Cancellation.objects.unscoped("test").update(**changes)
