"""Compacts, registrations and privileges for tests."""

from __future__ import annotations

import datetime as dt
import itertools

from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.people import Clinician
from medguild.foundation.organization.rules import ClinicianKind
from medguild.people.credentialing import services
from medguild.people.credentialing.models import Compact, Privilege, PrivilegeType
from medguild.people.credentialing.rules import PrivilegeStanding
from medguild.people.credentialing.services import Membership
from tests.factories.world import HOUSE, START

_numbers = itertools.count(1)


def make_compact(*states: str, kinds: tuple[ClinicianKind, ...] = (ClinicianKind.PHYSICIAN,)) -> Compact:
    return services.set_compact(
        code=f"compact{next(_numbers)}", name="Western Compact", clinician_kinds=kinds,
        members=[Membership(state, START) for state in states], by=HOUSE,
    )  # fmt: skip


def make_privilege_type(name: str = "Endoscopy") -> PrivilegeType:
    return services.add_privilege_type(code=f"privilege{next(_numbers)}", name=name, by=HOUSE)


def make_privilege(
    clinician: Clinician,
    type: PrivilegeType,
    unit: Unit,
    *,
    standing: PrivilegeStanding = PrivilegeStanding.FULL,
    start: dt.date = START,
    end: dt.date | None = None,
) -> Privilege:
    return services.grant_privilege(
        clinician=clinician, type=type, unit=unit, standing=standing, start=start, end=end, by=HOUSE
    )
