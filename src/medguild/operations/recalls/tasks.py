"""Jobs of recalls: every morning, those whom messages did not bring are put on somebody's list to be called."""

from __future__ import annotations

from procrastinate.contrib.django import app

from medguild.foundation.kernel.actor import Actor
from medguild.operations.recalls.pacing import ask_for_calls


@app.periodic(cron="30 12 * * *")
@app.task(name="recalls.ask_for_calls", queueing_lock="recalls.ask_for_calls", pass_context=False)
def call_about_recalls(timestamp: int) -> int:
    """At half past twelve in UTC the working day of the country is about to begin."""
    return ask_for_calls(by=Actor.job("recalls.ask_for_calls", cause=f"job:{timestamp}"))
