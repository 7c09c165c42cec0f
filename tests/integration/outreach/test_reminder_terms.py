"""A kind of visit may have its own hours of reminders, from a day on; others follow the site."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.test.utils import CaptureQueriesContext

from medguild.experience.outreach.models import Notice, ReminderTerms
from medguild.experience.outreach.reminding import remind
from medguild.experience.outreach.terms import end_terms, own_leads, set_terms
from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import NotAllowed, Refusal
from medguild.operations.scheduling.models import Appointment, VisitType
from tests.factories.scheduling import Schedule, schedule, visit_type, wall
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def plan(world: World) -> Schedule:
    _ = world.enterprise
    return schedule(world)


@pytest.fixture
def long(plan: Schedule) -> VisitType:
    """A kind that needs preparation, in the same sessions."""
    kind = visit_type("colonoscopy", 20)
    plan.add(visit_types={plan.kind.pk: 20, kind.pk: 20})
    return kind


def booked(plan: Schedule, hour: int, kind: VisitType) -> Appointment:
    patient = plan.another()
    patient.phone = f"+150355501{hour:02d}"
    patient.save(update_fields=["phone"])
    _ = plan.__dict__.setdefault("session", None)
    return plan.book(hour, patient=patient, visit_type=kind, at=wall(plan.monday, 9) - dt.timedelta(days=20))


def before(plan: Schedule, days: int) -> dt.datetime:
    return wall(plan.monday - days * DAY, 12)


def reminded(plan: Schedule, days: int) -> set[str]:
    """Kinds of the visits that are reminded of so many days before."""
    known = set(Notice.objects.unscoped("test").values_list("pk", flat=True))
    remind(at=before(plan, days))
    rows = Notice.objects.unscoped("test").exclude(pk__in=known)
    return set(rows.values_list("appointment__visit_type__code", flat=True))


def test_a_kind_with_its_own_hours_is_reminded_of_earlier(plan: Schedule, long: VisitType) -> None:
    booked(plan, 9, plan.kind)
    booked(plan, 10, long)
    set_terms(visit_type=long, first_hours=144, last_hours=48, start=today(), by=HOUSE)
    told = {days: reminded(plan, days) for days in (6, 5, 3, 2, 1)}
    assert told == {6: {"colonoscopy"}, 5: set(), 3: {"follow_up"}, 2: {"colonoscopy"}, 1: {"follow_up"}}


def test_a_kind_may_be_reminded_of_never_or_alone(plan: Schedule, long: VisitType) -> None:
    booked(plan, 9, plan.kind)
    booked(plan, 10, long)
    set_terms(visit_type=plan.kind, first_hours=0, last_hours=0, start=today(), by=HOUSE)
    assert [reminded(plan, days) for days in (3, 1)] == [{"colonoscopy"}] * 2


def test_hours_hold_from_their_day_on(plan: Schedule, long: VisitType) -> None:
    first = set_terms(visit_type=long, first_hours=240, last_hours=0, start=today(), by=HOUSE)
    later = set_terms(visit_type=long, first_hours=96, last_hours=24, start=today() + 7 * DAY, by=HOUSE)
    at = {days: list(own_leads(on=today() + days * DAY).get(long.pk, [])) for days in (0, 6, 7, 90)}
    assert at == {0: [240], 6: [240], 7: [96, 24], 90: [96, 24]}
    end_terms(row=later, by=HOUSE)
    assert [long.pk in own_leads(on=today() + days * DAY) for days in (0, 7)] == [True, False]
    set_terms(visit_type=long, first_hours=12, last_hours=0, start=today() + DAY, by=HOUSE)
    first.refresh_from_db()
    end_terms(row=first, by=HOUSE, end=today() + DAY)
    assert list(own_leads(on=today() + DAY)[long.pk]) == [12]


def test_who_keeps_the_kind_sets_its_hours(client: Client, world: World, plan: Schedule, long: VisitType) -> None:
    client.force_login(world.user(Role.PRACTICE_MANAGER, world.enterprise))
    sent = {"visit_type": str(long.pk), "first_hours": "240", "last_hours": "48", "start": today().isoformat()}
    page = client.post("/messages/kinds/", sent, follow=True).content.decode()
    assert "240 and 48 hours before" in page
    row = ReminderTerms.objects.get()
    assert client.post("/messages/kinds/", sent | {"first_hours": "337"}).status_code == 422
    # Three days: where the manager is, it may be the day before, and yesterday may not be over everywhere.
    past = client.post("/messages/kinds/", sent | {"start": (today() - 3 * DAY).isoformat()})
    assert (past.status_code, "This day is over" in past.content.decode()) == (422, True)
    client.post(f"/messages/kinds/{row.pk}/end/")
    assert not ReminderTerms.objects.exists()
    with pytest.raises(NotAllowed):
        set_terms(visit_type=long, first_hours=1, last_hours=0, start=today(), by=world.actor(Role.PRACTICE_MANAGER))
    with pytest.raises(Refusal):
        set_terms(visit_type=long, first_hours=-1, last_hours=0, start=today(), by=HOUSE)


def test_kinds_with_their_own_hours_cost_one_question_a_day(plan: Schedule, long: VisitType) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            remind(at=before(plan, 30))
        return sum("reminderterms" in one["sql"] for one in seen)

    assert asked() <= 2  # the sites of the test stand in one or two days
    for number in range(4):
        kind = visit_type(f"kind_{number}", 20)
        set_terms(visit_type=kind, first_hours=96, last_hours=24, start=today(), by=HOUSE)
    assert asked() <= 2


def terms(**changes: Any) -> ReminderTerms:
    values = {"visit_type": visit_type(), "first_hours": 72, "last_hours": 24, "period": DateRange(today(), None)}
    made: ReminderTerms = ReminderTerms.objects.create(**(values | changes))
    return made


@pytest.mark.parametrize(
    ("constraint", "violate"),
    [
        ("reminder_terms_once_at_a_time", lambda: [terms(), terms(period=DateRange(today() + DAY, None))]),
        ("reminder_terms_period_whole", lambda: terms(period=DateRange(None, today()))),
        ("reminder_terms_hours_known", lambda: terms(first_hours=337)),
    ],
)
def test_the_database_refuses(plan: Schedule, constraint: str, violate: Callable[[], Any]) -> None:
    _ = plan.kind
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        violate()
