"""Jobs of the list: every minute, offers that ran out go to the next; every night, entries lapse."""

from __future__ import annotations

from procrastinate.contrib.django import app

from medguild.foundation.kernel.actor import Actor
from medguild.operations.waitlist.offering import expire_offers
from medguild.operations.waitlist.services import lapse_entries


@app.periodic(cron="* * * * *")
@app.task(name="waitlist.expire_offers", queueing_lock="waitlist.expire_offers", pass_context=False)
def expire(timestamp: int) -> int:
    return expire_offers()


@app.periodic(cron="20 12 * * *")
@app.task(name="waitlist.lapse", queueing_lock="waitlist.lapse", pass_context=False)
def lapse(timestamp: int) -> int:
    """At noon in UTC yesterday is over in every time zone of the country."""
    return lapse_entries(by=Actor.job("waitlist.lapse", cause=f"job:{timestamp}"))
