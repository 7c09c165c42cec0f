"""Jobs of outreach: every five minutes, what is due is sent, and what failed is tried again."""

from __future__ import annotations

from procrastinate.contrib.django import app

from medguild.experience.outreach.reminding import remind, repeat_failed


@app.periodic(cron="*/5 * * * *")
@app.task(name="outreach.remind", queueing_lock="outreach.remind", pass_context=False)
def remind_due(timestamp: int) -> int:
    return remind() + repeat_failed()
