"""The demo's history of access leads into today's numbers: waits, late visits, times filled again."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db.models import Count, Q, Sum
from django.http import QueryDict
from django.test import RequestFactory

from medguild.experience.feedback.selectors import listed, ratings
from medguild.experience.feedback.tables import ComplaintFilters, RatingFilters
from medguild.experience.feedback.told import COMPLAINTS, RATING
from medguild.foundation.kernel.clock import at_local
from medguild.foundation.organization.models import Site
from medguild.operations.demand.backfill import backfill
from medguild.operations.demand.effect import effect_of_change
from medguild.operations.demand.lateness import clinic_days, late_numbers
from medguild.operations.demand.rules import Filler
from medguild.operations.demand.selectors import AccessNumbers, access_by_site
from medguild.operations.demand.showing import Cut
from medguild.operations.demand.third_next import samples, trend
from medguild.operations.scheduling.models import Appointment, VisitType
from medguild.operations.templates.selectors import AppliedChange, applied_changes
from medguild.revenue.charges.selectors import charges
from medguild.revenue.charges.tables import ChargeFilters
from medguild.revenue.charges.told import CHARGED
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


def test_every_sixth_visit_is_asked_for_on_its_day_and_the_heart_clinic_has_hardly_any() -> None:
    sites = list(Site.objects.select_related("unit"))
    found = access_by_site(HOUSE, start=TODAY - 90 * _DAY, end=TODAY, sites=sites)
    whole = sum(found.values(), AccessNumbers())
    assert 11 < (whole.same_day_share.percent or 0) < 20
    (heart,) = [found[site.unit_id] for site in sites if site.unit.name == "Riverside Heart"]
    assert (heart.same_day_share.percent or 0) < 5


def test_one_changed_template_is_old_enough_to_be_compared() -> None:
    (change,) = applied_changes(HOUSE, start=TODAY - 270 * _DAY, end=TODAY)
    assert change.minutes_after - change.minutes_before == 4 * 240
    sites = list(Site.objects.select_related("unit"))
    found = effect_of_change(HOUSE, clinician_id=change.clinician_id, sites=sites, on=change.first_day)
    missing = [key for key, halves in found.items() if None in halves]
    assert not missing
    _opens_what_it_counts(change, found, sites)
    for key, better in (("overbooked", "less"), ("delay_minutes", "less"), ("kept", "more")):
        before, after = found[key]
        assert before is not None
        assert after is not None
        assert after < before if better == "less" else after > before, key


def _opens_what_it_counts(change: AppliedChange, found: dict[str, Any], sites: list[Site]) -> None:
    """The lists behind charges, complaints and ratings hold just the rows that make the number."""
    request = RequestFactory().get("/")
    request.actor = HOUSE  # type: ignore[attr-defined]
    lists = {
        CHARGED: (ChargeFilters, charges(HOUSE), Sum("amount")),
        COMPLAINTS: (ComplaintFilters, listed(HOUSE), Count("pk")),
        RATING: (RatingFilters, ratings(HOUSE), Sum("score")),
    }  # fmt: skip
    for half, start in enumerate((change.first_day - 28 * _DAY, change.first_day)):
        cut = Cut(start, start + 28 * _DAY, clinician_id=change.clinician_id)
        for measure, (filters, rows, told) in lists.items():
            chosen = filters(QueryDict(urlsplit(measure.rows(cut.asked())).query), queryset=rows, request=request)
            assert chosen.is_valid(), chosen.errors
            total = chosen.qs.order_by().aggregate(total=told)["total"] or 0
            base = found[f"{measure.key}.of"][half]
            assert total == pytest.approx(found[measure.key][half] * base / measure.per), measure.key
