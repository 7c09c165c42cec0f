"""Who is to be told of a move at the desk is told the new time, once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from medguild.experience.outreach.models import Notice
from medguild.experience.outreach.moved import CALL, TASK, tell
from medguild.experience.outreach.reminding import repeat_failed
from medguild.experience.outreach.rules import NoticeStatus
from medguild.experience.outreach.sinks import outbox
from medguild.foundation.access.rules import Role
from medguild.foundation.events.dispatch import dispatch_pending
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.work.models import WorkItem
from medguild.operations.calendar.shifting import Target, mark, shift_visit
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.outcomes import cancel_appointment
from medguild.operations.scheduling.rules import CancelReason
from medguild.operations.scheduling.services import move_appointment
from medguild.operations.scheduling.telling import tell_patient
from medguild.patients.preferences.rules import Channel
from medguild.patients.preferences.services import set_contact_preference
from tests.factories.scheduling import coming, schedule, wall
from tests.factories.work import duty
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db
JOB = Actor.job("templates.moves")


def clock(monkeypatch: pytest.MonkeyPatch, hour: int) -> dt.datetime:
    at = wall(coming(0) - dt.timedelta(days=3), hour)
    monkeypatch.setattr("medguild.experience.outreach.moved.now", lambda: at)
    return at


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> dt.datetime:
    """When people may be written to."""
    return clock(monkeypatch, 12)


@pytest.fixture
def night(noon: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> dt.datetime:
    return clock(monkeypatch, 3)


@pytest.fixture
def visit(world: World, noon: dt.datetime) -> Appointment:
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


def night_move(visit: Appointment, hour: int) -> Appointment:
    """By a job, with the words that it asks for."""
    read = Appointment.objects.unscoped("test").select_related("clinician", "patient", "unit__site").get(pk=visit.pk)
    moved = move_appointment(appointment=read, start=wall(read.start.date(), hour), by=JOB, by_practice=True)
    tell_patient(moved, by=JOB)
    dispatch_pending()
    return moved


def calls() -> list[tuple[str, str | None]]:
    rows = WorkItem.objects.unscoped("test").filter(work_type=CALL).order_by("opened_at", "pk")
    return [(one.status, one.outcome) for one in rows]


def kinds() -> list[str]:
    return list(Notice.objects.unscoped("test").order_by("sent_at").values_list("kind", flat=True))


def waiting_jobs() -> list[dt.datetime]:
    with connection.cursor() as cursor:
        cursor.execute("select scheduled_at from procrastinate_jobs where task_name = %s", [TASK])
        return [at for (at,) in cursor.fetchall()]


def test_what_a_job_moves_at_night_is_told_in_the_morning(visit: Appointment, night: dt.datetime) -> None:
    night_move(visit, 11)
    assert kinds() == []
    [morning] = waiting_jobs()
    assert morning == night.replace(hour=9)
    tell(visit.pk, at=morning)
    tell(visit.pk, at=morning)
    assert kinds() == ["moved"]
    assert "11:00" in outbox().read_text("utf-8")


def test_what_the_desk_asks_for_at_night_is_told_at_once(visit: Appointment, night: dt.datetime) -> None:
    tell(visit.pk, at=night, at_once=True)
    assert kinds() == ["moved"]
    assert waiting_jobs() == []


def test_hours_of_the_patient_count_too(visit: Appointment, night: dt.datetime) -> None:
    set_contact_preference(patient=visit.patient, channels=[Channel.TEXT], quiet_from=0, quiet_to=11 * 60, by=HOUSE)
    tell(visit.pk, at=night)
    assert waiting_jobs() == [night.replace(hour=11)]


def test_a_visit_too_early_for_a_message_is_called_about(visit: Appointment, world: World) -> None:
    duty(world, work_type=CALL)
    night_move(visit, 10)
    Notice.objects.unscoped("test").delete()
    tell(visit.pk, at=wall(coming(0), 4))
    assert (waiting_jobs(), kinds(), calls()) == ([], [], [("open", "")])


def test_a_message_of_a_move_is_listed_as_one(visit: Appointment, client: Client, world: World) -> None:
    shift(visit, 10, tell=True)
    dispatch_pending()
    client.force_login(world.user(Role.SCHEDULER))
    assert "New time of a visit" in client.get(reverse("outreach:list")).content.decode()


@pytest.fixture
def unreached(visit: Appointment, world: World) -> Appointment:
    """Moved by us, to be called about."""
    duty(world, work_type=CALL)
    visit.patient.phone = ""
    visit.patient.save(update_fields=["phone"])
    return night_move(visit, 10)


def test_a_call_follows_the_visit_that_we_move_again(unreached: Appointment) -> None:
    assert calls() == [("open", "")]
    night_move(unreached, 11)
    assert calls() == [("done", "moved"), ("open", "")]


def test_who_asks_for_another_time_needs_no_call(unreached: Appointment) -> None:
    move_appointment(appointment=unreached, start=wall(unreached.start.date(), 11), by=HOUSE)
    dispatch_pending()
    assert calls() == [("done", "moved")]


def test_nobody_is_called_about_a_visit_that_is_given_up(unreached: Appointment) -> None:
    cancel_appointment(appointment=unreached, reason=CancelReason.PATIENT_REQUEST, by=HOUSE)
    dispatch_pending()
    assert calls() == [("done", "cancelled")]


def test_whom_a_message_reaches_at_last_needs_no_call(unreached: Appointment) -> None:
    unreached.patient.phone = "+15035550142"
    unreached.patient.save(update_fields=["phone"])
    night_move(unreached, 11)
    assert calls()[0] == ("done", "moved")
    assert [status for status, _ in calls()][1:] in ([], ["done"])


def test_a_time_that_comes_back_is_told_again(visit: Appointment) -> None:
    for hour in (10, 11, 10):
        shift(visit, hour, tell=True)
        dispatch_pending()
    assert kinds() == ["moved"] * 3


@pytest.fixture
def broken(visit: Appointment, world: World, monkeypatch: pytest.MonkeyPatch) -> Appointment:
    """Moved by us, while no text message goes out."""
    duty(world, work_type=CALL)
    monkeypatch.setenv("MEDGUILD_SEND_TEXT", "nonsense://{to}")
    moved = night_move(visit, 10)
    assert Notice.objects.unscoped("test").get().status == NoticeStatus.FAILED
    return moved


def try_again(at: dt.datetime) -> None:
    for attempt in range(1, 5):
        at += dt.timedelta(minutes=2**attempt)
        assert repeat_failed(at=at) == 1


def test_whom_a_message_does_not_reach_in_the_end_is_called(broken: Appointment, noon: dt.datetime) -> None:
    assert calls() == []
    try_again(noon)
    assert calls() == [("open", "")]


def test_whom_the_night_keeps_from_being_told_in_time_is_called(
    broken: Appointment, noon: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MEDGUILD_SEND_TEXT")
    assert repeat_failed(at=noon.replace(hour=21)) == 0
    assert calls() == []
    assert repeat_failed(at=broken.start - dt.timedelta(hours=4)) == 0
    assert calls() == [("open", "")], "from nine on it is too late for a visit at ten"


def test_a_message_that_failed_ends_no_call(unreached: Appointment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDGUILD_SEND_TEXT", "nonsense://{to}")
    unreached.patient.phone = "+15035550142"
    unreached.patient.save(update_fields=["phone"])
    night_move(unreached, 11)
    assert Notice.objects.unscoped("test").filter(status=NoticeStatus.FAILED).count() == 1
    assert calls() == [("done", "moved"), ("open", "")]
