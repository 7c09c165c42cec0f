"""What came in is answered in the time promised; what was promised to a patient has an owner until it is done."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from medguild.experience.outreach.answering import take_reply
from medguild.experience.outreach.models import Notice
from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotAllowed, NotVisible, Refusal
from medguild.foundation.standards.services import set_standard
from medguild.foundation.work.acts import complete
from medguild.foundation.work.duties import assign_duty
from medguild.foundation.work.models import WorkItem
from medguild.foundation.work.services import NoOwner
from medguild.operations.promises import selectors
from medguild.operations.promises.models import Inquiry
from medguild.operations.promises.recording import ANSWER_TYPES, PROMISE_TYPES
from medguild.operations.promises.rules import Answered, Channel, Kept, PromiseKind
from medguild.operations.promises.services import AnsweredAlready, answer_inquiry, make_promise, receive_inquiry
from medguild.operations.promises.showing import time_words
from medguild.operations.visits.rules import VisitStatus
from tests.factories.scheduling import make_patient, wall
from tests.factories.visits import make_visit
from tests.factories.world import HOUSE, START, World

pytestmark = pytest.mark.django_db
FRIDAY = dt.date(2026, 6, 5)
PHONE = "+15035550142"


def owned(world: World) -> None:
    _ = world.circle
    for kind in (*ANSWER_TYPES.values(), *PROMISE_TYPES.values()):
        assign_duty(work_type=kind, unit=world.main.entity, role=Role.FRONT_DESK, start=START, by=HOUSE)


def came_in(world: World, channel: Channel = Channel.EMAIL, **given: Any) -> Inquiry:
    values = {"text": "When do you open?", "by": HOUSE, "at": wall(FRIDAY, 16)} | given
    return receive_inquiry(site=world.main.site, channel=channel, **values)


def work(key: str) -> list[WorkItem]:
    return list(WorkItem.objects.unscoped("test").filter(work_type=key).order_by("opened_at"))


def test_each_channel_has_its_time_in_open_hours(world: World) -> None:
    owned(world)
    text, mail = came_in(world, Channel.TEXT), came_in(world)
    # Friday at four: one hour is left, three more on Monday; a working day later is Monday at four.
    assert text.due_at == wall(FRIDAY + dt.timedelta(days=3), 11)
    assert mail.due_at == wall(FRIDAY + dt.timedelta(days=3), 16)
    (item,) = work("answer.text")
    assert (item.due_at, item.subject_id) == (text.due_at, text.pk)
    set_standard(key="work.due.answer.text", unit=world.main.site.unit, value=dt.timedelta(hours=1), by=HOUSE)
    assert came_in(world, Channel.TEXT, at=now()).due_at < now() + dt.timedelta(days=4)


def test_an_answer_closes_the_work_once(world: World) -> None:
    owned(world)
    message = came_in(world)
    answer_inquiry(inquiry=message, how=Answered.PHONE, answer="At eight.", by=HOUSE, at=wall(FRIDAY, 17))
    assert [item.status for item in work("answer.email")] == ["done"]
    with pytest.raises(AnsweredAlready):
        answer_inquiry(inquiry=message, how=Answered.PHONE, by=HOUSE)


def test_what_is_known_is_kept_once_and_what_is_wrong_is_refused(world: World) -> None:
    owned(world)
    assert came_in(world, source="x").pk == came_in(world, source="x", text="Again").pk
    with pytest.raises(Refusal):
        came_in(world, text="  ")
    with pytest.raises(Refusal):
        came_in(world, received_at=wall(FRIDAY, 17))
    with pytest.raises(NotAllowed):
        came_in(world, by=world.actor(Role.AUDITOR))


def test_a_promise_has_an_owner_and_a_time(world: World) -> None:
    owned(world)
    patient, nurse = make_patient(world.main), world.user(Role.NURSE, world.main.site.unit)
    item = make_promise(
        kind=PromiseKind.RESULT, site=world.main.site, patient=patient, what="Blood count", owner=nurse, by=HOUSE,
        at=wall(FRIDAY, 16),
    )  # fmt: skip
    assert (item.assignee_id, item.status) == (nurse.pk, "accepted")
    assert item.due_at == wall(FRIDAY + dt.timedelta(days=5), 16)  # three working days
    chosen = make_promise(
        kind=PromiseKind.CALL, site=world.main.site, patient=patient, what="Call", by=HOUSE,
        due_on=FRIDAY + dt.timedelta(days=3), at=wall(FRIDAY, 16),
    )  # fmt: skip
    assert (chosen.due_at, chosen.status) == (wall(FRIDAY + dt.timedelta(days=3), 17), "open")
    assert [one.pk for one in selectors.promises_of(HOUSE, [patient.pk])] == [chosen.pk, item.pk]
    complete(item_id=item.pk, outcome="Told", by=HOUSE)
    assert [one.pk for one in selectors.promises_of(HOUSE, [patient.pk])] == [chosen.pk]


@pytest.mark.parametrize("wrong", [{"what": " "}, {"due_on": dt.date(2020, 1, 1)}])
def test_a_promise_without_words_or_in_the_past_is_refused(world: World, wrong: dict[str, Any]) -> None:
    owned(world)
    given = {"what": "Call", "kind": PromiseKind.CALL} | wrong
    with pytest.raises(Refusal):
        make_promise(site=world.main.site, patient=make_patient(world.main), by=HOUSE, **given)


def test_somebody_who_may_not_see_it_cannot_own_it_and_nobody_is_told_so(world: World) -> None:
    _ = world.circle
    patient = make_patient(world.main)
    with pytest.raises(NoOwner):
        make_promise(kind=PromiseKind.CALL, site=world.main.site, patient=patient, what="Call", by=HOUSE)
    owned(world)
    with pytest.raises(Refusal):
        make_promise(
            kind=PromiseKind.CALL, site=world.main.site, patient=patient, what="Call", by=HOUSE,
            owner=world.user(Role.BILLER),
        )  # fmt: skip


def test_numbers_by_owner_and_by_way(world: World) -> None:
    owned(world)
    at = now()
    patient, nurse = make_patient(world.main), world.user(Role.NURSE, world.main.site.unit)
    long_ago = at - dt.timedelta(days=20)
    for owner in (nurse, nurse, None):
        make_promise(
            kind=PromiseKind.CALL,
            site=world.main.site,
            patient=patient,
            what="Call",
            owner=owner,
            by=HOUSE,
            at=long_ago,
        )
    make_promise(kind=PromiseKind.CALL, site=world.main.site, patient=patient, what="Call", owner=nurse, by=HOUSE)
    done = work("promise.call")[0]
    complete(item_id=done.pk, outcome="Done", by=HOUSE, at=done.opened_at)
    lines = selectors.by_owner(HOUSE, at=at)
    assert [(line.owner, line.live, line.overdue) for line in lines] == [("nurse", 2, 1), ("Front desk", 1, 1)]
    kept = selectors.kept_by_type(HOUSE, types=selectors.promise_types(), at=at)
    assert kept == {"promise.call": Kept(in_time=1, late=0, waiting=1, overdue=2)}
    assert kept["promise.call"].share == 33.3
    assert Kept().share is None


def test_a_promise_is_made_in_one_step_from_the_visit(world: World, client: Client) -> None:
    owned(world)
    visit = make_visit(world, to=VisitStatus.ROOMED)
    nurse = world.user(Role.NURSE, world.main.site.unit)
    client.force_login(nurse)
    page = client.get(f"/visits/{visit.pk}/").content.decode()
    address = f"/promises/add/{visit.patient_id}/?site={visit.site_id}&about=visit:{visit.pk}"
    assert f"/promises/add/{visit.patient_id}/" in page
    client.post(address, {"kind": "result", "what": "Culture", "owner": str(nurse.pk), "due_on": ""})
    (item,) = work("promise.result")
    assert (item.subject_type, item.subject_id, item.assignee_id) == ("visit", visit.pk, nurse.pk)
    assert "Culture" in client.get(f"/visits/{visit.pk}/").content.decode()
    assert "Culture" in client.get("/promises/").content.decode()
    other = make_patient(world.main)
    assert client.get(f"/promises/add/{other.pk}/?about=visit:{visit.pk}").status_code == 404
    assert client.get(f"/promises/add/{other.pk}/?about=visit:nonsense").status_code == 404
    assert client.get("/promises/responses/").status_code == 200


def test_the_desk_writes_down_and_answers(world: World, client: Client) -> None:
    owned(world)
    patient = make_patient(world.main)
    client.force_login(world.user(Role.FRONT_DESK, world.main.site.unit))
    sent = {
        "site": str(world.main.site.unit_id),
        "channel": "fax",
        "text": "Please send the letter.",
        "sender": "Dr. X",
    }
    client.post(f"/promises/messages/new/?patient={patient.pk}", sent)
    message = Inquiry.objects.unscoped("test").get()
    assert (message.patient_id, message.channel) == (patient.pk, "fax")
    assert patient.family_name in client.get("/promises/messages/").content.decode()
    client.post(f"/promises/messages/{message.pk}/", {"how": "letter", "answer": "Sent."})
    message.refresh_from_db()
    assert message.answered_how == "letter"
    client.force_login(world.user(Role.FRONT_DESK, world.member_a.site.unit))
    assert client.get(f"/promises/messages/{message.pk}/").status_code == 404
    with pytest.raises(NotVisible):
        selectors.inquiry(world.actor(Role.FRONT_DESK, world.member_a.site.unit), message.pk)


def test_a_reply_that_no_machine_understands_is_a_message_with_a_clock(world: World) -> None:
    owned(world)
    patient = make_patient(world.main)
    Notice.objects.create(
        patient=patient, unit=world.main.site.unit, kind="recall", source="x", channel="text", address=PHONE,
        status="sent", sent_at=now(),
    )  # fmt: skip
    assert take_reply(address=PHONE, text="Can I come on Tuesday instead?") is None
    message = Inquiry.objects.unscoped("test").get()
    assert (message.patient_id, message.channel, message.sender) == (patient.pk, "text", PHONE)
    assert take_reply(address="+15035550199", text="Who is this?") is None
    assert Inquiry.objects.unscoped("test").count() == 1


def test_times_in_words() -> None:
    assert time_words(dt.timedelta(hours=4)) == "within 4 open hours"
    assert time_words(dt.timedelta(days=1)) == "within 1 working day"


ROW: dict[str, Any] = {"channel": "email", "text": "x", "received_at": now(), "due_at": now() + dt.timedelta(days=1)}


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("inquiry_channel_known", [{"channel": "pigeon"}]),
        ("inquiry_answered_how_known", [{"answered_at": now(), "answered_how": "nod", "answered_by_label": "x"}]),
        ("inquiry_has_text", [{"text": ""}]),
        ("inquiry_due_later", [{"due_at": now() - dt.timedelta(days=9)}]),
        ("inquiry_answer_whole", [{"answer": "Yes"}]),
        ("inquiry_once_per_source", [{"source": "x"}, {"source": "x"}]),
    ],
)
def test_constraints(world: World, name: str, rows: list[dict[str, Any]]) -> None:
    *first, last = [ROW | row for row in rows]
    for row in first:
        Inquiry.objects.create(unit=world.main.site_unit, **row)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Inquiry.objects.create(unit=world.main.site_unit, **last)
