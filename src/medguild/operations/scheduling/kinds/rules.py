"""Rules of a kind of visit: who may book it, how short it may be, for whom it is meant. Pure."""

from __future__ import annotations

import enum
from collections.abc import Collection

from medguild.foundation.access.rules import RECORD_ROLES, Role
from medguild.operations.scheduling.rules import Mode, Origin, PatientKind


class Door(enum.StrEnum):
    """Ways by which a visit is booked, beside the roles of the staff."""

    PORTAL = "portal"
    API = "api"


STAFF_BOOKERS = (
    Role.FRONT_DESK,
    Role.SCHEDULER,
    Role.MEDICAL_ASSISTANT,
    Role.NURSE,
    Role.CLINICIAN,
    Role.REFERRAL_COORDINATOR,
    Role.PRACTICE_MANAGER,
)
BOOKERS = [*(door.value for door in Door), *(role.value for role in Role if role not in RECORD_ROLES)]
_DOORS = {Origin.PORTAL: Door.PORTAL, Origin.API: Door.API}


def may_book_kind(booked_by: Collection[str], *, origin: str, roles: Collection[str]) -> bool:
    """Whether a kind of visit may be booked through a door, by somebody with these roles.

    An empty list is everybody. Through the portal and by programs the door counts, at the desk the roles. What the
    house itself does (an import, a job) has no roles and is not asked.
    """
    if not booked_by or origin == Origin.IMPORT:
        return True
    door = _DOORS.get(Origin(origin))
    if door is not None:
        return door in booked_by
    return not roles or not set(booked_by).isdisjoint(roles)


def shortest_allowed(minimum: int | None, shortening: int) -> int:
    """The fewest minutes of a visit: the group's minimum, less the percentage that a deviation allows."""
    return -(-(minimum or 1) * (100 - shortening) // 100)


def suits(patient_kind: str, *, established: bool) -> bool:
    """Whether a kind of visit is meant for such a patient."""
    return patient_kind == PatientKind.ANY or (patient_kind == PatientKind.ESTABLISHED) == established


def takes_only_clinician(mode: str) -> bool:
    """An e-consult is answered in writing: it takes the clinician's time, but no room, no device and nobody's day."""
    return mode == Mode.E_CONSULT


def takes_needs(mode: str) -> bool:
    """Rooms of a kind, devices and staff are for patients who come."""
    return mode == Mode.IN_PERSON
