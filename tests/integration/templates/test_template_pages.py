"""Pages of versions: begin, edit many blocks, preview, choose, apply; other times; holidays; limits with their link."""

from __future__ import annotations

import datetime as dt
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.foundation.events.dispatch import dispatch_pending
from medguild.foundation.kernel.clock import today
from medguild.foundation.organization.models import Closure
from medguild.operations.scheduling.rules import AbsenceKind
from medguild.operations.scheduling.templating import record_absence, remove_absence
from medguild.operations.templates.applying import apply_version
from medguild.operations.templates.block_rules import HeldDraft
from medguild.operations.templates.drafting import blocks_of, write_version
from medguild.operations.templates.holiday_rules import holidays_of
from medguild.operations.templates.models import MovePlan, PlannedMove, TemplateVersion
from medguild.operations.templates.moving import carry_out, choose
from medguild.operations.templates.rules import Choice, MoveStatus, PlanStatus, VersionStatus
from tests.factories.scheduling import Schedule, schedule, wall
from tests.factories.templates import a_block, begin, fresh, moves_of, previewed
from tests.factories.world import World

WEEK = dt.timedelta(weeks=1)


@pytest.fixture
def plan(world: World) -> Schedule:
    return schedule(world, world.actor(Role.PRACTICE_MANAGER))


@pytest.fixture
def manager(world: World, plan: Schedule, client: Client) -> Client:
    client.force_login(world.user(Role.PRACTICE_MANAGER))
    return client


def said(answer: Any) -> str:
    return unescape(answer.content.decode())


def block_data(plan: Schedule, number: int, **changes: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "weekday": 0, "starts": "09:00", "ends": "12:00", "unit": plan.site.unit_id, "room": "", "every_weeks": 1,
        "week_of": "", "step_minutes": 20, "capacity": 1, "overbook_limit": 1, f"minutes_{plan.kind.pk}": 20,
    }  # fmt: skip
    for part in range(2):
        held = f"held{part}_"
        fields |= {f"{held}from": "", f"{held}until": "", f"{held}purpose": "same_day", f"{held}ahead": 1,
                   f"{held}unit": "days"}  # fmt: skip
    return {f"b{number}-{name}": value for name, value in (fields | changes).items()}


def posted(plan: Schedule, *blocks: dict[str, Any], start: dt.date, act: str = "save") -> dict[str, Any]:
    data: dict[str, Any] = {
        "name": "Shorter",
        "start": start.isoformat(),
        "note": "",
        "blocks": len(blocks),
        "act": act,
    }
    for number, changes in enumerate(blocks):
        data |= block_data(plan, number, **changes)
    return data


def test_from_the_list_to_a_draft(plan: Schedule, manager: Client) -> None:
    _ = plan.session
    assert plan.clinician.label() in said(manager.get(reverse("templates:list")))
    page = said(manager.get(reverse("templates:history", args=[plan.clinician.pk])))
    assert "No versions yet" in page
    assert "Follow up, 20 min" in page
    begin_url = reverse("templates:begin", args=[plan.clinician.pk])
    assert manager.post(begin_url, {"start": "2020-01-01"}).status_code == 422
    answer = manager.post(begin_url, {"start": plan.monday.isoformat(), "name": "Summer"})
    version = TemplateVersion.objects.unscoped("test").get(status=VersionStatus.DRAFT)
    assert answer.headers["Location"] == reverse("templates:edit", args=[version.pk])
    assert "Summer" in said(manager.get(reverse("templates:list")))


def test_many_blocks_are_written_at_once(plan: Schedule, manager: Client) -> None:
    version = begin(plan, plan.by)
    url = reverse("templates:edit", args=[version.pk])
    page = said(manager.get(url))
    assert 'name="b0-starts"' in page
    assert 'name="b1-starts"' in page
    held = {"held0_from": "11:00", "held0_until": "12:00", "held0_ahead": 2}
    blocks = (held, {"weekday": 2, "every_weeks": 2}, {"starts": "", "ends": ""}, {"weekday": 4, "gone": "on"})
    assert manager.post(url, posted(plan, *blocks, start=plan.monday, act="more")).status_code == 302
    first, second = blocks_of(version)
    assert (first.held[0].start_minute, first.held[0].release_days) == (660, 2)
    assert (second.weekday, second.every_weeks) == (2, 2)
    again = said(manager.get(url))
    assert "11:00" in again
    assert "every 2 weeks" in again


