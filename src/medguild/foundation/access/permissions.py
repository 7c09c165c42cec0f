"""The table of rights: every room declares what it knows and which role presets carry it."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping

from medguild.foundation.access.rules import Role
from medguild.foundation.codesets.rights import CodeSetRight
from medguild.foundation.organization.rights import OrganizationRight

__all__ = ["EVERY_STAFF_ROLE", "AccessRight", "EventRight", "OrganizationRight", "declare"]

_holders: dict[str, set[Role]] = {}
_emergency: set[str] = set()
_over_walls: set[str] = set()

EVERY_STAFF_ROLE = frozenset(Role) - {Role.PATIENT, Role.PROXY}


class AccessRight(enum.StrEnum):
    MANAGE_USERS = "access.manage"
    REVIEW = "access.review"
    BREAK_GLASS = "access.break_glass"


class EventRight(enum.StrEnum):
    READ = "events.read"


def declare(
    rights: type[enum.StrEnum],
    holders: Mapping[Role, Iterable[str]],
    *,
    emergency: Iterable[str] = (),
    over_walls: Iterable[str] = (),
) -> None:
    """Make rights known and give them to role presets. `emergency` rights are lent by breaking the glass.

    `over_walls`: the few rights that, held above an IPA member's office, hold there too. They show no chart and no fee;
    every other right must be given at the office itself.
    """
    for right in rights:
        _holders.setdefault(right.value, set())
    for role, held in holders.items():
        for right_name in held:
            _holders[str(right_name)].add(role)
    _emergency.update(str(right_name) for right_name in emergency)
    _over_walls.update(str(right_name) for right_name in over_walls)


def rights_of(role: Role) -> frozenset[str]:
    return frozenset(right for right, holders in _holders.items() if role in holders)


def known_rights() -> dict[str, frozenset[Role]]:
    """Every right with the roles that hold it: the permission table."""
    return {right: frozenset(holders) for right, holders in sorted(_holders.items())}


def emergency_rights() -> frozenset[str]:
    return frozenset(_emergency)


def rights_over_walls() -> frozenset[str]:
    return frozenset(_over_walls)


# Somebody above must be able to give a member's people their first access, on the record. Who manages the office is
# told so there: its circle decides who reads its charts.
declare(
    AccessRight,
    {
        Role.ADMINISTRATOR: [AccessRight.MANAGE_USERS],
        Role.COMPLIANCE_OFFICER: [AccessRight.REVIEW],
        Role.AUDITOR: [AccessRight.REVIEW],
        Role.CLINICIAN: [AccessRight.BREAK_GLASS],
        Role.NURSE: [AccessRight.BREAK_GLASS],
        Role.MEDICAL_DIRECTOR: [AccessRight.BREAK_GLASS, AccessRight.REVIEW],
        Role.PHYSICIAN_OWNER: [AccessRight.BREAK_GLASS],
    },
    over_walls=[AccessRight.MANAGE_USERS],
)
declare(
    OrganizationRight,
    {
        **{role: [OrganizationRight.READ] for role in EVERY_STAFF_ROLE},
        Role.ADMINISTRATOR: [OrganizationRight.READ, OrganizationRight.MANAGE, OrganizationRight.BILLING],
        Role.PRACTICE_MANAGER: [OrganizationRight.READ, OrganizationRight.MANAGE],
        Role.REVENUE_DIRECTOR: [OrganizationRight.READ, OrganizationRight.BILLING],
        Role.BILLER: [OrganizationRight.READ, OrganizationRight.BILLING],
        Role.PHYSICIAN_OWNER: [OrganizationRight.READ, OrganizationRight.MANAGE, OrganizationRight.BILLING],
    },
    over_walls=[OrganizationRight.READ],
)
declare(
    EventRight,
    {role: [EventRight.READ] for role in (Role.COMPLIANCE_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR)},
)
declare(CodeSetRight, {role: [CodeSetRight.MANAGE] for role in (Role.ADMINISTRATOR, Role.REVENUE_DIRECTOR)})
