"""Jobs of the work room."""

from __future__ import annotations

from procrastinate.contrib.django import app

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.work.escalation import escalate_overdue


@app.periodic(cron="* * * * *")
@app.task(name="work.escalate_overdue", queueing_lock="work.escalate_overdue", pass_context=False)
def escalate(timestamp: int) -> int:
    """Every minute: what is late climbs."""
    return escalate_overdue(by=Actor.job("work.escalate_overdue", cause=f"job:{timestamp}"))
