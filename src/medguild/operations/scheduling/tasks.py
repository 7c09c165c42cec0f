"""Jobs of the schedule: holds that have run out are removed."""

from __future__ import annotations

from procrastinate.contrib.django import app

from medguild.operations.scheduling.holding import purge_expired_holds


@app.periodic(cron="*/10 * * * *")
@app.task(name="scheduling.purge_holds", queueing_lock="scheduling.purge_holds")
def purge_holds(timestamp: int = 0) -> None:
    """Bookings pass over expired holds by themselves; this only keeps the table small."""
    purge_expired_holds()
