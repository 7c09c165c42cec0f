"""The demo's history of access leads into today's numbers: waits, late visits, times filled again."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models import Q

from medguild.foundation.kernel.clock import at_local
from medguild.foundation.organization.models import Site
from medguild.operations.demand.backfill import backfill
from medguild.operations.demand.lateness import clinic_days, late_numbers
from medguild.operations.demand.rules import Filler
from medguild.operations.demand.third_next import samples, trend
from medguild.operations.scheduling.models import Appointment, VisitType
from tests.factories.world import HOUSE
from tests.integration.demo.conftest import TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("group")]
_DAY = dt.timedelta(days=1)
_MORNING = at_local(TODAY, dt.time(6), "America/Los_Angeles")


def _booked_ahead(at: dt.datetime) -> int:
    """Visits of the coming week that were booked, at a moment."""
    rows = Appointment.objects.unscoped("test").filter(start__gt=at + _DAY, start__lt=at + 8 * _DAY, booked_at__lte=at)
    return rows.filter(Q(cancelled_at__isnull=True) | Q(cancelled_at__gt=at)).count()


def test_as_much_is_booked_ahead_today_as_it_was_on_days_gone_by() -> None:
    """Else the waits put together for the past would jump at today's."""
    now = _booked_ahead(_MORNING)
    past = [_booked_ahead(_MORNING - week * 7 * _DAY) for week in range(2, 10)]
    assert 0.8 < now / (sum(past) / len(past)) < 1.2


@pytest.mark.parametrize("code", ["follow-up", "new", "physical"])
def test_third_next_available_has_a_history(code: str) -> None:
    kind = VisitType.objects.get(code=code)
    points = trend(samples(HOUSE, since=TODAY - 120 * _DAY, visit_type_id=kind.pk))
    past = [point.days for point in points if point.days is not None]
    assert len(past) == 14
    assert 0.3 < sum(past) / len(past) < 14


def test_nothing_was_given_up_in_the_future() -> None:
    """Or it would stand as booked in the numbers of today."""
    rows = Appointment.objects.unscoped("test").filter(cancelled_at__isnull=False)
    assert rows.exists()
    assert not rows.filter(cancelled_at__gt=dt.datetime.now(dt.UTC)).filter(cancelled_at__gt=_MORNING).exists()


def test_some_visits_begin_late_and_most_do_not() -> None:
    found = late_numbers(clinic_days(HOUSE, start=TODAY - 90 * _DAY, end=TODAY))[()]
    assert 0.2 < found.late_visits / found.visits < 0.5
    assert 2 < (found.minutes_a_visit or 0) < 12


def test_times_given_up_are_filled_by_every_door() -> None:
    found = backfill(HOUSE, start=TODAY - 90 * _DAY, end=TODAY, sites=list(Site.objects.all()))
    assert 30 < (found.whole.percent or 0) < 75
    assert all(found.by_door.get(door, 0) > 0 for door in Filler)
    assert 20 < (found.accepted.percent or 0) < 90
