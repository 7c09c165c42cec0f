"""Jobs: samples and alarms each Monday, clinic days each night, usual lengths each month."""

from __future__ import annotations

import datetime as dt

from procrastinate.contrib.django import app

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date, now
from medguild.foundation.organization.models import Site
from medguild.foundation.standards.resolution import remembered
from medguild.operations.demand.fill import raise_imbalances
from medguild.operations.demand.lateness import learn_typical_times, measure_day
from medguild.operations.demand.searches import forget_searches
from medguild.operations.demand.third_next import take_samples

# Notes may be signed a day late, and steps corrected: the two days before are measured again.
_DAYS_AGAIN = 3


@app.periodic(cron="0 14 * * 1")
@app.task(name="demand.sample", queueing_lock="demand.sample", pass_context=False)
def sample(timestamp: int) -> int:
    """Monday at 14:00 in UTC is Monday morning from coast to coast, before most doors open in the west."""
    with remembered():
        return take_samples(by=Actor.job("demand.sample", cause=f"job:{timestamp}"))


@app.periodic(cron="30 14 * * 1")
@app.task(name="demand.rebalance", queueing_lock="demand.rebalance", pass_context=False)
def rebalance(timestamp: int) -> int:
    with remembered():
        return raise_imbalances(by=Actor.job("demand.rebalance", cause=f"job:{timestamp}"))


@app.periodic(cron="40 11 * * *")
@app.task(name="demand.measure_days", queueing_lock="demand.measure_days", pass_context=False)
def measure_days(timestamp: int) -> int:
    """At 11:40 in UTC yesterday is over in every time zone of the country."""
    return measure_latest(at=now())


def measure_latest(*, at: dt.datetime) -> int:
    """Measure the last days of every site anew; returns how many clinic days were kept."""
    kept = 0
    for site in Site.objects.all():
        today = local_date(at, site.time_zone)
        kept += sum(measure_day(site=site, day=today - dt.timedelta(days=ago)) for ago in range(1, _DAYS_AGAIN + 1))
    return kept


@app.periodic(cron="20 9 1 * *")
@app.task(name="demand.learn_lengths", queueing_lock="demand.learn_lengths", pass_context=False)
def learn_lengths(timestamp: int) -> int:
    """On the first of a month: usual lengths of the three months before; old searches go."""
    forget_searches()
    return learn_typical_times(month=now().date().replace(day=1))