def test_what_the_form_does_not_offer_is_kept(world: World, plan: Schedule, client: Client) -> None:
    """A block at a site that the manager does not keep, and three held parts, come back as they were."""
    _ = world.circle
    client.force_login(world.user(Role.PRACTICE_MANAGER, plan.site.unit))
    parts = tuple(HeldDraft(540 + 20 * number, 560 + 20 * number, release_days=number) for number in range(3))
    version = begin(plan, plan.by)
    away = a_block(world.second.site.unit_id, plan.kind, held=parts)
    write_version(version=version, blocks=[away], by=plan.by)
    url = reverse("templates:edit", args=[version.pk])
    held = {
        f"held{number}_{name}": value
        for number in range(3)
        for name, value in (
            ("from", f"09:{20 * number:02d}"), ("until", f"{9 + (number + 1) // 3:02d}:{20 * (number + 1) % 60:02d}"),
            ("purpose", "same_day"), ("ahead", number), ("unit", "days"),
        )
    }  # fmt: skip
    answer = client.post(url, posted(plan, {"unit": world.second.site.unit_id, **held}, start=plan.monday))
    assert answer.status_code == 302
    assert blocks_of(version) == [away]


@pytest.mark.parametrize(
    "changes",
    [
        {"ends": ""},
        {"held0_from": "10:00"},
        {"held0_from": "10:00", "held0_until": "11:00", "held0_purpose": "kinds"},
        {"held0_from": "07:00", "held0_until": "08:00"},
        {"ends": "08:00"},
        {"step_minutes": ""},
    ],
    ids=["no end", "half a part", "no kinds", "part outside", "backwards", "no step"],
)
def test_a_wrong_block_is_said_and_what_was_typed_stays(plan: Schedule, manager: Client, changes: Any) -> None:
    version = begin(plan, plan.by)
    answer = manager.post(
        reverse("templates:edit", args=[version.pk]), posted(plan, {"starts": "09:10", **changes}, start=plan.monday)
    )
    assert answer.status_code == 422
    assert "09:10" in said(answer)
    assert blocks_of(version)[0].start_minute == 540


def test_preview_choose_apply_and_move(plan: Schedule, manager: Client) -> None:
    visit = plan.book(10)
    version = begin(plan, plan.by)
    url = reverse("templates:edit", args=[version.pk])
    answer = manager.post(url, posted(plan, {"ends": "10:00"}, start=plan.monday, act="preview"))
    preview_url = reverse("templates:preview", args=[version.pk])
    assert answer.headers["Location"] == preview_url
    page = said(manager.get(preview_url))
    for words in ("1 visit must move", "No session at that time any more", "Same clinician, same site", "+0 / −"):
        assert words in page
    manager.cookies["django_language"] = "es"
    assert "Hay que mover 1 cita" in said(manager.get(preview_url))
    del manager.cookies["django_language"]
    moves = MovePlan.objects.unscoped("test").get()
    assert "Apply the version first" in said(manager.post(reverse("templates:start", args=[moves.pk]), follow=True))
    assert manager.post(reverse("templates:accept_all", args=[moves.pk])).headers["Location"] == preview_url
    answer = manager.post(reverse("templates:apply", args=[version.pk]))
    assert answer.headers["Location"] == reverse("templates:moves", args=[moves.pk])
    carry_out(plan_id=moves.pk)
    assert fresh(visit).start == wall(plan.monday, 9, 40)
    assert "All settled" in said(manager.get(reverse("templates:moves", args=[moves.pk])))
    assert manager.get(url).headers["Location"] == reverse("templates:show", args=[version.pk])


def test_a_visit_that_could_not_be_moved_says_why(plan: Schedule, manager: Client) -> None:
    plan.book(10)
    version = previewed(plan, plan.by, end_minute=600)
    (row,) = moves_of(version)
    choose(plan=row.plan, choice=Choice.ACCEPT, by=plan.by)
    apply_version(version=version, by=plan.by)
    plan.book(9, 40, patient=plan.another())
    carry_out(plan_id=row.plan_id)
    address = reverse("templates:moves", args=[row.plan_id])
    assert "The time was taken meanwhile" in said(manager.get(address))
    table = b"".join(manager.get(address, {"_export": "moves"}))
    assert b"Still to be moved: The time was taken meanwhile" in table
    PlannedMove.objects.unscoped("test").update(failure="something_new")
    assert "Not possible as chosen" in said(manager.get(address))


def test_another_time_is_picked_from_the_template_to_come(plan: Schedule, manager: Client) -> None:
    plan.book(10)
    version = previewed(plan, plan.by, start_minute=780, end_minute=900)
    (move,) = moves_of(version)
    url = reverse("templates:pick", args=[move.pk])
    page = said(manager.get(url))
    value = f"{wall(plan.monday, 14).isoformat()}|{plan.clinician.pk}|{plan.site.unit_id}"
    assert value in page
    assert wall(plan.monday, 9).isoformat() not in page, "that time is gone with the new version"
    assert "Choose one of the times" in said(manager.post(url, {"time": "odd"}, follow=True))
    manager.post(url, {"time": value})
    (move,) = moves_of(version)
    assert (move.choice, move.to_start) == (Choice.OTHER, wall(plan.monday, 14))
    assert "Move to another time" in said(manager.get(reverse("templates:preview", args=[version.pk])))


