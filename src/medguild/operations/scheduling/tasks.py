"""Jobs of the schedule: holds that have run out are removed; visits that cannot be kept become work, and work whose
visits are over ends."""

from __future__ import annotations

from procrastinate.contrib.django import app

from medguild.foundation.kernel.actor import Actor
from medguild.operations.scheduling.care.work import warn_of_lacking
from medguild.operations.scheduling.holding import purge_expired_holds
from medguild.operations.scheduling.rooming import look_again


@app.periodic(cron="*/10 * * * *")
@app.task(name="scheduling.purge_holds", queueing_lock="scheduling.purge_holds")
def purge_holds(timestamp: int = 0) -> None:
    """Bookings pass over expired holds by themselves; this only keeps the table small."""
    purge_expired_holds()


@app.periodic(cron="50 4 * * *")
@app.task(name="scheduling.warn_of_lacking", queueing_lock="scheduling.warn_of_lacking", pass_context=False)
def warn_of_visits(timestamp: int = 0) -> int:
    """Every night after credentials were looked at: booked visits whose clinician will lack what they ask for."""
    return warn_of_lacking(by=Actor.job("scheduling.lacking", cause=f"job:{timestamp}"))


@app.periodic(cron="55 4 * * *")
@app.task(name="scheduling.room_work", queueing_lock="scheduling.room_work")
def look_at_rooms(timestamp: int = 0) -> None:
    """Every night: visits that took place are no longer to be housed."""
    look_again(by=Actor.job("scheduling.room_work", cause=f"job:{timestamp}"))
