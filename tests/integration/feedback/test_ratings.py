"""One question after a visit: answered by link or from the own record, counted with its rows, told to nobody else."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from medguild.experience.feedback.models import VisitRating
from medguild.experience.feedback.rating import may_be_rated, rate_visit
from medguild.experience.outreach.links import token_of
from medguild.experience.portal.selectors import visits as portal_visits
from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Refusal
from medguild.operations.demand.outcomes import measures_for, outcomes
from medguild.operations.demand.records import visits_between
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.rules import AppointmentStatus
from tests.factories.scheduling import Schedule, schedule
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db
_DAY = dt.timedelta(days=1)


def kept(plan: Schedule, days_ago: int = 3, status: AppointmentStatus = AppointmentStatus.FULFILLED) -> Appointment:
    start = (now() - days_ago * _DAY).replace(hour=18, minute=0, second=0, microsecond=0)
    found: Appointment = Appointment.objects.create(
        patient=plan.another(), clinician=plan.clinician, unit=plan.site.unit, entity=plan.office.entity,
        visit_type=plan.kind, start=start, end=start + dt.timedelta(minutes=30), status=status,
        booked_at=start - 4 * _DAY,
    )  # fmt: skip
    return found


def scores() -> list[int]:
    return list(VisitRating.objects.unscoped("test").values_list("score", flat=True))


def test_who_has_the_link_says_how_it_was_and_may_say_it_anew(world: World) -> None:
    visit = kept(schedule(world))
    address, patient = reverse("outreach:visit", args=[token_of(visit.pk)]), Client()
    assert "How was your visit" in patient.get(address).content.decode()
    assert patient.post(address, {"answer": "0"}).status_code == 200
    assert "You said 0" in patient.get(address).content.decode()
    patient.post(address, {"answer": "9"})
    assert scores() == [9]
    for no_rating in ("11", "-1", "9" * 5_000):
        assert patient.post(address, {"answer": no_rating}).status_code == 200
    assert scores() == [9]
    told = list(Event.objects.unscoped("test").filter(type="visit.rated"))
    assert len(told) == 2
    assert all("score" not in event.data for event in told)


@pytest.mark.parametrize(
    ("days_ago", "status"), [(40, AppointmentStatus.FULFILLED), (3, AppointmentStatus.NO_SHOW), (-3, "booked")]
)
def test_only_a_visit_that_took_place_is_judged_and_for_a_month(
    world: World, days_ago: int, status: AppointmentStatus
) -> None:
    visit = kept(schedule(world), days_ago, status)
    assert not may_be_rated(visit, at=now())
    with pytest.raises(Refusal):
        rate_visit(visit=visit, score=5, by=HOUSE)


def test_the_own_record_leads_to_the_question_as_long_as_it_may_be_answered(world: World) -> None:
    plan = schedule(world)
    new, old = kept(plan), kept(plan, 40)
    for visit, asked in ((new, True), (old, False)):
        ((_one, asks, said),) = portal_visits(visit.patient, at=now()).past
        assert (asks, said) == (asked, None)
    rate_visit(visit=new, score=0, by=HOUSE)
    ((_one, asks, said),) = portal_visits(new.patient, at=now()).past
    assert (asks, said) == (True, 0), "said, and may be said anew"


def test_ratings_stand_beside_the_visits_with_how_many_answered(world: World) -> None:
    plan = schedule(world)
    for score in (10, 7, None):
        visit = kept(plan)
        if score is not None:
            rate_visit(visit=visit, score=score, by=HOUSE)
    manager = world.actor(Role.PRACTICE_MANAGER)
    today = now().date()
    rows = visits_between(manager, start=today - 10 * _DAY, end=today, sites=[plan.site])
    (one,) = outcomes(manager, rows, "clinician_id").values()
    (rating,) = [measure for measure in measures_for(manager) if measure.key == "feedback.rating"]
    assert (one.per(rating), one.base(rating)) == (8.5, 2)
    client = Client()
    client.force_login(world.user(Role.PRACTICE_MANAGER))
    days = {"day_from": (today - 10 * _DAY).isoformat(), "day_to": today.isoformat()}
    listed = client.get(rating.rows({**days, "clinician": str(plan.clinician.pk)}))
    assert len(listed.context["table"].rows) == 2
    assert len(client.get(rating.rows({**days, "day_to": days["day_from"]})).context["table"].rows) == 0


def test_no_rating_beyond_the_scale(world: World) -> None:
    visit = kept(schedule(world))
    with pytest.raises(IntegrityError, match="visit_rating_0_to_10"), transaction.atomic():
        VisitRating.objects.create(appointment=visit, score=11, rated_at=now())
