"""Many clients at few devices, rooms and staff: nothing twice, no needless refusal, nobody waits in a circle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection

from medguild.foundation.organization.equipping import equip
from medguild.foundation.organization.people import Clinician
from medguild.foundation.organization.rules import ResourceKind
from medguild.operations.scheduling.kinds.visit_types import PLAIN, Needed, Terms
from medguild.operations.scheduling.models import Appointment, VisitType
from medguild.operations.scheduling.needs.availability import add_shift
from medguild.operations.scheduling.outcomes import cancel_appointment
from medguild.operations.scheduling.rules import CancelReason
from medguild.operations.scheduling.services import book_appointment, move_appointment
from tests.factories.needs import capability, helper, needy, thing
from tests.factories.scheduling import Schedule, make_patient, schedule, wall
from tests.factories.world import HOUSE, START, World
from tests.support_races import all_at_once, no_double_booking

pytestmark = pytest.mark.usefixtures("transactional_log")
CLINICIANS = 12


class Laboratory:
    """Twelve clinicians of one site on Monday from 6 to 20, with a pool of devices, rooms and staff."""

    def __init__(self, devices: int, staff: int, terms: Terms = PLAIN) -> None:
        world = World()
        self.plan: Schedule = schedule(world)
        self.device = capability(ResourceKind.EQUIPMENT, "echo-scanner")
        self.skill = capability(ResourceKind.STAFF, "sonographer")
        for number in range(devices):
            thing(self.plan.site.unit, self.device, f"Scanner {number}")
        for number in range(staff):
            helper(self.plan, self.skill, f"Tess{number}", hours=(5, 22))
        self.kind = needy("echo", {self.device: Needed(), self.skill: Needed()}, minutes=20, terms=terms)
        self.clinicians = [self.plan.clinician]
        self.clinicians += [world.clinician(self.plan.site.unit) for _ in range(CLINICIANS - 1)]
        self.add_sessions(self.kind)

    def add_sessions(self, *kinds: VisitType) -> None:
        for clinician in self.clinicians:
            self.plan.add(
                clinician, visit_types={kind.pk: 20 for kind in kinds}, start_minute=6 * 60, end_minute=20 * 60,
                weekday=0,
            )  # fmt: skip

    def booker(self, clinician: Clinician, hour: int = 9, minute: int = 0, **more: object) -> Callable[[], object]:
        given: dict[str, object] = {
            "patient": make_patient(self.plan.office), "clinician": clinician, "visit_type": self.kind,
            "site": self.plan.site, "start": wall(self.plan.monday, hour, minute), "by": HOUSE,
        }  # fmt: skip
        return lambda: book_appointment(**(given | more))  # type: ignore[arg-type]


@pytest.mark.parametrize("free", [1, 4, CLINICIANS])
def test_as_many_are_served_as_there_are_devices(free: int) -> None:
    lab = Laboratory(devices=free, staff=CLINICIANS)
    for hour in (8, 9, 10):
        outcome = Counter(all_at_once([lab.booker(clinician, hour) for clinician in lab.clinicians]))
        assert outcome["done"] == free, outcome
        assert outcome.keys() <= {"done", "slot_taken"}
    no_double_booking()


def test_padding_keeps_neighbours_apart_under_pressure() -> None:
    """Two scanners, visits every 20 minutes that take 40 of a scanner: of all who ask at once, each fits or is told."""
    lab = Laboratory(devices=2, staff=CLINICIANS, terms=Terms(prep_minutes=10, clean_up_minutes=10))
    acts = [
        lab.booker(clinician, 9 + place % 3, 20 * (place // 3 % 3)) for place, clinician in enumerate(lab.clinicians)
    ]
    outcome = Counter(all_at_once(acts))
    assert outcome.keys() <= {"done", "slot_taken"}
    assert outcome["done"] >= 6, outcome  # three hours, two scanners, at least one visit each
    no_double_booking()


def test_clinicians_who_help_each_other_do_not_wait_in_a_circle() -> None:
    """Each clinician has the skill as well: everybody wants the people whom the others have locked."""
    lab = Laboratory(devices=CLINICIANS, staff=0)
    for clinician in lab.clinicians:
        equip(resource=clinician.resource, capability=lab.skill, by=HOUSE, start=START)
        add_shift(
            resource=clinician.resource, site=lab.plan.site, weekday=0, start_minute=300, end_minute=1320, start=START,
            by=HOUSE,
        )  # fmt: skip
    outcome = Counter(all_at_once([lab.booker(clinician) for clinician in lab.clinicians]))
    assert outcome.keys() <= {"done", "slot_taken"}
    # Each visit takes two of twelve people; who helps is chosen without looking ahead, so not always six pairs.
    assert 4 <= outcome["done"] <= CLINICIANS // 2, outcome
    no_double_booking()


def test_bookers_movers_and_cancellers_of_one_device() -> None:
    lab = Laboratory(devices=1, staff=2)
    seated = [lab.booker(clinician, 6 + place)() for place, clinician in enumerate(lab.clinicians[:6])]
    visits = list(Appointment.objects.unscoped("test").filter(pk__in=[one.pk for one in seated]))  # type: ignore[attr-defined]
    goal = wall(lab.plan.monday, 15)
    movers = [lambda one=one: move_appointment(appointment=one, start=goal, by=HOUSE) for one in visits[:4]]
    leavers = [
        lambda one=one: cancel_appointment(appointment=one, reason=CancelReason.PATIENT_ILL, by=HOUSE)
        for one in visits[4:]
    ]
    bookers = [lab.booker(clinician, 15) for clinician in lab.clinicians[6:]]
    outcome = Counter(all_at_once([*movers, *leavers, *bookers]))
    assert outcome["done"] == 3, outcome  # two cancelled, one got the scanner at 15:00
    assert outcome["slot_taken"] == len(movers) + len(bookers) - 1
    no_double_booking()


def test_kinds_that_cross_in_their_needs_do_not_deadlock() -> None:
    """Rooms, devices and staff wanted in different combinations, with rooms that sessions have of their own."""
    lab = Laboratory(devices=2, staff=2)
    room = capability(ResourceKind.ROOM, "procedure-room")
    rooms = [thing(lab.plan.site.unit, room, f"Theatre {n}") for n in range(2)]
    other = needy("procedure", {room: Needed(), lab.skill: Needed()}, minutes=20)
    third = needy("both", {room: Needed(), lab.device: Needed()}, minutes=20)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into operations_sessionvisittype (id, session_id, visit_type_id, minutes)"
            " select gen_random_uuid(), s.id, k.id, 20 from operations_session s cross join operations_visittype k"
            " where k.id = any(%s)", [[other.pk, third.pk]],
        )  # fmt: skip
        cursor.execute("update operations_session set room_id = %s", [rooms[0].pk])
    for hour in (9, 10, 11, 12):
        kinds = [lab.kind, other, third]
        acts = [
            lab.booker(clinician, hour, visit_type=kinds[place % 3]) for place, clinician in enumerate(lab.clinicians)
        ]
        outcome = Counter(all_at_once(acts))
        assert outcome.keys() <= {"done", "slot_taken"}, outcome
        assert 2 <= outcome["done"] <= 3, outcome
    no_double_booking()
