"""Jobs of outreach: every minute offers, every five minutes what else is due; what failed is tried again."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from medguild.experience.outreach.afterwards import ask_how_it_was, repeat_failed_questions
from medguild.experience.outreach.moved import TASK, tell
from medguild.experience.outreach.offering import repeat_failed_offers, send_offers
from medguild.experience.outreach.recalling import repeat_failed_recalls, tell_recalls
from medguild.experience.outreach.reminding import remind, repeat_failed
from medguild.foundation.kernel.clock import now


@app.periodic(cron="*/5 * * * *")
@app.task(name="outreach.remind", queueing_lock="outreach.remind", pass_context=False)
def remind_due(timestamp: int) -> int:
    return remind() + repeat_failed()


@app.periodic(cron="* * * * *")
@app.task(name="outreach.offers", queueing_lock="outreach.offers", pass_context=False)
def send_due_offers(timestamp: int) -> int:
    return send_offers() + repeat_failed_offers()


@app.periodic(cron="*/15 * * * *")
@app.task(name="outreach.recalls", queueing_lock="outreach.recalls", pass_context=False)
def tell_of_recalls(timestamp: int) -> int:
    return tell_recalls() + repeat_failed_recalls()


@app.periodic(cron="*/15 * * * *")
@app.task(name="outreach.afterwards", queueing_lock="outreach.afterwards", lock="outreach.afterwards")
def ask_afterwards(timestamp: int) -> int:
    return ask_how_it_was() + repeat_failed_questions()


@app.task(name=TASK, pass_context=False)
def tell_of_move(visit_id: str) -> None:
    """In the morning after a visit was moved at night."""
    tell(UUID(visit_id), at=now())
