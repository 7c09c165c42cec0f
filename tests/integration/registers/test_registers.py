"""A register: entries, moves, gates, reminders, scope."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import Conflict, NotAllowed, NotVisible, Refusal
from medguild.foundation.registers.kept import REGULATIONS, TECHNOLOGY
from medguild.foundation.registers.models import RegisterEntry
from medguild.foundation.registers.ports import Register
from medguild.foundation.registers.reminders import remind
from medguild.foundation.registers.selectors import entries_visible, entry_for, registers_visible
from medguild.foundation.registers.services import add_entry, change_entry, move_entry, review_entry
from medguild.foundation.work.models import UnownedNeed, WorkItem
from medguild.foundation.work.selectors import subjects_of
from tests.factories.work import duty
from tests.factories.world import HOUSE, World

ANSWERS = {
    "changes_work": "Notes are drafted while the visit runs.",
    "who_uses": "Clinicians of family medicine.",
    "metrics": "Minutes after hours, edits per note.",
    "new_risk": "A wrong draft is signed unread.",
}


def tool(world: World, **changes: Any) -> RegisterEntry:
    wanted: dict[str, Any] = {"register": TECHNOLOGY, "unit": world.main.entity, "title": "Note drafting", "by": HOUSE}
    return add_entry(**(wanted | changes))


def rule(world: World, **changes: Any) -> RegisterEntry:
    wanted: dict[str, Any] = {
        "register": REGULATIONS,
        "unit": world.main.entity,
        "title": "Telehealth after the waiver",
        "source": "CMS",
        "change": "Home is an originating site only for behavioural health.",
        "by": HOUSE,
    }
    return add_entry(**(wanted | changes))


def go(register: Register, entry: RegisterEntry, *steps: str) -> RegisterEntry:
    for step in steps:
        entry = move_entry(register=register, entry_id=entry.pk, to=step, by=HOUSE)
    return entry


def test_a_tool_goes_live_only_with_four_answers_and_an_owner(world: World) -> None:
    entry = go(TECHNOLOGY, tool(world), "approved")
    for question, answer in ANSWERS.items():
        with pytest.raises(Refusal) as refused:
            go(TECHNOLOGY, entry, "live")
        assert (refused.value.code, refused.value.field) == ("unanswered", question)
        change_entry(register=TECHNOLOGY, entry_id=entry.pk, by=HOUSE, **{question: answer})
    with pytest.raises(Refusal) as ownerless:
        go(TECHNOLOGY, entry, "live")
    assert ownerless.value.field == "owner"
    change_entry(register=TECHNOLOGY, entry_id=entry.pk, by=HOUSE, owner=world.user(Role.MEDICAL_DIRECTOR))
    live = go(TECHNOLOGY, entry, "live")
    assert live.live_on == today()  # type: ignore[attr-defined]
    with pytest.raises(Refusal):
        change_entry(register=TECHNOLOGY, entry_id=entry.pk, by=HOUSE, metrics="  ")
    retired = go(TECHNOLOGY, entry, "retired")
    assert (retired.live_on, retired.retired_on) == (today(), today())  # type: ignore[attr-defined]


def test_a_regulation_needs_owner_effect_and_date_to_begin_and_proof_to_end(world: World) -> None:
    entry = go(REGULATIONS, rule(world), "assessed")
    wanted: list[tuple[str, Any]] = [
        ("owner", world.user(Role.COMPLIANCE_OFFICER)),
        ("effect", "Video visits of others end."),
        ("due_on", today() + dt.timedelta(days=30)),
    ]
    for field, value in wanted:
        with pytest.raises(Refusal) as refused:
            go(REGULATIONS, entry, "in_progress")
        assert refused.value.field == field
        change_entry(register=REGULATIONS, entry_id=entry.pk, by=HOUSE, **{field: value})
    go(REGULATIONS, entry, "in_progress")
    with pytest.raises(Refusal) as unproved:
        go(REGULATIONS, entry, "done")
    assert unproved.value.field == "evidence"
    change_entry(register=REGULATIONS, entry_id=entry.pk, by=HOUSE, evidence="Policy 12, signed")
    assert go(REGULATIONS, entry, "done").done_on == today()  # type: ignore[attr-defined]
    assert go(REGULATIONS, entry, "assessed").done_on is None  # type: ignore[attr-defined]
    with pytest.raises(Conflict):
        go(REGULATIONS, entry, "new")


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"title": " "}, "title"), ({"source": ""}, "source"), ({"evidence_url": "javascript:alert(1)"}, "evidence_url")],
)
def test_what_an_entry_must_say(world: World, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        rule(world, **changes)
    assert refused.value.field == field
    with pytest.raises(TypeError):
        rule(world, colour="red")


def test_rights_and_scope(world: World) -> None:
    of_the_group, theirs = rule(world, unit=world.enterprise), rule(world, unit=world.member_b.entity)
    member = world.actor(Role.PRACTICE_MANAGER, world.member_a.entity)
    assert list(entries_visible(member, REGULATIONS)) == [of_the_group]
    with pytest.raises(NotVisible):
        entry_for(member, REGULATIONS, theirs.pk)
    officer = world.actor(Role.COMPLIANCE_OFFICER, world.member_a.entity)
    with pytest.raises(NotAllowed):
        change_entry(register=REGULATIONS, entry_id=of_the_group.pk, by=officer, effect="none")
    with pytest.raises(NotVisible):
        move_entry(register=REGULATIONS, entry_id=theirs.pk, to="assessed", by=officer)
    with pytest.raises(NotAllowed):
        rule(world, by=officer)
    assert registers_visible(world.actor(Role.FRONT_DESK)) == [TECHNOLOGY]
    assert not entries_visible(world.actor(Role.FRONT_DESK), REGULATIONS).exists()


def test_a_due_review_becomes_work_of_the_owner_once(world: World) -> None:
    duty(world, work_type="regulations.review", role=Role.COMPLIANCE_OFFICER, backup_role=None)
    officer = world.user(Role.COMPLIANCE_OFFICER)
    entry = rule(world, review_on=today(), owner=officer)
    rule(world, review_on=today() + dt.timedelta(days=1))
    assert (remind(by=HOUSE), remind(by=HOUSE)) == (1, 1)
    item = WorkItem.objects.unscoped("test").get()
    assert (item.assignee, item.category) == (officer, "review")
    actor = world.actor(Role.COMPLIANCE_OFFICER)
    assert subjects_of(actor, [item])[entry.pk].label == entry.title
    with pytest.raises(Refusal) as past:
        review_entry(register=REGULATIONS, entry_id=entry.pk, next_review=today(), by=actor)
    assert past.value.field == "next_review"
    review_entry(register=REGULATIONS, entry_id=entry.pk, next_review=today() + dt.timedelta(days=90), by=actor)
    item.refresh_from_db()
    assert (item.status, item.outcome) == ("done", "reviewed")
    assert remind(by=HOUSE) == 0


def test_a_passed_deadline_is_reminded_of_until_the_entry_is_closed(world: World) -> None:
    duty(world, work_type="regulations.review", role=Role.COMPLIANCE_OFFICER, backup_role=None)
    outsider = world.user(Role.FRONT_DESK)
    entry = rule(world, due_on=today(), owner=outsider)
    remind(by=HOUSE)
    item = WorkItem.objects.unscoped("test").get()
    assert (item.assignee, item.category) == (None, "deadline")
    change_entry(register=REGULATIONS, entry_id=entry.pk, by=HOUSE, due_on=today() - dt.timedelta(days=1))
    remind(by=HOUSE)
    assert sorted(WorkItem.objects.unscoped("test").values_list("status", flat=True)) == ["done", "open"]
    go(REGULATIONS, entry, "not_applicable")
    assert set(WorkItem.objects.unscoped("test").values_list("status", flat=True)) == {"done"}
    assert remind(by=HOUSE) == 0


def test_a_reminder_that_nobody_owns_is_not_lost(world: World) -> None:
    rule(world, review_on=today())
    remind(by=HOUSE)
    assert UnownedNeed.objects.unscoped("test").get().work_type == "regulations.review"


def test_every_step_is_told(world: World) -> None:
    entry = go(TECHNOLOGY, tool(world), "approved")
    change_entry(register=TECHNOLOGY, entry_id=entry.pk, by=HOUSE, vendor="Elm Tools")
    events = Event.objects.unscoped("test").filter(subject_type="technology", subject_id=entry.pk).order_by("pk")
    assert [event.type for event in events] == ["register.added", "register.moved", "register.changed"]


def test_a_list_is_one_question(world: World) -> None:
    actor = world.actor(Role.COMPLIANCE_OFFICER)
    for _ in range(5):
        rule(world)
    with CaptureQueriesContext(connection) as queries:
        assert len([(row.unit.name, row.owner) for row in entries_visible(actor, REGULATIONS)]) == 5
    assert len(queries) == 2


def test_today_is_the_day_of_the_desk_not_of_utc(world: World) -> None:
    """At five in the afternoon in Oregon it is tomorrow in UTC: tomorrow is still to come, and today is today."""
    evening = dt.datetime(2026, 11, 3, 17, 30, tzinfo=ZoneInfo("America/Los_Angeles"))
    day = evening.date()
    with timezone.override("America/Los_Angeles"):
        entry = rule(world, at=evening)
        assert entry.review_on == day + REGULATIONS.review_every
        tomorrow = day + dt.timedelta(days=1)
        with pytest.raises(Refusal) as refused:
            review_entry(register=REGULATIONS, entry_id=entry.pk, next_review=day, by=HOUSE, at=evening)
        assert refused.value.field == "next_review"
        reviewed = review_entry(register=REGULATIONS, entry_id=entry.pk, next_review=tomorrow, by=HOUSE, at=evening)
        assert (reviewed.reviewed_on, reviewed.review_on) == (day, tomorrow)
        said = {"effect": "Fewer video visits", "due_on": day, "evidence": "Policy 12"}
        done = rule(world, owner=world.user(Role.COMPLIANCE_OFFICER), at=evening, **said)
        for step in ("assessed", "in_progress", "done"):
            done = move_entry(register=REGULATIONS, entry_id=done.pk, to=step, by=HOUSE, at=evening)
        assert done.done_on == day  # type: ignore[attr-defined]