def test_choices_in_bulk(plan: Schedule, manager: Client) -> None:
    for minute in (0, 20):
        plan.book(10, minute, patient=plan.another())
    version = previewed(plan, plan.by, end_minute=600)
    rows = moves_of(version)
    manager.post(reverse("templates:preview", args=[version.pk]), {"_bulk": "bump", "ids": [str(rows[0].pk)]})
    assert [row.choice for row in moves_of(version)] == [Choice.BUMP, Choice.NONE]
    assert {row.status for row in moves_of(version)} == {MoveStatus.OPEN}


def test_a_stale_preview_says_so(plan: Schedule, manager: Client) -> None:
    version = previewed(plan, plan.by, end_minute=600)
    url = reverse("templates:preview", args=[version.pk])
    assert "out of date" not in said(manager.get(url))
    plan.book(10)
    assert "out of date" in said(manager.get(url))
    assert "since the preview" in said(manager.post(reverse("templates:apply", args=[version.pk]), follow=True))
    manager.post(reverse("templates:make_preview", args=[version.pk]))
    assert "out of date" not in said(manager.get(url))


def test_outside_of_the_limits_there_is_a_link_to_ask(plan: Schedule, manager: Client) -> None:
    version = previewed(plan, plan.by, visit_types={plan.kind.pk: 5})
    page = said(manager.get(reverse("templates:preview", args=[version.pk])))
    assert reverse("standards:deviate", args=["templates.shortest_visit"]) in page
    assert "Apply this version" not in page


def test_copy_and_discard(world: World, plan: Schedule, manager: Client) -> None:
    other = world.clinician(plan.site.unit)
    version = begin(plan, plan.by)
    url = reverse("templates:copy", args=[version.pk])
    assert "Choose a clinician" in said(manager.post(url, {"source": ""}, follow=True))
    manager.post(url, {"source": str(other.pk)})
    assert blocks_of(version) == []
    manager.post(reverse("templates:discard", args=[version.pk]))
    assert not TemplateVersion.objects.unscoped("test").filter(pk=version.pk).exists()


def coming_holiday(plan: Schedule) -> dt.date:
    found = [one.day for year in (today().year, today().year + 1) for one in holidays_of(plan.site.state, year)]
    return min(day for day in found if day > today() + WEEK)


def test_holidays_close_the_site_and_list_the_visits(plan: Schedule, manager: Client) -> None:
    day = coming_holiday(plan)
    plan.session = plan.add(weekday=day.weekday())
    visit = plan.book(start=wall(day, 9))
    url = f"{reverse('templates:holidays', args=[plan.site.unit_id])}?year={day.year}"
    assert "Christmas" in said(manager.get(url))
    page = said(manager.post(url, {"day": [day.isoformat()]}, follow=True))
    assert Closure.objects.filter(unit_id=plan.site.unit_id, day=day).exists()
    moves = MovePlan.objects.unscoped("test").get()
    assert reverse("templates:moves", args=[moves.pk]) in page
    manager.post(reverse("templates:accept_all", args=[moves.pk]))
    manager.post(reverse("templates:start", args=[moves.pk]))
    carry_out(plan_id=moves.pk)
    assert fresh(visit).start.date() != day
    manager.post(url, {"day": []})
    assert not Closure.objects.filter(unit_id=plan.site.unit_id).exists()


def test_a_day_that_is_open_again_moves_nobody(plan: Schedule, manager: Client) -> None:
    day = coming_holiday(plan)
    plan.session = plan.add(weekday=day.weekday())
    visit = plan.book(start=wall(day, 9))
    url = f"{reverse('templates:holidays', args=[plan.site.unit_id])}?year={day.year}"
    manager.post(url, {"day": [day.isoformat()]})
    manager.post(url, {"day": []})
    moves = MovePlan.objects.unscoped("test").get()
    assert moves.status == PlanStatus.DONE
    assert fresh(visit).start == wall(day, 9)


def test_an_absence_lists_its_visits_by_itself_and_on_the_page(plan: Schedule, manager: Client) -> None:
    visit = plan.book(9)
    plan.book(11, patient=plan.another())
    absence = record_absence(
        clinician=plan.clinician, start=wall(plan.monday, 8), end=wall(plan.monday, 10), kind=AbsenceKind.SICK,
        by=plan.by,
    )  # fmt: skip
    dispatch_pending()
    moves = MovePlan.objects.unscoped("test").get()
    assert [row.appointment_id for row in moves.moves.unscoped("test")] == [visit.pk]
    answer = manager.post(reverse("templates:of_absence", args=[absence.pk]))
    assert answer.headers["Location"] == reverse("templates:moves", args=[moves.pk])
    page = said(manager.get(answer.headers["Location"]))
    assert "The clinician is away" in page
    remove_absence(absence=absence, by=plan.by)
    dispatch_pending()
    moves.refresh_from_db()
    assert moves.status == PlanStatus.DONE
