"""The rights of calls and the roles that carry them."""

from __future__ import annotations

import enum

from medguild.foundation.access.permissions import declare
from medguild.foundation.access.rules import Role


class CallsRight(enum.StrEnum):
    """`READ` opens calls and their numbers, `LOG` writes one down (and is what a telephone system needs), `IMPORT`
    takes in files, `EXPLAIN` says why callers waited too long."""

    READ = "calls.read"
    LOG = "calls.log"
    IMPORT = "calls.import"
    EXPLAIN = "calls.explain"


_READ = [CallsRight.READ]
_LOG = [CallsRight.READ, CallsRight.LOG]
_ALL = list(CallsRight)

declare(
    CallsRight,
    {
        Role.FRONT_DESK: _LOG,
        Role.SCHEDULER: _LOG,
        Role.MEDICAL_ASSISTANT: _LOG,
        Role.NURSE: _LOG,
        Role.REFERRAL_COORDINATOR: _LOG,
        Role.PRACTICE_MANAGER: _ALL,
        Role.ADMINISTRATOR: _ALL,
        Role.MEDICAL_DIRECTOR: [*_READ, CallsRight.EXPLAIN],
        Role.PHYSICIAN_OWNER: [*_READ, CallsRight.EXPLAIN],
        Role.AUDITOR: _READ,
    },
)
