"""A schedule for tests: visit types, a clinician's template, patients, and a Monday that is always to come."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass, field
from functools import cached_property
from zoneinfo import ZoneInfo

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date, now
from medguild.foundation.organization.models import Resource, Site, Unit
from medguild.foundation.organization.people import Clinician
from medguild.foundation.organization.rules import UnitKind
from medguild.foundation.organization.selectors import circle_of_unit
from medguild.operations.scheduling.holding import hold_slot
from medguild.operations.scheduling.kinds.visit_types import record_visit_type
from medguild.operations.scheduling.models import Allocation, Appointment, Hold, Session, VisitType
from medguild.operations.scheduling.services import book_appointment
from medguild.operations.scheduling.templating import Block, add_session
from medguild.patients.identity.models import Patient
from tests.factories.world import HOUSE, START, Office, World

_numbers = itertools.count(1)
ZONE = ZoneInfo("America/Los_Angeles")


def coming(weekday: int, weeks: int = 1) -> dt.date:
    """A day of the week (Monday is 0) that lies more than `weeks` weeks ahead."""
    today = now().date() + dt.timedelta(weeks=weeks)
    return today + dt.timedelta(days=(weekday - today.weekday()) % 7)


def day_here() -> dt.date:
    """The day it is at the test sites, which for some hours is not that of UTC."""
    return local_date(now(), "America/Los_Angeles")


def wall(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    """A time on the clocks of the test sites."""
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=ZONE)


def make_patient(office: Office, family: str = "Sample", given: str = "Pat") -> Patient:
    """A patient of the office's sharing circle, written straight into the table."""
    number = next(_numbers)
    return Patient.objects.create(
        circle_id=circle_of_unit(office.site.unit_id, on=now().date()), home_unit=office.site.unit,
        mrn=f"T{number:07d}", family_name=f"{family}{number}", given_name=given, birth_date=dt.date(1980, 1, 2),
        registered_at=now(), family_key=f"{family}{number}".lower(), given_key=given.lower(), phonetic_key="smpl",
    )  # fmt: skip


def visit_type(code: str = "follow_up", minutes: int = 20, **more: object) -> VisitType:
    """A kind of visit of the enterprise."""
    found = VisitType.objects.filter(code=code).first()
    if found:
        return found
    owner, name = Unit.objects.get(kind=UnitKind.ENTERPRISE), code.replace("_", " ").capitalize()
    return record_visit_type(owner=owner, code=code, name=name, minutes=minutes, by=HOUSE, **more)  # type: ignore[arg-type]


def block(kind: VisitType, **changes: object) -> Block:
    """Mondays from nine to twelve, every 20 minutes."""
    fields: dict[str, object] = {
        "weekday": 0, "start_minute": 9 * 60, "end_minute": 12 * 60, "step_minutes": 20,
        "visit_types": {kind.pk: kind.minutes},
    }  # fmt: skip
    return Block(**(fields | changes))  # type: ignore[arg-type]


@dataclass
class Schedule:
    """Monday morning of one clinician of an office; built lazily."""

    office: Office
    by: Actor = field(default=HOUSE)

    @cached_property
    def kind(self) -> VisitType:
        return visit_type()

    @cached_property
    def session(self) -> Session:
        return self.add()

    @cached_property
    def patient(self) -> Patient:
        return make_patient(self.office)

    @cached_property
    def monday(self) -> dt.date:
        return coming(0)

    @property
    def site(self) -> Site:
        return self.office.site

    @property
    def clinician(self) -> Clinician:
        return self.office.clinician

    def add(self, clinician: Clinician | None = None, start: dt.date = START, **changes: object) -> Session:
        return add_session(
            clinician=clinician or self.clinician, site=self.site, block=block(self.kind, **changes), start=start,
            by=HOUSE,
        )  # fmt: skip

    def book(self, hour: int = 9, minute: int = 0, **changes: object) -> Appointment:
        """Book on the Monday; every argument of `book_appointment` may be changed."""
        _ = self.session
        given: dict[str, object] = {
            "patient": self.patient, "clinician": self.clinician, "visit_type": self.kind, "site": self.site,
            "start": wall(self.monday, hour, minute), "by": self.by,
        }  # fmt: skip
        return book_appointment(**(given | changes))  # type: ignore[arg-type]

    def hold(self, **changes: object) -> Hold:
        """Keep nine o'clock of the Monday; every argument of `hold_slot` may be changed."""
        _ = self.session
        given: dict[str, object] = {
            "clinician": self.clinician, "visit_type": self.kind, "site": self.site, "start": wall(self.monday, 9),
            "by": self.by,
        }  # fmt: skip
        return hold_slot(**(given | changes))  # type: ignore[arg-type]

    def another(self) -> Patient:
        return make_patient(self.office)


def lanes_held(appointment: Appointment) -> list[tuple[object, int]]:
    """Resources that a visit holds, with the lane of each."""
    rows = Allocation.objects.unscoped("test").filter(appointment=appointment, active=True)
    return sorted(rows.values_list("resource_id", "lane"))


def schedule(world: World, by: Actor = HOUSE) -> Schedule:
    _ = world.circle
    return Schedule(world.main, by)


def long_monday() -> Schedule:
    """A schedule of a world of its own, Mondays from 6 to 20; for tests that commit."""
    made = schedule(World())
    made.session = made.add(start_minute=6 * 60, end_minute=20 * 60)
    return made


def add_room(office: Office, name: str = "Room 9") -> Resource:
    return Resource.objects.create(kind="room", unit=office.site.unit, name=name, period=office.room.period)
