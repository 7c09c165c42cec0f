"""Appointments of now, visits at any step, notes: through the services that people use."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from medguild.foundation.access.rules import Role
from medguild.foundation.access.selectors import actor_of_user, forget_actors
from medguild.foundation.codesets.bundled import BUNDLES, read_bundle
from medguild.foundation.codesets.models import CodeSet
from medguild.foundation.codesets.rules import CodeRow, System
from medguild.foundation.codesets.services import load_edition
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.organization.people import Clinician
from medguild.operations.chart.lines import add_diagnosis, add_service
from medguild.operations.chart.models import Note
from medguild.operations.chart.rules import Section
from medguild.operations.chart.services import begin_note, save_draft, sign_note
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.services import About, book_appointment
from medguild.operations.visits import flow
from medguild.operations.visits.arrival import check_in, walk_in
from medguild.operations.visits.models import Visit
from medguild.operations.visits.rules import IdentityProof, VisitStatus
from medguild.patients.identity.models import Patient
from tests.factories.patients import make_patient
from tests.factories.scheduling import visit_type
from tests.factories.world import HOUSE, START, Office, World

_numbers = itertools.count(1)
MINUTE = dt.timedelta(minutes=1)
_STEPS = (
    VisitStatus.ARRIVED,
    VisitStatus.ROOMED,
    VisitStatus.WITH_CLINICIAN,
    VisitStatus.READY_TO_LEAVE,
    VisitStatus.LEFT,
)


def patient_of(world: World, office: Office | None = None, **given: Any) -> Patient:
    place = office or world.main
    word = "".join(chr(ord("a") + int(digit)) for digit in str(next(_numbers)))
    return make_patient(world, unit=place.site_unit, **({"family_name": f"Roe{word}"} | given))


def make_appointment(
    world: World, office: Office | None = None, *, start: dt.datetime | None = None, reason: str = "Cough", **given: Any
) -> Appointment:
    """A visit squeezed in at the office's clinician (or `clinician`), five minutes from now; no session is needed."""
    place = office or world.main
    moment = (start or now() + 5 * MINUTE).replace(second=0, microsecond=0)
    values: dict[str, Any] = {
        "patient": given.get("patient") or patient_of(world, place), "clinician": place.clinician,
        "visit_type": visit_type(), "site": place.site, "overbook_reason": "for the test",
        "outside_hours": True, "about": About(text=reason),
        "by": HOUSE, "at": min(moment, now()),
    }  # fmt: skip
    return book_appointment(start=moment, **(values | given))


def make_visit(
    world: World,
    office: Office | None = None,
    *,
    to: VisitStatus = VisitStatus.ARRIVED,
    at: dt.datetime | None = None,
    gap: int = 10,
    appointment: Appointment | None = None,
    identity: IdentityProof | None = IdentityProof.KNOWN,
    **given: Any,
) -> Visit:
    """A visit that has come to the step `to`, with `gap` minutes for each step, beginning at `at` (default now)."""
    place = office or world.main
    moment = at or now()
    held = appointment or make_appointment(world, place, start=moment + 5 * MINUTE, **given)
    visit = check_in(appointment=held, by=HOUSE, identity=identity, at=moment)
    return walk_through(visit, to, room=place.room, gap=gap)


def make_walk_in(world: World, office: Office | None = None, **given: Any) -> Visit:
    place = office or world.main
    patient = given.pop("patient", None) or patient_of(world, place)
    values: dict[str, Any] = {
        "clinician": place.clinician, "reason": "Rash", "by": HOUSE, "identity": IdentityProof.KNOWN,
    }  # fmt: skip
    return walk_in(patient=patient, site=place.site, **(values | given))


def walk_through(visit: Visit, to: VisitStatus, *, room: Any = None, gap: int = 10) -> Visit:
    """Move a visit step by step."""
    for step in _STEPS[_STEPS.index(VisitStatus(visit.status)) + 1 : _STEPS.index(to) + 1]:
        moment = visit.since + gap * MINUTE
        if step is VisitStatus.ROOMED:
            visit = flow.room_patient(visit=visit, room=room, by=HOUSE, at=moment)
        elif step is VisitStatus.WITH_CLINICIAN:
            visit = flow.start_clinician(visit=visit, by=HOUSE, at=moment)
        elif step is VisitStatus.READY_TO_LEAVE:
            visit = flow.ready_to_leave(visit=visit, by=HOUSE, at=moment)
        else:
            visit = flow.check_out(visit=visit, by=HOUSE, at=moment)
    return visit


def clinician_actor(world: World, office: Office | None = None, clinician: Clinician | None = None) -> Actor:
    """The login of a clinician, bound to the person."""
    place = office or world.main
    one = clinician or place.clinician
    user = getattr(one.person, "user", None)
    if user is None:
        user = world.user(Role.CLINICIAN, place.entity)
        if user.person_id is not None:
            raise ValueError("the office's clinician has a login already; give a clinician of another office")
        user.person = one.person
        user.save(update_fields=["person"])
        forget_actors()
    return actor_of_user(user)


_DIAGNOSES = {"J06.9": "Acute upper respiratory infection", "I10": "High blood pressure", "E11.9": "Type 2 diabetes"}


def load_codes() -> None:
    """The services that come with the house, and a few diagnoses with a heading; loaded once per test."""
    if CodeSet.objects.filter(system=System.ICD10CM).exists():
        return
    services = next(bundle for bundle in BUNDLES if bundle.system == System.PROCEDURE)
    rows = [CodeRow("E11", "Type 2 diabetes", selectable=False)]
    rows += [CodeRow(code, label) for code, label in _DIAGNOSES.items()]
    rows += [CodeRow(f"A0{number // 10}.{number % 10}", f"Infection {number}") for number in range(12)]
    for system, found in ((System.PROCEDURE, read_bundle(services)), (System.ICD10CM, rows)):
        load_edition(system=system, version="test", rows=found, start=START, source="test", checksum="0", by=HOUSE)


def make_note(visit: Visit, by: Actor = HOUSE, *, services: bool = True) -> Note:
    """A draft that can be signed."""
    load_codes()
    note = begin_note(visit=visit, by=by)
    texts = {Section.HISTORY: "Three days of cough.", Section.ASSESSMENT: "Viral; rest."}
    note = save_draft(note=note, sections=texts, by=by, seen=note.revision)
    add_diagnosis(note=note, code="J06.9", by=by)
    if services:
        add_service(note=note, code="99213", by=by)
    return note


def make_signed_note(world: World, visit: Visit, *, services: bool = True) -> Note:
    by = clinician_actor(world)
    return sign_note(note=make_note(visit, by, services=services), by=by)
