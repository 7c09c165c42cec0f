"""Who is to be told of a move at the desk is told the new time, once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from medguild.experience.outreach.models import Notice
from medguild.experience.outreach.moved import CALL
from medguild.experience.outreach.rules import NoticeStatus
from medguild.experience.outreach.sinks import outbox
from medguild.foundation.events.dispatch import dispatch_pending
from medguild.foundation.work.models import WorkItem
from medguild.operations.calendar.shifting import Target, mark, shift_visit
from medguild.operations.scheduling.models import Appointment
from tests.factories.scheduling import schedule, wall
from tests.factories.work import duty
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.OUTBOX = tmp_path


@pytest.fixture
def visit(world: World) -> Appointment:
    plan = schedule(world)
    plan.patient.phone = "+15035550142"
    plan.patient.save(update_fields=["phone"])
    booked = plan.book(9, 0)
    dispatch_pending()
    return booked


def shift(visit: Appointment, hour: int, *, tell: bool) -> Appointment:
    read = Appointment.objects.unscoped("test").select_related("clinician", "patient", "unit__site").get(pk=visit.pk)
    day = read.start.date()
    to = Target(wall(day, hour), 20, read.clinician)
    return shift_visit(appointment=read, seen=mark(read), to=to, by=HOUSE, tell_patient=tell)


def test_the_new_time_is_told_once_and_nothing_about_health(visit: Appointment) -> None:
    shift(visit, 10, tell=True)
    dispatch_pending()
    notice = Notice.objects.unscoped("test").get()
    assert (notice.status, notice.appointment_id) == (NoticeStatus.SENT, visit.pk)
    (message,) = outbox().read_text("utf-8").splitlines()
    assert "was moved" in message
    assert "10:00" in message
    assert visit.visit_type.name not in message
    shift(visit, 11, tell=True)
    dispatch_pending()
    assert Notice.objects.unscoped("test").count() == 2, "another time is another message"


def test_nobody_is_told_unless_asked(visit: Appointment) -> None:
    shift(visit, 10, tell=False)
    dispatch_pending()
    assert not Notice.objects.unscoped("test").exists()


def test_whom_no_message_reaches_is_called(visit: Appointment, world: World) -> None:
    duty(world, work_type=CALL)
    visit.patient.phone = ""
    visit.patient.save(update_fields=["phone"])
    shift(visit, 10, tell=True)
    dispatch_pending()
    assert Notice.objects.unscoped("test").get().status == NoticeStatus.WITHHELD
    call = WorkItem.objects.unscoped("test").get(work_type=CALL)
    assert (call.subject_id, call.patient_id) == (visit.pk, visit.patient_id)
