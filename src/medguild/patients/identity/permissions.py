"""Rights of the room. Breaking the glass lends the right to read."""

from __future__ import annotations

import enum

from medguild.foundation.access.permissions import declare
from medguild.foundation.access.rules import Role


class PatientsRight(enum.StrEnum):
    READ = "patients.read"
    REGISTER = "patients.register"
    UPDATE = "patients.update"
    LINK = "patients.link"
    READERS = "patients.readers"
    IMPORT = "patients.import"


_READ = [PatientsRight.READ]
_DESK = [PatientsRight.READ, PatientsRight.REGISTER, PatientsRight.UPDATE]
# IPA staff, HR and credentialing hold nothing here: the minimum that their work needs is not a chart.
declare(
    PatientsRight,
    {
        Role.FRONT_DESK: _DESK,
        Role.SCHEDULER: _DESK,
        Role.MEDICAL_ASSISTANT: _DESK,
        Role.NURSE: _DESK,
        Role.REFERRAL_COORDINATOR: _DESK,
        Role.PRACTICE_MANAGER: [*_DESK, PatientsRight.LINK],
        Role.ADMINISTRATOR: [*_DESK, PatientsRight.LINK, PatientsRight.IMPORT],
        Role.CLINICIAN: [PatientsRight.READ, PatientsRight.UPDATE],
        Role.BILLER: [PatientsRight.READ, PatientsRight.UPDATE],
        Role.CODER: _READ,
        Role.PAYMENT_POSTER: _READ,
        Role.REVENUE_DIRECTOR: _READ,
        Role.MEDICAL_DIRECTOR: _READ,
        Role.PHYSICIAN_OWNER: _READ,
        Role.COMPLIANCE_OFFICER: [PatientsRight.READ, PatientsRight.LINK, PatientsRight.READERS],
        Role.AUDITOR: [PatientsRight.READ, PatientsRight.READERS],
    },
    emergency=_READ,
)
