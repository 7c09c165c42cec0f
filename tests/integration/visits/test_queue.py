"""Walk-ins are queued by rule; the next is called in by a message, once somebody presses the button."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from medguild.experience.outreach.sinks import outbox
from medguild.foundation.access.rules import Role
from medguild.foundation.events.dispatch import dispatch_pending
from medguild.foundation.kernel.clock import now
from medguild.operations.visits.arrival import walk_in
from medguild.operations.visits.errors import WrongStep
from medguild.operations.visits.flow import start_clinician
from medguild.operations.visits.line import waiting_line
from medguild.operations.visits.models import Visit
from medguild.operations.visits.queue_rules import Urgency
from medguild.operations.visits.queueing import call_in, set_urgency
from medguild.operations.visits.rules import IdentityProof, VisitStatus
from tests.factories.visits import make_appointment, make_visit, patient_of
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.OUTBOX = tmp_path


def walks_in(world: World, minutes_ago: int = 0, **given: Any) -> Visit:
    _ = world.circle
    return walk_in(
        patient=given.pop("patient", None) or patient_of(world), site=world.main.site, clinician=world.main.clinician,
        reason="Cough", identity=IdentityProof.KNOWN, by=HOUSE, at=now() - dt.timedelta(minutes=minutes_ago), **given,
    )  # fmt: skip


def keys(world: World) -> list[tuple[Any, int]]:
    return [(line.visit.pk, line.before) for line in waiting_line(HOUSE, world.main.site, at=now())]


def test_the_urgent_come_first_then_who_came_first(world: World) -> None:
    first, second = walks_in(world, 20), walks_in(world, 10)
    urgent = walks_in(world, 5, urgency=Urgency.URGENT)
    assert keys(world) == [(urgent.pk, 0), (first.pk, 1), (second.pk, 2)]
    set_urgency(visit=Visit.objects.unscoped("t").get(pk=second.pk), urgency=Urgency.URGENT, by=HOUSE)
    assert [pk for pk, _before in keys(world)] == [second.pk, urgent.pk, first.pk]
    minutes = [line.minutes for line in waiting_line(HOUSE, world.main.site, at=now())]
    assert minutes == [0, 15, 30]


def test_time_is_kept_for_who_is_expected(world: World) -> None:
    make_appointment(world)
    walks_in(world, patient=patient_of(world))
    (line,) = waiting_line(HOUSE, world.main.site, at=now())
    assert line.minutes == 0
    assert line.before == 0


def test_who_is_with_the_clinician_no_longer_waits_but_keeps_others_waiting(world: World) -> None:
    seen, other = walks_in(world, 2), walks_in(world, 1)
    start_clinician(visit=Visit.objects.unscoped("t").get(pk=seen.pk), by=HOUSE)
    (line,) = waiting_line(HOUSE, world.main.site, at=now())
    assert (line.visit.pk, line.before) == (other.pk, 0)
    assert 14 <= line.minutes <= 15


def test_the_call_is_told_once_and_again_when_pressed_again(world: World) -> None:
    visit = walks_in(world)
    visit.patient.phone, visit.patient.language = "+15035550142", "es"
    visit.patient.save(update_fields=["phone", "language"])
    called = call_in(visit=visit, by=HOUSE)
    assert called.called_at is not None
    dispatch_pending()
    dispatch_pending()
    (line,) = [json.loads(one) for one in outbox().read_text("utf-8").splitlines()]
    assert line["to"] == "+15035550142"
    assert "Cough" not in line["words"]
    start_clinician(visit=Visit.objects.unscoped("t").get(pk=visit.pk), by=HOUSE)
    with pytest.raises(WrongStep):
        call_in(visit=Visit.objects.unscoped("t").get(pk=visit.pk), by=HOUSE)


def test_the_desk_works_the_queue(world: World, client: Client) -> None:
    visit = walks_in(world)
    user = world.user(Role.FRONT_DESK, world.main.site.unit)
    client.force_login(user)
    site = world.main.site.unit_id
    assert client.get("/visits/queue/").headers["Location"] == f"/visits/queue/{site}/"
    page = client.get(f"/visits/queue/{site}/")
    assert visit.patient.family_name in page.content.decode()
    version = page.context["version"]
    assert client.get(f"/visits/queue/{site}/poll/", {"version": version}).status_code in (200, 204)
    client.post(f"/visits/{visit.pk}/urgency/", {"urgency": "soon"})
    client.post(f"/visits/{visit.pk}/urgency/", {"urgency": "whenever"})
    client.post(f"/visits/{visit.pk}/call-in/")
    held = Visit.objects.unscoped("t").get(pk=visit.pk)
    assert (held.urgency, held.called_at is None) == ("soon", False)
    assert b"Call again" in client.get(f"/visits/queue/{site}/").content


def test_a_visit_that_is_over_is_not_ranked(world: World) -> None:
    visit = make_visit(world, to=VisitStatus.LEFT)
    with pytest.raises(WrongStep):
        set_urgency(visit=visit, urgency=Urgency.SOON, by=HOUSE)
