"""Every constraint of campuses and of days with several visits, violated once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from medguild.foundation.kernel.ids import new_id
from medguild.operations.itineraries.campuses import measure_walk
from medguild.operations.itineraries.models import Campus, CampusPlace, ItineraryPart, WalkingTime
from medguild.operations.itineraries.services import Chosen, book_day
from tests.factories.itineraries import Grounds, grounds
from tests.factories.scheduling import wall
from tests.factories.world import HOUSE, START, World


def day(here: Grounds) -> None:
    monday = here.plan.monday
    book_day(
        itinerary_id=new_id(), patient=here.plan.patient, campus=here.campus, by=HOUSE,
        chosen=[
            Chosen(here.lab, here.technician, here.other.site, wall(monday, 9)),
            Chosen(here.plan.kind, here.plan.clinician, here.plan.site, wall(monday, 10)),
        ],
    )  # fmt: skip


def part(**changes: object) -> Callable[[Grounds], None]:
    def make(here: Grounds) -> None:
        day(here)
        rows = ItineraryPart.objects.unscoped("test")
        rows.filter(place=1).update(**changes)

    return make


def same_visit(here: Grounds) -> None:
    day(here)
    first, second = ItineraryPart.objects.unscoped("test").order_by("place")
    second.appointment = first.appointment
    second.save()


def place(**changes: object) -> Callable[[Grounds], None]:
    def make(here: Grounds) -> None:
        CampusPlace.objects.filter(unit=here.plan.site.unit).update(**changes)

    return make


def twice_placed(here: Grounds) -> None:
    CampusPlace.objects.create(
        campus=here.campus, unit=here.plan.site.unit, east=1, south=1, period=DateRange(START, None)
    )


def walk(**changes: object) -> Callable[[Grounds], None]:
    def make(here: Grounds) -> None:
        measure_walk(one=here.plan.site.unit, other=here.other.site.unit, minutes=5, start=START, by=HOUSE)
        WalkingTime.objects.update(**changes)

    return make


def turned(here: Grounds) -> None:
    low, high = sorted([here.plan.site.unit, here.other.site.unit], key=lambda unit: unit.pk)
    WalkingTime.objects.create(one=high, other=low, minutes=5, period=DateRange(START, None))


def twice_measured(here: Grounds) -> None:
    measure_walk(one=here.plan.site.unit, other=here.other.site.unit, minutes=5, start=START, by=HOUSE)
    known = WalkingTime.objects.get()
    WalkingTime.objects.create(one=known.one, other=known.other, minutes=6, period=known.period)


EMPTY = DateRange(dt.date(2026, 1, 1), dt.date(2026, 1, 1))


@pytest.mark.parametrize(
    ("name", "violate"),
    [
        ("campus_name_once", lambda here: Campus.objects.create(name=here.campus.name)),
        ("campus_has_name", lambda here: Campus.objects.create(name="")),
        ("campus_place_one_at_a_time", twice_placed),
        ("campus_place_on_the_plan", place(east=6000)),
        ("campus_place_period_whole", place(period=EMPTY)),
        ("walking_time_pair_in_order", turned),
        ("walking_time_in_range", walk(minutes=0)),
        ("walking_time_once_at_a_time", twice_measured),
        ("walking_time_period_whole", walk(period=EMPTY)),
        ("itinerary_part_place_once", part(place=2)),
        ("itinerary_part_appointment_once", same_visit),
        ("itinerary_part_place_positive", part(place=0)),
    ],
)
@pytest.mark.django_db
def test_refused_by_the_database(world: World, name: str, violate: Callable[[Grounds], object]) -> None:
    here = grounds(world)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        violate(here)
