"""Jobs of the standards room."""

from __future__ import annotations

from procrastinate.contrib.django import app

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.standards.deviations import end_expired


@app.periodic(cron="7 4 * * *")
@app.task(name="standards.end_expired", queueing_lock="standards.end_expired")
def end_expired_deviations(timestamp: int) -> int:
    """Every night: deviations whose period is over are marked as ended."""
    return end_expired(by=Actor.job("standards.end_expired", cause=f"job:{timestamp}"))
