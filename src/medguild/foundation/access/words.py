"""What people call the role presets, and what each is for."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.foundation.access.rules import RECORD_ROLES, Role

ROLES: dict[Role, str | Promise] = {
    Role.FRONT_DESK: _("Front desk"),
    Role.SCHEDULER: _("Scheduler"),
    Role.MEDICAL_ASSISTANT: _("Medical assistant"),
    Role.NURSE: _("Nurse"),
    Role.CLINICIAN: _("Clinician"),
    Role.CODER: _("Coder"),
    Role.BILLER: _("Biller"),
    Role.PAYMENT_POSTER: _("Payment poster"),
    Role.REFERRAL_COORDINATOR: _("Referral coordinator"),
    Role.CREDENTIALING_SPECIALIST: _("Credentialing specialist"),
    Role.REVENUE_DIRECTOR: _("Revenue director"),
    Role.PRACTICE_MANAGER: _("Practice manager"),
    Role.ADMINISTRATOR: _("Administrator"),
    Role.MEDICAL_DIRECTOR: _("Medical director"),
    Role.PHYSICIAN_OWNER: _("Physician owner"),
    Role.COMPLIANCE_OFFICER: _("Compliance officer"),
    Role.HR: _("Human resources"),
    Role.IPA_STAFF: _("IPA staff"),
    Role.AUDITOR: _("Auditor"),
    Role.PATIENT: _("Patient"),
    Role.PROXY: _("Proxy of a patient"),
}
STAFF_ROLES = [(role, words) for role, words in ROLES.items() if role not in RECORD_ROLES]


def role_words(role: str) -> str | Promise:
    return ROLES.get(Role(role), role)
