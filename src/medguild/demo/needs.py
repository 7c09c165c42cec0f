"""Visits that take more than a clinician: heart ultrasounds, small procedures, a class, answers in writing.

Echoes that are booked get a scanner and a sonographer; a few procedures, a class that fills and e-consults are booked
through the services, as the desk would.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from psycopg.types.range import TimestamptzRange

from medguild.demo import plan
from medguild.demo.copying import copy_rows, id_at
from medguild.demo.group import LOADER, Group
from medguild.demo.schedule import Booked
from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.clock import local_date, now
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization import equipping, services, staffing
from medguild.foundation.organization.capabilities import Capability
from medguild.foundation.organization.models import Resource, Site
from medguild.foundation.organization.people import Clinician
from medguild.foundation.organization.rules import AffiliationKind, ResourceKind
from medguild.operations.scheduling import templating
from medguild.operations.scheduling.kinds.visit_types import Needed, Terms, record_visit_type, set_length, set_needs
from medguild.operations.scheduling.models import Allocation, Session, SessionVisitType, VisitType
from medguild.operations.scheduling.needs.availability import add_shifts, take_out
from medguild.operations.scheduling.rules import HOLDING, Mode, ReasonCategory
from medguild.operations.scheduling.selectors import find_slots
from medguild.operations.scheduling.services import About, book_appointment
from medguild.operations.scheduling.templating import Block
from medguild.operations.scheduling.week_rules import local_time
from medguild.patients.identity.models import Patient

CAPABILITIES = (
    (ResourceKind.ROOM, "procedure-room", "Procedure room"),
    (ResourceKind.ROOM, "group-room", "Group room"),
    (ResourceKind.EQUIPMENT, "echo-scanner", "Echo scanner"),
    (ResourceKind.STAFF, "sonographer", "Sonographer"),
    (ResourceKind.STAFF, "procedure-nurse", "Nurse for procedures"),
    (ResourceKind.STAFF, "educator", "Diabetes educator"),
)
# site, name, suffix, skill
HELPERS = (
    ("heart", "Sonia", "Scan", "sonographer"), ("heart", "Ravi", "Pulse", "sonographer"),
    ("northgate", "Nadia", "Steady", "procedure-nurse"), ("riverside", "Ed", "Teach", "educator"),
)  # fmt: skip
_WORKDAY = (7 * 60, 18 * 60)
_PADDING = (5, 10)  # minutes before and after an echo, for scanner and sonographer
_AHEAD = dt.timedelta(weeks=3)
PLACES_IN_CLASS = 8


def build_needs(group: Group, size: plan.Size, today: dt.date) -> None:
    """Kinds and skills, who has them, what kinds of visits ask for, and some visits that take them."""
    rng = random.Random(plan.SEED + 40)
    kinds = {
        code: equipping.add_capability(kind=kind, code=code, name=name, by=LOADER) for kind, code, name in CAPABILITIES
    }
    scanners = [_thing(group, "heart", kinds["echo-scanner"], f"Echo scanner {number}") for number in (1, 2)]
    _thing(group, "northgate", kinds["procedure-room"], "Procedure room")
    _thing(group, "riverside", kinds["group-room"], "Group room", capacity=PLACES_IN_CLASS)
    helpers = [_helper(group, place, given, family, kinds[skill]) for place, given, family, skill in HELPERS]
    _echo_needs(group, kinds)
    copy_rows(Allocation, _ALLOCATION, _echo_rows(group, scanners, helpers[:2], rng))
    _book_some(group, _new_kinds(group, kinds, today), today, rng)
    take_out(
        resource=scanners[1], start=now() + dt.timedelta(days=20), end=now() + dt.timedelta(days=21),
        reason="Yearly inspection", by=LOADER,
    )  # fmt: skip


def _thing(group: Group, place: str, capability: Capability, name: str, capacity: int = 1) -> Resource:
    made = services.add_resource(
        kind=ResourceKind(capability.kind), unit=group.units[place], name=name, by=LOADER, start=group.start,
        capacity=capacity,
    )  # fmt: skip
    equipping.equip(resource=made, capability=capability, by=LOADER, start=group.start)
    return made


def _helper(group: Group, place: str, given: str, family: str, skill: Capability) -> Resource:
    unit = group.units[place]
    person = staffing.join(given_name=given, family_name=family, by=LOADER, start=group.start)
    staffing.affiliate(person=person, unit=unit, kind=AffiliationKind.EMPLOYED, by=LOADER, start=group.start)
    resource = staffing.make_bookable(person=person, home=unit, by=LOADER, start=group.start)
    equipping.equip(resource=resource, capability=skill, by=LOADER, start=group.start)
    add_shifts(
        resource=resource, site=_site(group, place), weekdays=range(5), start_minute=_WORKDAY[0],
        end_minute=_WORKDAY[1], start=group.start, by=LOADER,
    )  # fmt: skip
    return resource


def _site(group: Group, place: str) -> Site:
    return Site.objects.select_related("unit").get(unit=group.units[place])


def _echo_needs(group: Group, kinds: dict[str, Capability]) -> None:
    echo = group.visit_types["echo"]
    record_visit_type(
        visit_type=echo, owner=echo.owner, code=echo.code, name=echo.name, minutes=echo.minutes, colour=echo.colour,
        specialty=echo.specialty, by=LOADER,
        terms=Terms(prep_minutes=_PADDING[0], clean_up_minutes=_PADDING[1], shortest_minutes=30),
    )  # fmt: skip
    set_needs(visit_type=echo, needs={kinds["echo-scanner"]: Needed(), kinds["sonographer"]: Needed()}, by=LOADER)
    new = group.visit_types["new"]
    for specialty, minutes in (("cardiology", 60), ("pediatrics", 30)):
        set_length(visit_type=new, minutes=minutes, specialty=specialty, by=LOADER, start=group.start)


_ALLOCATION = ("id", "resource_id", "lane", "during", "unit_id", "appointment_id", "active")


def _echo_rows(
    group: Group, scanners: list[Resource], people: list[Resource], rng: random.Random
) -> Iterator[tuple[Any, ...]]:
    """A scanner and a sonographer for each echo, where one is free; the busiest days of the past had to share."""
    taken: dict[UUID, dict[dt.date, list[tuple[dt.datetime, dt.datetime]]]] = defaultdict(lambda: defaultdict(list))
    for booked in group.appointments:
        if booked.visit_type.code != "echo" or booked.status not in HOLDING or booked.site != "heart":
            continue
        start, end = _padded(booked)
        for pool in (scanners, people):
            for one in pool:
                day = taken[one.pk][local_date(start, plan.TIME_ZONE)]  # UTC's midnight lies in the afternoon
                if all(until <= start or since >= end for since, until in day):
                    day.append((start, end))
                    during = TimestamptzRange(start, end)
                    yield id_at(rng, booked.booked_at), one.pk, 0, during, one.unit_id, booked.id, True
                    break


def _padded(booked: Booked) -> tuple[dt.datetime, dt.datetime]:
    before, after = (dt.timedelta(minutes=minutes) for minutes in _PADDING)
    return booked.start - before, booked.start + dt.timedelta(minutes=booked.minutes) + after


def _new_kinds(group: Group, kinds: dict[str, Capability], today: dt.date) -> dict[str, tuple[VisitType, str]]:
    """A procedure, a class and an e-consult, with the site where they are; open in the templates."""
    owner = group.units["enterprise"]
    procedure = record_visit_type(
        owner=owner, code="procedure", name="Small procedure", minutes=40, colour="red", by=LOADER,
        terms=Terms(prep_minutes=10, clean_up_minutes=20, shortest_minutes=30, longest_minutes=90),
    )  # fmt: skip
    needs = {kinds["procedure-room"]: Needed(), kinds["procedure-nurse"]: Needed()}
    set_needs(visit_type=procedure, needs=needs, by=LOADER)
    lesson = record_visit_type(
        owner=owner, code="diabetes-class", name="Diabetes class", minutes=60, colour="teal", by=LOADER
    )
    set_needs(visit_type=lesson, needs={kinds["group-room"]: Needed(), kinds["educator"]: Needed()}, by=LOADER)
    written = record_visit_type(
        owner=owner, code="e-consult", name="E-consult", minutes=20, colour="purple", modes=(Mode.E_CONSULT,),
        specialty="cardiology", needs_room=False, by=LOADER,
        terms=Terms(booked_by=[Role.CLINICIAN, Role.NURSE, Role.REFERRAL_COORDINATOR, Role.PRACTICE_MANAGER]),
    )  # fmt: skip
    _open_to(group, "northgate", procedure)
    _open_to(group, "heart", written)
    _teach(group, lesson, today)
    return {"procedure": (procedure, "northgate"), "class": (lesson, "riverside"), "written": (written, "heart")}


def _open_to(group: Group, place: str, kind: VisitType) -> None:
    """All sessions of the site take the kind, for as long as it usually lasts."""
    sessions = Session.objects.unscoped("demo").filter(unit=group.units[place])
    SessionVisitType.objects.bulk_create(
        SessionVisitType(session_id=pk, visit_type=kind) for pk in sessions.values_list("pk", flat=True)
    )


def _teach(group: Group, lesson: VisitType, today: dt.date) -> None:
    """The site's first clinician gives a class on the half day that is free in their week."""
    clinician = group.clinicians["riverside"][0]
    held = set(
        Session.objects.unscoped("demo").filter(clinician=clinician).values_list("weekday", "start_minute")
    )  # fmt: skip
    weekday, start = next(
        (day, half) for day in (2, 3, 1, 4, 0) for half in (13 * 60, 8 * 60) if (day, half) not in held
    )  # fmt: skip
    templating.add_session(
        clinician=clinician, site=_site(group, "riverside"), start=today, by=LOADER,
        block=Block(
            weekday=weekday, start_minute=start, end_minute=start + 120, visit_types={lesson.pk: 60}, step_minutes=60,
            capacity=PLACES_IN_CLASS,
        ),
    )  # fmt: skip


