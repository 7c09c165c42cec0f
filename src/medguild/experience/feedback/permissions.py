"""The rights of feedback and the roles that carry them."""

from __future__ import annotations

import enum

from medguild.foundation.access.permissions import declare
from medguild.foundation.access.rules import Role


class FeedbackRight(enum.StrEnum):
    """`RECEIVE` writes a complaint down, `READ` opens complaints with the patient's words, `RESOLVE` closes them."""

    READ = "feedback.read"
    RECEIVE = "feedback.receive"
    RESOLVE = "feedback.resolve"


_RECEIVE = [FeedbackRight.RECEIVE]
_READ = [FeedbackRight.READ]
_ALL = list(FeedbackRight)

# Whoever hears a complaint writes it down; it may be about them, so reading is for those who answer for the site.
declare(
    FeedbackRight,
    {
        Role.FRONT_DESK: _RECEIVE,
        Role.SCHEDULER: _RECEIVE,
        Role.MEDICAL_ASSISTANT: _RECEIVE,
        Role.NURSE: _RECEIVE,
        Role.CLINICIAN: _RECEIVE,
        Role.REFERRAL_COORDINATOR: _RECEIVE,
        Role.BILLER: _RECEIVE,
        Role.PRACTICE_MANAGER: _ALL,
        Role.ADMINISTRATOR: _ALL,
        Role.MEDICAL_DIRECTOR: _ALL,
        Role.COMPLIANCE_OFFICER: _ALL,
        Role.PHYSICIAN_OWNER: _READ,
        Role.AUDITOR: _READ,
    },
)
