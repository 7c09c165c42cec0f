"""The demo's front desk that is short of people: waiting, complaints and no-shows rise together, there only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from django.db.models import Count

from medguild.demo import plan
from medguild.demo.complaints import build_complaints
from medguild.demo.flow import build_visits
from medguild.demo.frontdesk import Desk, build_front_desk, calls_of
from medguild.demo.group import Group, build
from medguild.demo.house import assign_duties
from medguild.demo.people import build_people
from medguild.demo.prices import build_prices
from medguild.demo.ringing import ring
from medguild.demo.schedule import build_schedule
from medguild.experience.feedback.models import Complaint
from medguild.experience.feedback.selectors import numbers_of
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import at_local
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.organization.models import Site
from medguild.foundation.work.models import WorkItem
from medguild.operations.calls.models import Call
from medguild.operations.calls.selectors import calls_between, numbers_by, staff_at
from medguild.operations.scheduling.numbers import no_show_rate

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 20)
SIZE = plan.Size(patients=700, clinicians=8)  # one clinician for each site
DAY = dt.timedelta(days=1)
ALL = Actor.job("test")
(TROUBLE,) = plan.FRONT_DESK_TROUBLES


@pytest.fixture
def group(monkeypatch: pytest.MonkeyPatch) -> Group:
    monkeypatch.setattr(plan, "MONTHS_OF_HISTORY", 10)  # enough to see, and sooner made
    made = build(size=SIZE, today=TODAY, password="only for tests")
    steps = (
        assign_duties,
        build_prices,
        build_people,
        build_schedule,
        build_visits,
        build_front_desk,
        build_complaints,
    )
    for step in steps:
        step(made, SIZE, TODAY)
    return made


@dataclass(frozen=True)
class Series:
    """Percent abandoned, seconds to the answer and on hold, complaints per 1,000 visits, percent of no-shows."""

    abandonment: float
    speed: float
    hold: float
    complaints: float
    no_shows: float


def measured(site: Site, start: dt.date, end: dt.date) -> Series:
    rows: Any = calls_between(ALL, start=start, end=end, sites=[site])
    ((_key, calls),) = numbers_by(rows, "direction").items()
    (complaints,) = numbers_of(ALL, start=start, end=end, sites=[site])
    missed = no_show_rate(actor=ALL, start=start, end=end, units=[site.unit_id])
    numbers = (calls.abandonment, calls.speed, calls.hold, complaints.now.per_thousand, missed.percent)
    return Series(*(float(number or 0) for number in numbers))


def test_waiting_complaints_and_no_shows_rise_together_where_people_left(group: Group) -> None:
    left = TODAY - TROUBLE.days * DAY
    settled = left + TROUBLE.rises_in * DAY
    for entity in plan.GROUP:
        for planned in entity.sites:
            site = Site.objects.select_related("unit").get(unit=group.units[planned.key])
            before, after = measured(site, left - 180 * DAY, left), measured(site, settled, TODAY)
            assert 2 < before.abandonment < 9, planned.key
            assert 8 < before.speed < 40, planned.key
            assert 3 < before.no_shows < 9, planned.key
            if planned.key == TROUBLE.site:
                assert after.abandonment > 2.5 * before.abandonment
                assert after.speed > 2.5 * before.speed
                assert after.hold > 2.5 * before.hold
                assert after.complaints > 2.5 * before.complaints
                assert after.no_shows > 1.5 * before.no_shows
            else:
                assert after.abandonment < 1.5 * before.abandonment, planned.key
                assert after.speed < 1.3 * before.speed, planned.key
                assert after.hold < 1.3 * before.hold, planned.key
                assert after.complaints < 2 * before.complaints + 1, planned.key
                assert after.no_shows < 1.5 * before.no_shows, planned.key
    _people_left(group, left)
    _open_complaints_have_owners()
    _calls_go_on(group)


def _people_left(group: Group, left: dt.date) -> None:
    unit = group.units[TROUBLE.site].pk
    assert (staff_at([unit], on=left - DAY), staff_at([unit], on=TODAY)) == (4, 2)
    others = [group.units[key].pk for key in plan.FRONT_DESK_STAFF if key != TROUBLE.site]
    assert staff_at(others, on=left - DAY) == staff_at(others, on=TODAY) == 14
    leavers = Call.objects.unscoped("test").filter(site_id=unit, received_at__date__gt=left)
    assert leavers.exclude(answered_by=None).aggregate(people=Count("answered_by", distinct=True))["people"] == 2


def _open_complaints_have_owners() -> None:
    waiting = Complaint.objects.unscoped("test").filter(status="open").values_list("pk", flat=True)
    items = WorkItem.objects.unscoped("test").filter(work_type="complaint").values_list("subject_id", flat=True)
    assert set(waiting) == set(items) != set()


def _calls_go_on(group: Group) -> None:
    """Starting the demo again fills the telephone up to now, the same calls however often."""
    at = at_local(TODAY, dt.time(15), plan.TIME_ZONE)
    yesterday = Call.objects.unscoped("test").count()
    ring(now=at)
    filled = Call.objects.unscoped("test").count()
    assert filled > yesterday
    assert WorkItem.objects.unscoped("test").filter(work_type="call_back", status="open").exists()
    ring(now=at)
    assert Call.objects.unscoped("test").count() == filled
    assert not Call.objects.unscoped("test").filter(ended_at__gt=at).exists()


def test_a_day_of_calls_is_the_same_for_each_asking() -> None:
    desk = Desk("northgate", new_id(), [(new_id(), None), (new_id(), TODAY)], [(new_id(), "+15035550111")])
    monday = dt.date(2026, 11, 16)
    once, again = (list(calls_of(desk, monday, visits=20, days_ago=4)) for _ in range(2))
    assert once == again
    assert 30 < len(once) < 90
    assert not list(calls_of(desk, monday - DAY, visits=20, days_ago=5)), "nobody answers on a Sunday"
    assert len(desk.on(TODAY - DAY)) == 2
    assert len(desk.on(TODAY)) == 1


def test_the_trouble_rises_over_weeks_and_stays() -> None:
    strengths = [TROUBLE.strength(days_ago) for days_ago in (400, 90, 76, 62, 0, -5)]
    assert strengths == [0, 0, 0.5, 1, 1, 1]
    assert plan.shortage("riverside", 0) == (None, 0.0)
