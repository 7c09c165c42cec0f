"""Every constraint of series, violated once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from medguild.foundation.kernel.clock import now
from medguild.operations.series.models import Occurrence, Series, SeriesRule
from tests.factories.scheduling import schedule
from tests.factories.series import booked_series
from tests.factories.world import World


def changed(model: type[models.Model], **changes: Any) -> Callable[[World], None]:
    """One row of a series of two visits gets these values."""

    def make(world: World) -> None:
        plan = schedule(world)
        _ = plan.session
        booked_series(plan, times=2)
        rows = model.objects.unscoped("test")  # type: ignore[attr-defined]
        rows.filter(pk=rows.order_by("pk").first().pk).update(**changes)

    return make


def same_visit(world: World) -> None:
    plan = schedule(world)
    _ = plan.session
    booked_series(plan, times=2)
    first, second = Occurrence.objects.unscoped("test").order_by("number")
    second.appointment = first.appointment
    second.save()


def two_rules(world: World) -> None:
    plan = schedule(world)
    _ = plan.session
    booked_series(plan, times=2)
    rule = SeriesRule.objects.unscoped("test").get()
    rule.pk = None
    rule.id = SeriesRule._meta.pk.get_default()
    rule.save(force_insert=True)


@pytest.mark.parametrize(
    ("name", "violate"),
    [
        ("series_mode_known", changed(Series, mode="smoke")),
        ("series_reason_category_known", changed(Series, reason_category="none")),
        ("series_rule_every_known", changed(SeriesRule, every="fortnight")),
        ("series_rule_since_positive", changed(SeriesRule, since_number=0)),
        ("series_rule_step_positive", changed(SeriesRule, step=0)),
        ("series_rule_minute_of_day", changed(SeriesRule, minute=1440)),
        ("series_rule_weekdays_known", changed(SeriesRule, weekdays=[7])),
        ("series_rule_has_one_end", changed(SeriesRule, times=None)),
        ("series_rule_one_from", two_rules),
        ("occurrence_number_positive", changed(Occurrence, number=0)),
        ("occurrence_number_once", changed(Occurrence, number=2)),
        ("occurrence_appointment_in_one_series", same_visit),
        ("occurrence_visit_or_skipped", changed(Occurrence, skipped_for="chosen")),
    ],
)
@pytest.mark.django_db
def test_refused_by_the_database(world: World, name: str, violate: Callable[[World], None]) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        violate(world)


@pytest.mark.django_db
def test_a_number_that_was_dropped_may_come_again(world: World) -> None:
    changed(Occurrence, dropped_at=now())(world)
    one = Occurrence.objects.unscoped("test").get(dropped_at__isnull=False)
    Occurrence.objects.create(series=one.series, number=one.number, planned=one.planned, skipped_for="chosen")
