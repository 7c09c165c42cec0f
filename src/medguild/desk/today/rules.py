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
MEND = "mend"
DRAWER = "drawer"
REFILL = "refill"
DESK_MONEY = "desk_money"
PRACTICE_DAY = "practice_day"
MY_MONTH = "my_month"
POSTING = "posting"
PROMISES = "promises"

_DESK = (ARRIVALS, MEND, BOARD, DRAWER, WORK)
PANELS: Mapping[Role, tuple[str, ...]] = {
    Role.FRONT_DESK: _DESK,
    Role.SCHEDULER: (OPENINGS, REFILL, ACCESS, WORK),
    Role.MEDICAL_ASSISTANT: (BOARD, ARRIVALS, WORK),
    Role.NURSE: (BOARD, ARRIVALS, WORK),
    Role.CLINICIAN: (CLINICIAN_DAY, SIGN_OFF, WORK, MY_MONTH),
    Role.CODER: (WORK, UNBILLED),
    Role.BILLER: (WORK, CLAIMS, POSTING, UNBILLED),
    Role.PAYMENT_POSTER: (POSTING, WORK, CLAIMS),
    Role.REFERRAL_COORDINATOR: (WORK, OPENINGS),
    Role.CREDENTIALING_SPECIALIST: (WORK, LICENCES),
    Role.REVENUE_DIRECTOR: (MONEY, POSTING, UNBILLED, CLAIMS, PROMISES, WORK),
    Role.PRACTICE_MANAGER: (PRACTICE_DAY, PROMISES, ACCESS, DESK_MONEY, OWNERS, BOARD, WORK),
    Role.ADMINISTRATOR: (OWNERS, LICENCES, WORK),
    Role.MEDICAL_DIRECTOR: (PRACTICE_DAY, ACCESS, GLASS, WORK),
    Role.PHYSICIAN_OWNER: (PRACTICE_DAY, ACCESS, MONEY, OWNERS, PROMISES, WORK),
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
