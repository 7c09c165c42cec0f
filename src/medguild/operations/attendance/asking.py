"""Asking for a new version: a job does the work, because it takes a processor for a while."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from medguild.foundation.access.demand import demand
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import Conflict
from medguild.foundation.organization.models import Unit
from medguild.operations.attendance.permissions import AttendanceRight
from medguild.operations.attendance.training import refuse_without_library

TASK = "attendance.train"


class AskedAlready(Conflict):
    """A job for this unit waits already."""

    code = "asked_already"


def ask_for_training(*, unit: Unit, by: Actor) -> None:
    """Raises NotAllowed, LibraryMissing, AskedAlready."""
    demand(by, AttendanceRight.TRAIN, unit.pk)
    refuse_without_library()
    try:
        with transaction.atomic():
            queue_training(unit, cause=f"asked by {by.label}")
    except AlreadyEnqueued:
        raise AskedAlready(_("A new version is on its way already.")) from None


def queue_training(unit: Unit, *, cause: str, seconds: int = 0) -> None:
    """One job waits for a unit at most; it begins so many seconds from now. Raises AlreadyEnqueued."""
    wait = {"seconds": seconds} if seconds else None
    job = app.configure_task(TASK, queueing_lock=f"{TASK}:{unit.pk}", lock=TASK, schedule_in=wait)
    job.defer(unit_id=str(unit.pk), cause=cause)
