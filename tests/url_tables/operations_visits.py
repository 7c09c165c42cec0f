"""Pages of visits and charts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from medguild.foundation.access.rules import Role
from medguild.operations.chart.models import Note, NoteDiagnosis, NoteService
from medguild.operations.scheduling.models import Appointment
from medguild.operations.visits.models import Visit
from medguild.operations.visits.rules import VisitStatus
from medguild.patients.coverage.models import Coverage
from tests.factories.patients import make_coverage
from tests.factories.visits import clinician_actor, load_codes, make_appointment, make_note, make_visit
from tests.factories.world import HOUSE, World
from tests.url_tables import Row

SURNAME = "Quillfeather"


def _kept(world: World, key: str, make: Any) -> Any:
    if key not in world.kept:
        world.kept[key] = make()
    return world.kept[key]


def visit(world: World) -> Visit:
    """A visit with a draft note, roomed, of a patient whose name stands out."""

    def make() -> Visit:
        clinician_actor(world)
        booked = make_appointment(world, reason="Url table")
        booked.patient.family_name = SURNAME
        booked.patient.save(update_fields=["family_name"])
        made = make_visit(world, appointment=booked, to=VisitStatus.ROOMED)
        make_note(made, HOUSE)
        return made

    found: Visit = _kept(world, "visits.visit", make)
    return found


def booked(world: World) -> Appointment:
    found: Appointment = _kept(world, "visits.booked", lambda: make_appointment(world, world.second))
    return found


def coverage(world: World) -> Coverage:
    found: Coverage = _kept(world, "visits.coverage", lambda: make_coverage(visit(world).patient))
    return found


def _visit_id(world: World) -> Mapping[str, Any]:
    return {"visit_id": visit(world).pk}


def _site(world: World) -> Mapping[str, Any]:
    visit(world)
    return {"site_id": world.main.site.unit_id}


def _note(world: World) -> Note:
    found: Note = Note.objects.unscoped("test").get(visit=visit(world))
    return found


def _diagnosis(world: World) -> Mapping[str, Any]:
    line = NoteDiagnosis.objects.unscoped("test").filter(note=_note(world)).first()
    return {"visit_id": visit(world).pk, "line_id": line.pk}


def _service(world: World) -> Mapping[str, Any]:
    line = NoteService.objects.unscoped("test").filter(note=_note(world)).first()
    return {"visit_id": visit(world).pk, "line_id": line.pk}


def _seen(world: World) -> Mapping[str, Any]:
    return {"seen": 1, "to": "with_clinician"}


def _picker(world: World) -> Mapping[str, Any]:
    load_codes()
    return {"code": "99213"}


def name(world: World) -> str:
    visit(world)
    return SURNAME


URLS = {
    "visits:list": Row(Role.NURSE, wrong=Role.HR, other="own", shows=name),
    "visits:board": Row(Role.NURSE, wrong=Role.BILLER, other="own"),
    "visits:board_of": Row(Role.NURSE, wrong=Role.BILLER, kwargs=_site, shows=name),
    "visits:board_poll": Row(Role.NURSE, wrong=Role.BILLER, kwargs=_site, shows=name),
    "visits:arrivals": Row(Role.FRONT_DESK, wrong=Role.CLINICIAN, other="own"),
    "visits:arrivals_of": Row(Role.FRONT_DESK, wrong=Role.CLINICIAN, kwargs=_site, shows=name),
    "visits:arrivals_poll": Row(Role.FRONT_DESK, wrong=Role.CLINICIAN, kwargs=_site, shows=name),
    "visits:queue": Row(Role.FRONT_DESK, wrong=Role.CLINICIAN, other="own"),
    "visits:queue_of": Row(Role.FRONT_DESK, wrong=Role.CLINICIAN, kwargs=_site, shows=name),
    "visits:queue_poll": Row(Role.FRONT_DESK, wrong=Role.CLINICIAN, kwargs=_site, shows=name),
    "visits:call_in": Row(Role.FRONT_DESK, wrong=Role.CLINICIAN, kwargs=_visit_id, method="post"),
    "visits:set_urgency": Row(Role.FRONT_DESK, wrong=Role.CLINICIAN, kwargs=_visit_id, method="post"),
    "visits:arrive": Row(
        Role.FRONT_DESK,
        wrong=Role.CODER,
        method="post",
        kwargs=lambda world: {"appointment_id": booked(world).pk},
        unit=lambda world: world.second.entity,
    ),
    "visits:no_show": Row(
        Role.FRONT_DESK,
        wrong=Role.CODER,
        method="post",
        kwargs=lambda world: {"appointment_id": booked(world).pk},
        unit=lambda world: world.second.entity,
    ),
    "visits:walk_in_for": Row(
        Role.FRONT_DESK,
        wrong=Role.BILLER,
        other="own",
        kwargs=lambda world: {"patient_id": visit(world).patient_id},
    ),
    "visits:walk_in": Row(
        Role.FRONT_DESK,
        wrong=Role.BILLER,
        kwargs=lambda world: {**_site(world), "patient_id": visit(world).patient_id},
        shows=name,
    ),
    "visits:show": Row(Role.FRONT_DESK, wrong=Role.HR, kwargs=_visit_id, shows=name),
    "visits:check_in": Row(Role.FRONT_DESK, wrong=Role.BILLER, kwargs=_visit_id, shows=name),
    "visits:finish_check_in": Row(Role.FRONT_DESK, wrong=Role.BILLER, method="post", kwargs=_visit_id),
    "visits:give_consent": Row(Role.FRONT_DESK, wrong=Role.BILLER, method="post", kwargs=_visit_id),
    "visits:verify_coverage": Row(
        Role.FRONT_DESK,
        wrong=Role.BILLER,
        method="post",
        kwargs=lambda world: {**_visit_id(world), "coverage_id": coverage(world).pk},
    ),
    "visits:mark_step": Row(
        Role.FRONT_DESK,
        wrong=Role.BILLER,
        method="post",
        kwargs=lambda world: {**_visit_id(world), "key": "consent"},
    ),
    "visits:take_back": Row(Role.FRONT_DESK, wrong=Role.BILLER, method="post", kwargs=_visit_id, data=_seen),
    "visits:move": Row(Role.NURSE, wrong=Role.BILLER, method="post", kwargs=_visit_id, data=_seen),
    "visits:undo": Row(Role.NURSE, wrong=Role.BILLER, method="post", kwargs=_visit_id),
    "visits:check_out": Row(Role.FRONT_DESK, wrong=Role.BILLER, kwargs=_visit_id, shows=name),
    "chart:day": Row(Role.CLINICIAN, wrong=Role.NURSE, other="own"),
    "chart:note": Row(Role.NURSE, wrong=Role.FRONT_DESK, kwargs=_visit_id, shows=name),
    "chart:begin": Row(Role.NURSE, wrong=Role.CODER, method="post", kwargs=_visit_id),
    "chart:save": Row(Role.NURSE, wrong=Role.CODER, method="post", kwargs=_visit_id, data=_seen),
    "chart:sign": Row(Role.CLINICIAN, wrong=Role.NURSE, kwargs=_visit_id, shows=name),
    "chart:take_over": Row(Role.CLINICIAN, wrong=Role.NURSE, method="post", kwargs=_visit_id),
    "chart:cosign": Row(Role.CLINICIAN, wrong=Role.NURSE, method="post", kwargs=_visit_id),
    "chart:addendum": Row(Role.CLINICIAN, wrong=Role.NURSE, method="post", kwargs=_visit_id),
    "chart:codes": Row(Role.CODER, wrong=Role.FRONT_DESK, kwargs=_visit_id, shows=name),
    "chart:add_diagnosis": Row(Role.NURSE, wrong=Role.CODER, method="post", kwargs=_visit_id),
    "chart:find_diagnosis": Row(Role.NURSE, wrong=Role.CODER, kwargs=_visit_id, query=_picker),
    "chart:change_diagnosis": Row(Role.NURSE, wrong=Role.CODER, method="post", kwargs=_diagnosis),
    "chart:add_service": Row(Role.NURSE, wrong=Role.CODER, method="post", kwargs=_visit_id),
    "chart:find_service": Row(Role.NURSE, wrong=Role.CODER, kwargs=_visit_id, query=_picker),
    "chart:change_service": Row(Role.NURSE, wrong=Role.CODER, method="post", kwargs=_service),
}
