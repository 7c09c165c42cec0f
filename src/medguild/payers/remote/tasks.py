"""Jobs of the room: every night, warn of rules that end."""

from __future__ import annotations

from procrastinate.contrib.django import app

from medguild.foundation.kernel.actor import Actor
from medguild.payers.remote.work import warn_of_ends


@app.periodic(cron="45 4 * * *")
@app.task(name="remote_rules.warn", queueing_lock="remote_rules.warn", pass_context=False)
def warn(timestamp: int) -> int:
    return warn_of_ends(by=Actor.job("remote_rules.warn", cause=f"job:{timestamp}"))
