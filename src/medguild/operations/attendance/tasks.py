"""Jobs of attendance: each day the intercept follows the last weeks; each month a new version is learned."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

import structlog
from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import today
from medguild.foundation.organization.models import Unit
from medguild.operations.attendance.asking import TASK, queue_training
from medguild.operations.attendance.errors import LibraryMissing, TooFewVisits
from medguild.operations.attendance.models import NoShowModel
from medguild.operations.attendance.rules import Stage
from medguild.operations.attendance.selectors import units_to_train
from medguild.operations.attendance.training import library_is_there, recalibrate, train_model

log = structlog.get_logger(__name__)


# The extra may still be on its way when the worker starts.
@app.task(
    name=TASK,
    retry=RetryStrategy(max_attempts=20, wait=30, retry_exceptions={LibraryMissing}),
)
def train(unit_id: str, cause: str = "") -> list[int]:
    """Learn both stages for one unit; the versions made, none where there is too little to learn from."""
    unit = Unit.objects.get(pk=UUID(unit_id))
    by = Actor.job("attendance.train", cause=cause)
    made = []
    for stage in Stage:
        try:
            made.append(train_model(unit=unit, by=by, stage=stage).version)
        except TooFewVisits:
            log.info("attendance: too few visits to learn from", unit=unit_id, stage=stage.value)
    return made


@app.periodic(cron="40 9 1 * *")
@app.task(name="attendance.train_all", queueing_lock="attendance.train_all", pass_context=False)
def train_all(timestamp: int) -> int:
    """On the first of the month, at night: each group learns from its newest visits, where the extra is installed."""
    if not library_is_there():
        return 0
    units = units_to_train(on=today())
    for unit in units:
        with suppress(AlreadyEnqueued), transaction.atomic():
            queue_training(unit, cause=f"job:{timestamp}")
    return len(units)


@app.periodic(cron="10 10 * * *")
@app.task(name="attendance.recalibrate", queueing_lock="attendance.recalibrate", pass_context=False)
def recalibrate_all(timestamp: int) -> int:
    """Each night. Needs no library."""
    return len([recalibrate(model=model) for model in NoShowModel.objects.filter(active=True)])
