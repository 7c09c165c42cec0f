"""Role presets and what they ask of a login. The rights of a role are declared by the rooms that know them."""

from __future__ import annotations

import datetime as dt
import enum

from medguild.foundation.ui.rules import IDLE_LIMIT as IDLE_LIMIT


class Role(enum.StrEnum):
    FRONT_DESK = "front_desk"
    SCHEDULER = "scheduler"
    MEDICAL_ASSISTANT = "medical_assistant"
    NURSE = "nurse"
    CLINICIAN = "clinician"
    CODER = "coder"
    BILLER = "biller"
    PAYMENT_POSTER = "payment_poster"
    REFERRAL_COORDINATOR = "referral_coordinator"
    CREDENTIALING_SPECIALIST = "credentialing_specialist"
    REVENUE_DIRECTOR = "revenue_director"
    PRACTICE_MANAGER = "practice_manager"
    ADMINISTRATOR = "administrator"
    MEDICAL_DIRECTOR = "medical_director"
    PHYSICIAN_OWNER = "physician_owner"
    COMPLIANCE_OFFICER = "compliance_officer"
    HR = "hr"
    IPA_STAFF = "ipa_staff"
    AUDITOR = "auditor"
    PATIENT = "patient"
    PROXY = "proxy"


# Held on one patient record; every other role is held on a unit.
RECORD_ROLES = frozenset({Role.PATIENT, Role.PROXY})

# These see or change enough that a password alone does not do.
SECOND_FACTOR_ROLES = frozenset(
    {
        Role.REVENUE_DIRECTOR,
        Role.ADMINISTRATOR,
        Role.MEDICAL_DIRECTOR,
        Role.PHYSICIAN_OWNER,
        Role.COMPLIANCE_OFFICER,
        Role.AUDITOR,
        Role.IPA_STAFF,
    }
)

GLASS_LASTS = dt.timedelta(hours=4)
SHORTEST_REASON = 10
LONGEST_SESSION = dt.timedelta(hours=12)
TOUCH_EVERY = dt.timedelta(seconds=60)


def needs_second_factor(roles: frozenset[str]) -> bool:
    return any(role in SECOND_FACTOR_ROLES for role in roles)


def session_over(
    began: dt.datetime,
    seen: dt.datetime,
    moment: dt.datetime,
    *,
    idle: dt.timedelta = IDLE_LIMIT,
    longest: dt.timedelta = LONGEST_SESSION,
) -> bool:
    """Idle for too long, or too old however busy."""
    return moment - seen > idle or moment - began > longest


def good_reason(reason: str) -> bool:
    """A reason that a reviewer can use: at least ten characters besides spaces."""
    return len("".join(reason.split())) >= SHORTEST_REASON
