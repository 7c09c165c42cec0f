"""Jobs of the registers room."""

from __future__ import annotations

from procrastinate.contrib.django import app

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.registers.reminders import remind


@app.periodic(cron="17 5 * * *")
@app.task(name="registers.remind", queueing_lock="registers.remind")
def remind_of_reviews(timestamp: int) -> int:
    """Every morning: due reviews and passed deadlines become work."""
    return remind(by=Actor.job("registers.remind", cause=f"job:{timestamp}"))
