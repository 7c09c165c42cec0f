"""Who may open the pages of patients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from medguild.foundation.access.rules import Role
from medguild.patients.coverage.models import Coverage
from medguild.patients.identity.models import Patient
from tests.factories.patients import make_coverage, make_patient
from tests.factories.world import World
from tests.url_tables import Row


def _kept(world: World, key: str, make: Any) -> Any:
    if key not in world.kept:
        world.kept[key] = make()
    return world.kept[key]


def patient(world: World) -> Patient:
    found: Patient = _kept(world, "patients.patient", lambda: make_patient(world, family_name="Quillfeather"))
    return found


def another(world: World) -> Patient:
    found: Patient = _kept(world, "patients.another", lambda: make_patient(world, family_name="Otherby"))
    return found


def coverage(world: World) -> Coverage:
    found: Coverage = _kept(world, "patients.coverage", lambda: make_coverage(patient(world)))
    return found


def one(world: World) -> Mapping[str, Any]:
    return {"patient_id": patient(world).pk}


def cover(world: World) -> Mapping[str, Any]:
    return {"patient_id": patient(world).pk, "coverage_id": coverage(world).pk}


def pair(world: World) -> Mapping[str, Any]:
    return {"patient_id": patient(world).pk, "survivor_id": another(world).pk}


def family(world: World) -> str:
    return patient(world).family_name


def query(world: World) -> Mapping[str, Any]:
    return {"q": family(world)[:8]}


URLS = {
    "patients:list": Row(Role.FRONT_DESK, wrong=Role.HR, other="own", method="post", data=query, shows=family),
    "patients:detail": Row(Role.CLINICIAN, wrong=Role.IPA_STAFF, kwargs=one, shows=family),
    "patients:edit": Row(Role.FRONT_DESK, wrong=Role.CODER, kwargs=one, shows=family),
    "patients:contact": Row(Role.FRONT_DESK, wrong=Role.CODER, kwargs=one),
    "patients:timeline": Row(Role.NURSE, wrong=Role.HR, kwargs=one),
    "patients:readers": Row(Role.COMPLIANCE_OFFICER, wrong=Role.PRACTICE_MANAGER, kwargs=one),
    "patients:link_find": Row(Role.PRACTICE_MANAGER, wrong=Role.FRONT_DESK, kwargs=one),
    "patients:link": Row(Role.PRACTICE_MANAGER, wrong=Role.FRONT_DESK, kwargs=pair),
    "patients:unlink": Row(Role.COMPLIANCE_OFFICER, wrong=Role.FRONT_DESK, kwargs=one),
    "patients:register": Row(Role.FRONT_DESK, wrong=Role.CODER, other="own"),
    "patients:register_duplicates": Row(Role.FRONT_DESK, wrong=Role.CODER, method="post", other="own"),
    "patients:coverage_add": Row(Role.FRONT_DESK, wrong=Role.CODER, kwargs=one),
    "patients:coverage_edit": Row(Role.BILLER, wrong=Role.CLINICIAN, kwargs=cover),
    "patients:coverage_end": Row(Role.FRONT_DESK, wrong=Role.NURSE, kwargs=cover),
    "patients:coverage_verify": Row(Role.FRONT_DESK, wrong=Role.NURSE, method="post", kwargs=cover),
    "patients:consent_add": Row(Role.NURSE, wrong=Role.BILLER, kwargs=one),
    "patients:account_open": Row(Role.BILLER, wrong=Role.SCHEDULER, kwargs=one),
    "GET /api/v1/patients": Row(Role.SCHEDULER, wrong=Role.HR, other="own", query=query, shows=family),
    "GET /api/v1/patients/{patient_id}": Row(Role.SCHEDULER, wrong=Role.IPA_STAFF, kwargs=one, shows=family),
}
