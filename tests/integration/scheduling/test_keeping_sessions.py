"""Pages on which a manager keeps sessions, absences and kinds of visits."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.foundation.ui.instants import day_text
from medguild.operations.scheduling.models import Absence, Session, SessionException, VisitType
from medguild.operations.scheduling.selectors import find_slots
from tests.factories.scheduling import Schedule, schedule
from tests.factories.world import HOUSE, World


@pytest.fixture
def plan(world: World) -> Schedule:
    made = schedule(world, world.actor(Role.SCHEDULER))
    _ = made.session
    return made


@pytest.fixture
def manager(world: World, plan: Schedule) -> Client:
    client = Client()
    client.force_login(world.user(Role.PRACTICE_MANAGER))
    return client


def session_data(plan: Schedule, **changes: object) -> dict[str, object]:
    return {
        "clinician": plan.clinician.pk, "weekday": 1, "starts": "13:00", "ends": "17:00", "every_weeks": 2,
        "start": plan.monday, "step_minutes": 20, "capacity": 1, "overbook_limit": 1, f"minutes_{plan.kind.pk}": 40,
    } | changes  # fmt: skip


def test_a_manager_keeps_the_template(plan: Schedule, manager: Client) -> None:
    site = plan.site.unit_id
    assert manager.get(reverse("scheduling:templates"), follow=True).status_code == 200
    add = reverse("scheduling:add_session", args=[site])
    assert manager.get(add).status_code == 200
    assert manager.post(add, session_data(plan, ends="12:00")).status_code == 422
    assert manager.post(add, session_data(plan)).status_code == 302
    session = Session.objects.unscoped("test").get(weekday=1)
    assert (session.start_minute, session.end_minute, session.every_weeks) == (780, 1020, 2)
    page = manager.get(reverse("scheduling:templates_of", args=[site])).content.decode()
    assert "Tuesday 1:00 PM–5:00 PM" in page
    assert "every 2 weeks" in page
    revise = reverse("scheduling:revise_session", args=[session.pk])
    assert 'value="13:00"' in manager.get(revise).content.decode()
    later = plan.monday + dt.timedelta(weeks=4)
    assert manager.post(revise, session_data(plan, starts="14:00", ends="00:00", start=later)).status_code == 302
    assert Session.objects.unscoped("test").get(start_minute=840).end_minute == 1440


def test_a_manager_adds_a_session_of_one_day(plan: Schedule, manager: Client) -> None:
    """Whatever weekday stands in the form; a weekly session on another day is not in its way."""
    _ = plan.session
    saturday = plan.monday + dt.timedelta(days=5)
    add = reverse("scheduling:add_session", args=[plan.site.unit_id])
    assert manager.post(add, session_data(plan, start=saturday, once="on")).status_code == 302
    extra = Session.objects.unscoped("test").get(extra=True)
    assert (extra.weekday, extra.period.lower, extra.period.upper) == (5, saturday, saturday + dt.timedelta(days=1))
    found = find_slots(actor=HOUSE, visit_type_id=plan.kind.pk, start=saturday, end=saturday + dt.timedelta(weeks=2))
    weeks = [plan.monday + dt.timedelta(weeks=number) for number in (1, 2)]
    assert sorted({one.day for one in found}) == [saturday, *weeks]


def test_a_manager_cancels_restores_and_ends(plan: Schedule, manager: Client) -> None:
    cancel = reverse("scheduling:cancel_session", args=[plan.session.pk])
    assert manager.get(cancel).status_code == 200
    assert manager.post(cancel, {"day": plan.monday + dt.timedelta(days=1), "reason": "x"}).status_code == 422
    assert manager.post(cancel, {"day": plan.monday, "reason": "training"}).status_code == 302
    off = SessionException.objects.unscoped("test").get()
    assert "training" in manager.get(reverse("scheduling:templates_of", args=[plan.site.unit_id])).content.decode()
    assert manager.post(reverse("scheduling:restore_session", args=[off.pk])).status_code == 302
    assert not SessionException.objects.unscoped("test").exists()
    end = reverse("scheduling:end_session", args=[plan.session.pk])
    assert manager.get(end).status_code == 200
    assert manager.post(end, {"on": plan.monday}).status_code == 302
    assert manager.post(end, {"on": plan.monday}).status_code == 422


def test_a_manager_records_absences(plan: Schedule, manager: Client) -> None:
    add = reverse("scheduling:add_absence", args=[plan.site.unit_id])
    day = plan.monday
    data = {"clinician": plan.clinician.pk, "kind": "vacation", "first_day": day, "last_day": day}
    assert manager.get(add).status_code == 200
    assert manager.post(add, data | {"from_time": "10:00", "until_time": "09:00"}).status_code == 422
    year_ago = {"first_day": "2025-12-10", "last_day": "2025-12-11"}
    assert "over already" in manager.post(add, data | year_ago).content.decode()
    assert manager.post(add, data).status_code == 302
    away = Absence.objects.unscoped("test").get()
    assert away.during.upper - away.during.lower == dt.timedelta(days=1)
    page = manager.get(reverse("scheduling:templates_of", args=[plan.site.unit_id])).content.decode()
    assert "Vacation" in page
    assert f">{day_text(day)}<" in page, "a whole day is one day, not midnight to midnight"
    assert manager.post(reverse("scheduling:remove_absence", args=[away.pk])).status_code == 302
    assert not Absence.objects.unscoped("test").exists()


def test_a_manager_keeps_kinds_of_visits(plan: Schedule, manager: Client) -> None:
    data = {
        "code": "annual", "name": "Annual", "minutes": 40, "modes": ["in_person", "video"], "patient_kind": "any",
        "colour": "green", "active": "on", "owner": plan.office.entity.pk, "prep_minutes": 0, "clean_up_minutes": 0,
    }  # fmt: skip
    add = reverse("scheduling:add_visit_type")
    assert manager.get(add).status_code == 200
    assert manager.post(add, data | {"minutes": 1}).status_code == 422
    assert manager.post(add, data).status_code == 302
    kind = VisitType.objects.get(code="annual")
    assert kind.modes == ["in_person", "video"]
    change = reverse("scheduling:change_visit_type", args=[kind.pk])
    assert 'value="Annual"' in manager.get(change).content.decode()
    assert manager.post(add, data).status_code == 422  # the code is taken
    assert "Annual" in manager.get(reverse("scheduling:visit_types")).content.decode()
