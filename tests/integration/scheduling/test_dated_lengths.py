"""How long a kind of visit takes may change from a day on: searches, bookings and the page of the kind follow."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from medguild.foundation.access.rules import Role
from medguild.operations.scheduling.kinds.visit_types import end_length, set_length
from medguild.operations.scheduling.models import VisitType
from medguild.operations.scheduling.needs.models import VisitTypeLength
from medguild.operations.scheduling.selectors import find_slots
from medguild.operations.scheduling.showing import today_at
from tests.factories.scheduling import schedule, visit_type, wall
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db


def test_a_length_changes_from_a_day_on(world: World) -> None:
    """Search over the change, booking before and after it, inside and outside of sessions; no question more."""
    plan, week = schedule(world), dt.timedelta(weeks=1)
    kind = visit_type("acute", minutes=20)
    plan.__dict__["session"] = None
    plan.add(visit_types={kind.pk: None})
    own = visit_type("own", minutes=20)
    plan.add(weekday=1, visit_types={own.pk: 60})
    set_length(visit_type=kind, minutes=30, unit=plan.office.entity, by=HOUSE)
    later = plan.monday + week

    def found(of: VisitType = kind) -> list[tuple[dt.date, int]]:
        openings = find_slots(actor=HOUSE, visit_type_id=of.pk, start=plan.monday, end=plan.monday + 3 * week)
        return [(one.day, one.session.minutes) for one in openings]

    with CaptureQueriesContext(connection) as before:
        assert {minutes for _day, minutes in found()} == {30}
    set_length(visit_type=kind, minutes=40, unit=plan.office.entity, by=HOUSE, start=later - dt.timedelta(days=2))
    set_length(visit_type=own, minutes=90, unit=plan.office.entity, by=HOUSE, start=later)
    with CaptureQueriesContext(connection) as after:
        assert found() == [(plan.monday, 30), (later, 40), (later + week, 40)]
    assert len(after) == len(before)
    assert {minutes for _day, minutes in found(own)} == {60}, "what the template says beats all"
    assert len(found(own)) == 3
    lengths = [
        plan.book(
            visit_type=kind, patient=plan.another(), start=wall(day, hour), overbook_reason=reason, outside_hours=True
        )
        for day in (plan.monday, later) for hour, reason in ((9, ""), (14, "After hours"))
    ]  # fmt: skip
    assert [(one.end - one.start).seconds // 60 for one in lengths] == [30, 30, 40, 40]
    changed = kind.lengths.order_by("period").last()
    assert changed is not None
    end_length(length=changed, by=HOUSE, end=later + week)
    assert found() == [(plan.monday, 30), (later, 40), (later + week, 20)]


def test_the_page_tells_from_when_until_when(client: Client, world: World) -> None:
    plan = schedule(world)
    here = today_at(plan.site)
    later = here + dt.timedelta(days=30)
    kind = visit_type("acute", minutes=20)
    set_length(visit_type=kind, minutes=30, specialty="cardiology", by=HOUSE, start=here - dt.timedelta(days=5))
    client.force_login(world.user(Role.PRACTICE_MANAGER, world.enterprise))
    address = f"/schedule/visit-types/{kind.pk}/"
    sent = {
        "specialty": "",
        "unit": str(plan.site.unit_id),
        "clinician": "",
        "minutes": "25",
        "start": later.isoformat(),
    }
    past = client.post(f"{address}lengths/add/", sent | {"start": (here - dt.timedelta(days=1)).isoformat()})
    assert (past.status_code, "This day is over" in past.content.decode()) == (422, True)
    page = client.post(f"{address}lengths/add/", sent, follow=True).content.decode()
    assert page.count("/end/") == 2
    held = VisitTypeLength.objects.get(specialty="cardiology")
    page = client.post(f"/schedule/lengths/{held.pk}/end/", follow=True).content.decode()
    assert page.count("/end/") == 1
    held.refresh_from_db()
    assert held.period.upper == here
    assert client.post(f"/schedule/lengths/{held.pk}/end/").status_code == 404, "what is over is not ended again"
