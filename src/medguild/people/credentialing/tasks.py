"""Jobs of the room: every night, warn of what runs out."""

from __future__ import annotations

from procrastinate.contrib.django import app

from medguild.foundation.kernel.actor import Actor
from medguild.people.credentialing.work import warn_of_expiry


@app.periodic(cron="40 4 * * *")
@app.task(name="credentialing.warn", queueing_lock="credentialing.warn", pass_context=False)
def warn(timestamp: int) -> int:
    return warn_of_expiry(by=Actor.job("credentialing.warn", cause=f"job:{timestamp}"))
