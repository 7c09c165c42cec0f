"""Jobs of the log: seal and anchor every few seconds, care for it once a day, prove it when asked."""

from __future__ import annotations

import datetime as dt

from procrastinate.contrib.django import app

from medguild.foundation.events.anchors import anchor_file, export_anchors
from medguild.foundation.events.dispatch import forget_done
from medguild.foundation.events.partitions import ensure_partitions
from medguild.foundation.events.proofs import prove
from medguild.foundation.events.sealing import seal_all
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now

KEEP_DELIVERIES = dt.timedelta(days=14)
MONTHS_AHEAD = 6


@app.periodic(cron="*/5 * * * * *")
@app.task(name="events.seal", queueing_lock="events.seal", lock="events.seal")
def seal(timestamp: int = 0) -> None:
    seal_all()
    export_anchors(anchor_file())


@app.periodic(cron="25 2 * * *")
@app.task(name="events.care", queueing_lock="events.care")
def care(timestamp: int = 0) -> None:
    ensure_partitions(today=now().date(), ahead=MONTHS_AHEAD)
    forget_done(before=now() - KEEP_DELIVERIES)


@app.periodic(cron="40 2 * * *")
@app.task(name="events.prove", queueing_lock="events.prove", lock="events.prove")
def prove_log(timestamp: int = 0) -> None:
    prove(by=Actor.job("nightly proof"))
