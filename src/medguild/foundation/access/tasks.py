"""Jobs of access: old answers and sessions are forgotten."""

from __future__ import annotations

import datetime as dt

from django.contrib.sessions.models import Session
from procrastinate.contrib.django import app

from medguild.foundation.access.models import IdempotencyKey
from medguild.foundation.kernel.clock import now

KEEP_ANSWERS = dt.timedelta(days=7)


@app.periodic(cron="10 * * * *")
@app.task(name="access.tidy", queueing_lock="access.tidy")
def tidy(timestamp: int = 0) -> None:
    """A client asks again within hours; an answer may hold patient data and is not kept for longer than that needs."""
    IdempotencyKey.objects.filter(created_at__lt=now() - KEEP_ANSWERS).delete()
    Session.objects.filter(expire_date__lt=now()).delete()
