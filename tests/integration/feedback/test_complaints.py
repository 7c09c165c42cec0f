"""Complaints: received, owned, resolved, counted, and seen only by those who answer for the site."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from medguild.experience.feedback import selectors
from medguild.experience.feedback.models import Complaint
from medguild.experience.feedback.numbers_page import complaints_page
from medguild.experience.feedback.rules import ComplaintStatus, Severity
from medguild.experience.feedback.services import ResolvedAlready, resolve_complaint
from medguild.foundation.access.rules import Role
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.models import Event
from medguild.foundation.events.selectors import timeline
from medguild.foundation.kernel.clock import local_date, now
from medguild.foundation.kernel.errors import NotAllowed, Refusal
from medguild.foundation.work.duties import assign_duty
from medguild.foundation.work.models import UnownedNeed, WorkItem
from tests.factories.feedback import make_complaint
from tests.factories.patients import make_patient
from tests.factories.visits import make_walk_in
from tests.factories.world import HOUSE, START, World

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
WORDS = "Nobody ever picks up the telephone."


def item() -> WorkItem:
    return WorkItem.objects.unscoped("test").get(work_type="complaint")


def answers(world: World) -> None:
    assign_duty(work_type="complaint", unit=world.main.entity, role=Role.PRACTICE_MANAGER, start=START, by=HOUSE)


RESOLVED: dict[str, Any] = {
    "status": "resolved",
    "resolution": "Called back",
    "resolved_at": 1,
    "resolved_by_label": "M",
}


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("complaint_channel_known", {"channel": "dream"}),
        ("complaint_category_known", {"category": "weather"}),
        ("complaint_severity_known", {"severity": "grave"}),
        ("complaint_status_known", RESOLVED | {"status": "lost"}),
        ("complaint_has_text", {"text": ""}),
        ("complaint_resolved_whole", {"status": "resolved"}),
        ("complaint_resolved_whole", RESOLVED | {"resolution": ""}),
        ("complaint_resolved_whole", {"resolution": "Called back"}),
        ("complaint_times_in_order", RESOLVED | {"resolved_at": -1}),
    ],
)
def test_constraints(world: World, name: str, changes: dict[str, Any]) -> None:
    begin = now()
    values: dict[str, Any] = {"channel": "phone", "category": "other", "text": WORDS} | changes
    if "resolved_at" in values:
        values["resolved_at"] = begin + values["resolved_at"] * DAY
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Complaint.objects.create(site=world.main.site_unit, received_at=begin, **values)


def test_a_complaint_has_an_owner_and_a_due_time_until_it_is_resolved(world: World) -> None:
    answers(world)
    patient = make_patient(world)
    received = now() - 2 * DAY
    complaint = make_complaint(world, patient=patient, received_at=received, severity=Severity.SERIOUS)
    opened = item()
    assert (opened.subject_id, opened.patient_id, opened.category) == (complaint.pk, patient.pk, "waiting")
    assert opened.due_at == received + 7 * DAY
    assert opened.priority == 4
    manager = world.actor(Role.PRACTICE_MANAGER)
    done = resolve_complaint(complaint=complaint, resolution="Called, said sorry.", by=manager)
    assert (done.status, done.resolved_by_id) == (ComplaintStatus.RESOLVED, manager.id)
    assert (item().status, item().outcome) == ("done", "resolved")
    told = timeline(subjects=[SubjectRef("complaint", complaint.pk)], limit=5)
    assert {event.type for event in told} == {"complaint.received", "complaint.resolved"}
    with pytest.raises(ResolvedAlready):
        resolve_complaint(complaint=complaint, resolution="Again", by=manager)


def test_words_of_patients_stay_out_of_the_log(world: World) -> None:
    complaint = make_complaint(world, text=WORDS)
    resolve_complaint(complaint=complaint, resolution="We told Elena about it", by=HOUSE)
    kept = " ".join(f"{event.subject_label} {event.data}" for event in Event.objects.unscoped("test"))
    assert "telephone" not in kept
    assert "Elena" not in kept


def test_a_complaint_that_nobody_owns_is_kept_red(world: World) -> None:
    make_complaint(world)
    assert UnownedNeed.objects.unscoped("test").filter(work_type="complaint").count() == 1


def test_refusals(world: World) -> None:
    with pytest.raises(Refusal, match="Write what"):
        make_complaint(world, text="  ")
    with pytest.raises(Refusal, match="future"):
        make_complaint(world, received_at=now() + DAY)
    with pytest.raises(NotAllowed):
        make_complaint(world, by=world.actor(Role.CODER))
    with pytest.raises(NotAllowed):
        make_complaint(world, site=world.member_a.site, by=world.actor(Role.FRONT_DESK))
    held = make_complaint(world, by=world.actor(Role.FRONT_DESK))
    with pytest.raises(Refusal, match="what was done"):
        resolve_complaint(complaint=held, resolution=" ", by=HOUSE)
    with pytest.raises(NotAllowed):
        resolve_complaint(complaint=held, resolution="Done", by=world.actor(Role.FRONT_DESK))


def test_numbers_are_per_thousand_visits_and_open_their_rows(world: World, client: Client) -> None:
    for _ in range(2):
        make_walk_in(world, patient=make_patient(world))
    old = make_complaint(world, received_at=now() - 100 * DAY)
    make_complaint(world)
    closed = make_complaint(world, received_at=now() - 2 * DAY)
    resolve_complaint(complaint=closed, resolution="Done", by=HOUSE)
    make_complaint(world, site=world.member_a.site)
    manager = world.actor(Role.PRACTICE_MANAGER)
    end = local_date(now(), world.main.site.time_zone) + DAY
    (found,) = selectors.numbers_of(manager, start=end - 90 * DAY, end=end, sites=[world.main.site])
    assert (found.now.received, found.now.still_open, found.now.visits) == (2, 1, 2)
    assert (found.now.per_thousand, found.now.close_days) == (1_000.0, 2.0)
    assert (found.before.received, found.before.per_thousand) == (1, None)
    shown = complaints_page(manager, [world.main.site], at=now())
    assert shown is not None
    client.force_login(world.user(Role.PRACTICE_MANAGER))
    for href, count in ((shown.whole.href, 2), (shown.whole.open_href, 1), ("/complaints/", 3)):
        assert len(client.get(href).context["table"].rows) == count
    assert old.pk in {row.pk for row in selectors.complaints(manager)}


def test_pages(world: World, client: Client) -> None:
    answers(world)
    patient = make_patient(world)
    client.force_login(world.user(Role.PRACTICE_MANAGER))
    assert b"No complaints" in client.get("/complaints/").content
    day = local_date(now(), world.main.site.time_zone)
    said = {
        "site": str(world.main.site.unit_id), "received_on": day.isoformat(), "channel": "phone", "category": "phone",
        "severity": "moderate", "text": WORDS,
    }  # fmt: skip
    answered = client.post(f"/complaints/new/for/{patient.pk}/", said)
    assert answered.status_code == 302
    page = client.get(answered["Location"])
    assert WORDS.encode() in page.content
    assert client.post("/complaints/new/", said | {"text": ""}).status_code == 422
    later = client.post("/complaints/new/", said | {"received_on": (day + DAY).isoformat()})
    assert later.status_code == 422
    resolve = f"{answered['Location']}resolve/"
    assert client.post(resolve, {"resolution": ""}).status_code == 422
    assert client.post(resolve, {"resolution": "Two more lines"}).status_code == 302
    assert b"Two more lines" in client.get(answered["Location"]).content
    assert client.post(resolve, {"resolution": "Again"}).status_code == 422


def test_the_desk_writes_down_but_does_not_read(world: World, client: Client) -> None:
    client.force_login(world.user(Role.FRONT_DESK))
    complaint = make_complaint(world)
    assert client.get(f"/complaints/{complaint.pk}/").status_code == 403
    assert client.get("/complaints/new/").status_code == 200
