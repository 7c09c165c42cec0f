"""Length of visits beside what came of them, and a changed template before and after: from real rows, page by page."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.operations.demand.effect import effect_of_change
from medguild.operations.demand.models import ThirdNextSample
from medguild.operations.demand.outcomes import Outcome, measures_for, outcomes
from medguild.operations.demand.records import Measure, measured, records, visits_between
from medguild.operations.scheduling.errors import TooShort
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.rules import AppointmentStatus
from medguild.operations.templates.applying import apply_version
from medguild.operations.templates.models import TemplateVersion
from tests.factories.feedback import make_complaint
from tests.factories.scheduling import Schedule, day_here, schedule, wall
from tests.factories.templates import previewed
from tests.factories.world import HOUSE, START, World

pytestmark = pytest.mark.django_db
_DAY = dt.timedelta(days=1)


@pytest.fixture
def manager(world: World) -> Client:
    client = Client()
    client.force_login(world.user(Role.PRACTICE_MANAGER))
    return client


def _seen(plan: Schedule, days_ago: int, **changes: object) -> Appointment:
    """A visit of 30 minutes that was kept so many days ago."""
    start = wall(day_here() - days_ago * _DAY, 10)
    values: dict[str, object] = {
        "patient": changes.pop("patient", None) or plan.another(), "clinician": plan.clinician, "unit": plan.site.unit,
        "entity": plan.office.entity, "visit_type": plan.kind, "start": start,
        "end": start + dt.timedelta(minutes=30), "status": AppointmentStatus.FULFILLED, "booked_at": start - 4 * _DAY,
    }  # fmt: skip
    return Appointment.objects.create(**(values | changes))


def test_what_came_of_visits_is_counted_as_their_list_shows_it(world: World) -> None:
    plan = schedule(world)
    first = _seen(plan, 20)
    _seen(plan, 15, patient=first.patient)  # back within a week
    third = _seen(plan, 9)
    _seen(plan, 1, patient=third.patient)  # back after eight days
    _seen(plan, 12, status=AppointmentStatus.NO_SHOW)
    make_complaint(world, patient=third.patient, at=third.start + 2 * _DAY)
    manager = world.actor(Role.PRACTICE_MANAGER)
    today = day_here()
    rows = visits_between(manager, start=today - 30 * _DAY, end=today, sites=[plan.site])
    (one,) = outcomes(manager, measured(rows, Measure.KEPT), "visit_type_id").values()
    assert (one.visits, one.minutes, one.returned, one.note_late) == (4, 30.0, 1, 4)
    for measure, count in ((Measure.RETURNED, 1), (Measure.NOTE_LATE, 4)):
        assert measured(records(manager), measure).count() == count
    (complaints,) = [measure for measure in measures_for(manager) if measure.key == "feedback.complaints"]
    assert one.per(complaints) == 250.0, "one of four, per thousand"
    assert Outcome().per(complaints) is None
    assert "feedback.complaints" not in {measure.key for measure in measures_for(world.actor(Role.SCHEDULER))}


def test_lengths_stand_beside_outcomes_and_open_their_visits(world: World, manager: Client) -> None:
    plan = schedule(world)
    plan.kind.shortest_minutes = 15
    plan.kind.save()
    _seen(plan, 20)
    text = manager.get(reverse("demand:lengths")).content.decode()
    assert "Shortest allowed" in text
    assert "Complaints within two weeks" in text
    links = {link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"#]+)"', text.split("<main")[1])}
    assert any("measure=returned" in link for link in links)
    for link in links:
        assert manager.get(link).status_code in (200, 302), link
    with pytest.raises(TooShort):
        plan.add(visit_types={plan.kind.pk: 10})


def _changed(plan: Schedule, days_ago: int) -> TemplateVersion:
    """A version that shortened Mondays, in force since so many days."""
    version = apply_version(version=previewed(plan, HOUSE, end_minute=660), by=HOUSE)
    on = day_here() - days_ago * _DAY
    rows = TemplateVersion.objects.unscoped("test").filter(clinician=plan.clinician)
    rows.exclude(pk=version.pk).update(period=(START, on))
    rows.filter(pk=version.pk).update(period=(on, None))
    return TemplateVersion.objects.unscoped("test").get(pk=version.pk)


def test_a_change_is_shown_before_and_after(world: World, manager: Client) -> None:
    plan = schedule(world)
    version = _changed(plan, 14)
    on = day_here() - 14 * _DAY
    _seen(plan, 20)
    _seen(plan, 10)
    last = _seen(plan, 5)
    for day, count in ((on - 7 * _DAY, 9), (on + 7 * _DAY, 3)):
        ThirdNextSample.objects.create(
            day=day, unit=plan.site.unit, visit_type=plan.kind, clinician=plan.clinician, days=count
        )
    found = effect_of_change(HOUSE, clinician_id=plan.clinician.pk, sites=[plan.site], on=on, days=14)
    assert (found["kept"], found["third_next"], found["note_late"]) == ((1, 2), (9.0, 3.0), (100.0, 100.0))
    assert {"feedback.complaints", "charges.charged"} <= found.keys()
    make_complaint(world, patient=last.patient, at=last.start + _DAY)
    listed = manager.get(reverse("demand:changes")).content.decode()
    address = reverse("demand:change", args=[version.pk])
    assert address in listed
    text = manager.get(address).content.decode()
    for words in ("Waiting", "Load of the staff", "Satisfaction of patients", "Revenue", "14 days before and after"):
        assert words in text
    for link in {one.replace("&amp;", "&") for one in re.findall(r'href="(/[^"#]+)"', text.split("<main")[1])}:
        assert manager.get(link).status_code in (200, 302), link
    assert f"{reverse('demand:samples')}?" in text, "samples open what was sampled"
    assert ">500</a>" in text, "one complaint after two visits"
    assert "Worse" not in text, "one complaint is shown, not judged"
    manager.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    assert "Load of the staff" not in manager.get(address).content.decode()


def test_a_change_of_yesterday_is_too_early_to_tell_and_a_foreign_one_is_not_there(
    world: World, manager: Client
) -> None:
    plan = schedule(world)
    address = reverse("demand:change", args=[_changed(plan, 1).pk])
    assert "Too early to tell" in manager.get(address).content.decode()
    stranger = Client()
    stranger.force_login(world.user(Role.PRACTICE_MANAGER, world.member_a.entity))
    assert stranger.get(address).status_code == 404
    assert address not in stranger.get(reverse("demand:changes")).content.decode()