def _book_some(group: Group, kinds: dict[str, tuple[VisitType, str]], today: dt.date, rng: random.Random) -> None:
    patients = {
        place: [one.id for one in group.patients if one.site == place] for place in ("riverside", "northgate", "heart")
    }  # fmt: skip
    for name, wanted, together in (("procedure", 6, 1), ("class", 2, 5), ("written", 4, 1)):
        kind, place = kinds[name]
        _book(group, kind, place, today, wanted, together, patients[place] or [one.id for one in group.patients], rng)


def _book(
    group: Group, kind: VisitType, place: str, today: dt.date, wanted: int, together: int, patients: list[UUID],
    rng: random.Random,
) -> None:  # fmt: skip
    """So many times of a kind, each for so many patients; who cannot come then is passed over."""
    site = _site(group, place)
    for _ in range(wanted):
        openings = find_slots(
            actor=LOADER, visit_type_id=kind.pk, start=today + dt.timedelta(days=1), end=today + _AHEAD,
            units=[site.unit_id],
        )  # fmt: skip
        if not openings:
            return
        opening = rng.choice(openings)
        start = local_time(plan.TIME_ZONE, rng.choice(opening.starts))
        clinician = Clinician.objects.select_related("person", "resource").get(pk=opening.session.clinician_id)
        for patient in Patient.objects.unscoped("demo").filter(
            pk__in=rng.sample(patients, min(len(patients), together))
        ):
            try:
                book_appointment(
                    patient=patient, clinician=clinician, visit_type=kind, site=site, start=start, by=LOADER,
                    about=About(ReasonCategory.PROCEDURE if together == 1 else ReasonCategory.CHRONIC),
                )  # fmt: skip
            except Refusal:
                continue
