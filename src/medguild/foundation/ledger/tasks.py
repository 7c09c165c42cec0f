"""Jobs of the ledger."""

from __future__ import annotations

from procrastinate.contrib.django import app

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.ledger.checks import check_dimensions


@app.periodic(cron="20 3 * * *")
@app.task(name="ledger.check_dimensions", queueing_lock="ledger.check_dimensions")
def check_dimensions_nightly(timestamp: int) -> None:
    check_dimensions(by=Actor.job("ledger check"))
