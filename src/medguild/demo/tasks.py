"""Jobs of the demo: they do nothing in a house that is none."""

from __future__ import annotations

from django.conf import settings
from procrastinate.contrib.django import app

from medguild.demo.money.onward import play_money
from medguild.foundation.kernel.clock import now


@app.periodic(cron="*/5 * * * *")
@app.task(name="demo.play_money", queueing_lock="demo.play_money")
def play_money_now(timestamp: int) -> None:
    if settings.DEMO:
        play_money(now=now())
