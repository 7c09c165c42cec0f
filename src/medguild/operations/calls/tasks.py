"""Jobs of calls: every minute, alerts of sites where callers wait no longer are closed."""

from __future__ import annotations

from procrastinate.contrib.django import app

from medguild.foundation.kernel.actor import Actor
from medguild.operations.calls.alerts import end_calm_alerts


@app.periodic(cron="* * * * *")
@app.task(name="calls.end_calm_alerts", queueing_lock="calls.end_calm_alerts", pass_context=False)
def end_alerts(timestamp: int) -> int:
    return end_calm_alerts(by=Actor.job("calls.end_calm_alerts", cause=f"job:{timestamp}"))
