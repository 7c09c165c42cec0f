"""Several visits on a campus in one day: walks are counted, all is booked or nothing, and it is watched afterwards."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from medguild.foundation.events.dispatch import dispatch_pending
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.work.models import UnownedNeed, WorkItem
from medguild.operations.itineraries import campuses, services
from medguild.operations.itineraries.errors import NotThatDay
from medguild.operations.itineraries.models import Itinerary
from medguild.operations.itineraries.rules import Place
from medguild.operations.itineraries.selectors import shown_day
from medguild.operations.itineraries.services import Chosen, Wanted, find_days
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.outcomes import cancel_appointment
from medguild.operations.scheduling.rules import CancelReason
from medguild.operations.scheduling.services import move_appointment
from tests.factories.itineraries import Grounds, grounds
from tests.factories.scheduling import wall
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def here(world: World) -> Grounds:
    return grounds(world)


def days(here: Grounds, *, follows: bool = True) -> list[services.OfferedDay]:
    return find_days(
        patient=here.plan.patient, campus=here.campus, start=here.plan.monday, days=3, by=HOUSE,
        wanted=[Wanted(here.lab), Wanted(here.plan.kind, follows)],
    )  # fmt: skip


def chosen(here: Grounds, first: dt.datetime, second: dt.datetime) -> list[Chosen]:
    return [
        Chosen(here.lab, here.technician, here.other.site, first),
        Chosen(here.plan.kind, here.plan.clinician, here.plan.site, second, follows=True),
    ]


def booked(here: Grounds) -> Itinerary:
    monday = here.plan.monday
    return services.book_day(
        itinerary_id=new_id(), patient=here.plan.patient, campus=here.campus, by=HOUSE,
        chosen=chosen(here, wall(monday, 9), wall(monday, 10)),
    )  # fmt: skip


def test_the_walk_is_counted_and_the_order_kept(here: Grounds) -> None:
    (best, *_) = days(here)
    assert best.day == here.plan.monday
    lab, visit = best.plan.stops
    assert (lab.wish, visit.wish) == (0, 1)
    assert visit.walk == 9  # 400 metres, by a path that is longer, at a patient's pace
    assert visit.at.start >= lab.at.end + 9


def test_what_was_measured_holds_instead_of_the_plan(here: Grounds) -> None:
    campuses.measure_walk(
        one=here.plan.site.unit, other=here.other.site.unit, minutes=30, start=here.plan.monday, by=HOUSE
    )
    assert days(here)[0].plan.stops[1].walk == 30


def test_a_day_on_which_the_patient_is_busy_is_no_day(here: Grounds) -> None:
    free = days(here)[0].plan
    taken = dt.datetime.fromtimestamp(free.stops[1].at.start * 60, dt.UTC)
    here.plan.book(start=taken, clinician=here.plan.clinician)
    assert days(here)[0].plan.stops[1].at.start != free.stops[1].at.start


def test_all_is_booked_or_nothing(here: Grounds) -> None:
    monday = here.plan.monday
    here.plan.book(10, patient=here.plan.another())
    with pytest.raises(NotThatDay, match="Nothing was booked"):
        booked(here)
    assert not Itinerary.objects.unscoped("test").exists()
    assert Appointment.objects.unscoped("test").filter(patient=here.plan.patient).count() == 0
    made = services.book_day(
        itinerary_id=new_id(), patient=here.plan.patient, campus=here.campus, by=HOUSE,
        chosen=chosen(here, wall(monday, 9), wall(monday, 10, 20)),
    )  # fmt: skip
    assert made.day == monday
    assert shown_day(made).whole


def test_visits_on_two_days_or_beside_the_campus_are_refused(here: Grounds, world: World) -> None:
    monday = here.plan.monday
    apart = chosen(here, wall(monday, 9), wall(monday + dt.timedelta(days=7), 10))
    pine = world.office("Pine").site
    beside = [replace(one, site=pine) for one in chosen(here, wall(monday, 9), wall(monday, 10))]
    for picked in (apart, beside):
        with pytest.raises(NotThatDay, match="on one day, at sites of the campus"):
            services.book_day(
                itinerary_id=new_id(), patient=here.plan.patient, campus=here.campus, chosen=picked, by=HOUSE
            )
    assert not Appointment.objects.unscoped("test").exists()


def test_a_page_that_is_sent_twice_books_once(here: Grounds) -> None:
    made = booked(here)
    again = services.book_day(
        itinerary_id=made.pk, patient=here.plan.patient, campus=here.campus, by=HOUSE,
        chosen=chosen(here, wall(here.plan.monday, 9), wall(here.plan.monday, 10)),
    )  # fmt: skip
    assert again.pk == made.pk
    assert Appointment.objects.unscoped("test").count() == 2


def test_a_moved_or_cancelled_part_warns_of_the_others(here: Grounds) -> None:
    made = booked(here)
    visit = Appointment.objects.unscoped("test").get(visit_type=here.plan.kind)
    early = move_appointment(appointment=visit, start=wall(here.plan.monday, 9, 20), by=HOUSE)
    shown = shown_day(made)
    assert [part.fits for part in shown.parts] == [True, False]  # nine minutes on foot are not there
    moved = move_appointment(appointment=early, start=wall(here.plan.monday + dt.timedelta(weeks=1), 9), by=HOUSE)
    assert [part.same_day for part in shown_day(made).parts] == [True, False]
    cancel_appointment(appointment=moved, reason=CancelReason.PATIENT_REQUEST, by=HOUSE)
    assert not shown_day(made).whole


def test_a_day_that_broke_is_work_until_it_fits_again(here: Grounds) -> None:
    made = booked(here)
    visit = Appointment.objects.unscoped("test").get(visit_type=here.plan.kind)

    def open_work() -> int:
        source = {"source": f"itinerary:{made.pk}"}
        needs = UnownedNeed.objects.unscoped("test").filter(settled_at__isnull=True, **source).count()
        return needs + WorkItem.objects.unscoped("test").filter(closed_at__isnull=True, **source).count()

    early = move_appointment(appointment=visit, start=wall(here.plan.monday, 9, 20), by=HOUSE)
    dispatch_pending()
    assert open_work() == 1
    move_appointment(appointment=early, start=wall(here.plan.monday, 11), by=HOUSE)
    dispatch_pending()
    assert open_work() == 0


def test_a_site_that_moves_on_the_plan_keeps_its_past(here: Grounds) -> None:
    later = here.plan.monday + dt.timedelta(days=30)
    campuses.place_site(campus=here.campus, unit=here.other.site.unit, at=Place(0, 0), start=later, by=HOUSE)
    before = campuses.places_of(here.campus, on=here.plan.monday)
    after = campuses.places_of(here.campus, on=later)
    assert {place.east for place in before} == {0, 400}
    assert {place.east for place in after} == {0}
