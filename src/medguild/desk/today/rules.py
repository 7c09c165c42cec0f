"""Which panels a role sees on its Today page, and in which order. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from medguild.foundation.access.rules import Role

WORK = "work"
ARRIVALS = "arrivals"
BOARD = "board"
CLINICIAN_DAY = "clinician_day"
SIGN_OFF = "sign_off"
ACCESS = "access"
OPENINGS = "openings"
UNBILLED = "unbilled"
CLAIMS = "claims"
MONEY = "money"
OWNERS = "owners"
GLASS = "glass"
LICENCES = "licences"

_DESK = (WORK, ARRIVALS, BOARD)
PANELS: Mapping[Role, tuple[str, ...]] = {
    Role.FRONT_DESK: _DESK,
    Role.SCHEDULER: (WORK, OPENINGS, ACCESS),
    Role.MEDICAL_ASSISTANT: (WORK, BOARD, ARRIVALS),
    Role.NURSE: (WORK, BOARD, ARRIVALS),
    Role.CLINICIAN: (CLINICIAN_DAY, SIGN_OFF, WORK),
    Role.CODER: (WORK, UNBILLED),
    Role.BILLER: (WORK, CLAIMS, UNBILLED),
    Role.PAYMENT_POSTER: (WORK, CLAIMS),
    Role.REFERRAL_COORDINATOR: (WORK, OPENINGS),
    Role.CREDENTIALING_SPECIALIST: (WORK, LICENCES),
    Role.REVENUE_DIRECTOR: (MONEY, CLAIMS, UNBILLED, WORK),
    Role.PRACTICE_MANAGER: (ACCESS, OWNERS, WORK, BOARD),
    Role.ADMINISTRATOR: (OWNERS, LICENCES, WORK),
    Role.MEDICAL_DIRECTOR: (ACCESS, GLASS, WORK),
    Role.PHYSICIAN_OWNER: (ACCESS, MONEY, OWNERS, WORK),
    Role.COMPLIANCE_OFFICER: (GLASS, LICENCES, WORK),
    Role.HR: (WORK, LICENCES),
    Role.IPA_STAFF: (WORK,),
    Role.AUDITOR: (GLASS, WORK),
}


def panels_for(roles: Iterable[str]) -> list[str]:
    """The panels of all roles held, each once, in the order of the roles as listed above."""
    held = set(roles)
    wanted = [key for role, keys in PANELS.items() if role.value in held for key in keys]
    return list(dict.fromkeys(wanted))
