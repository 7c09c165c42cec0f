"""Values, modes and places of standards in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.money import dollars
from medguild.foundation.standards.ports import Standard
from medguild.foundation.standards.rules import (
    DeviationStatus,
    Kind,
    Level,
    Mode,
    Value,
    WorkflowStatus,
    show_duration,
)

MODE_WORDS: Mapping[str, Promise] = {
    Mode.STANDARD: gettext_lazy("Standard: the same everywhere"),
    Mode.BOUNDED: gettext_lazy("Bounded: may vary inside limits"),
    Mode.LOCAL: gettext_lazy("Local: may vary"),
}
MODE_NAMES: Mapping[str, Promise] = {
    Mode.STANDARD: gettext_lazy("Standard"),
    Mode.BOUNDED: gettext_lazy("Bounded"),
    Mode.LOCAL: gettext_lazy("Local"),
}
MODE_TONES: Mapping[str, str] = {Mode.STANDARD: "ok", Mode.BOUNDED: "info", Mode.LOCAL: "neutral"}
LEVEL_WORDS: Mapping[str, Promise] = {
    Level.ENTERPRISE: gettext_lazy("Group"),
    Level.STATE: gettext_lazy("State"),
    Level.ENTITY: gettext_lazy("Legal entity"),
    Level.PRACTICE: gettext_lazy("Practice"),
    Level.SPECIALTY: gettext_lazy("Specialty"),
    Level.SITE: gettext_lazy("Site"),
    Level.DEPARTMENT: gettext_lazy("Department"),
    Level.CLINICIAN: gettext_lazy("Clinician"),
    Level.PAYER: gettext_lazy("Payer"),
}
DEVIATION_WORDS: Mapping[str, Promise] = {
    DeviationStatus.PROPOSED: gettext_lazy("Proposed"),
    DeviationStatus.APPROVED: gettext_lazy("Approved"),
    DeviationStatus.REJECTED: gettext_lazy("Rejected"),
    DeviationStatus.WITHDRAWN: gettext_lazy("Withdrawn"),
    DeviationStatus.ENDED: gettext_lazy("Ended"),
}
DEVIATION_TONES: Mapping[str, str] = {
    DeviationStatus.PROPOSED: "info",
    DeviationStatus.APPROVED: "ok",
    DeviationStatus.REJECTED: "bad",
    DeviationStatus.WITHDRAWN: "neutral",
    DeviationStatus.ENDED: "neutral",
}
WORKFLOW_WORDS: Mapping[str, Promise] = {
    WorkflowStatus.DRAFT: gettext_lazy("Draft"),
    WorkflowStatus.IN_FORCE: gettext_lazy("In force"),
    WorkflowStatus.RETIRED: gettext_lazy("Retired"),
}
WORKFLOW_TONES: Mapping[str, str] = {
    WorkflowStatus.DRAFT: "info",
    WorkflowStatus.IN_FORCE: "ok",
    WorkflowStatus.RETIRED: "neutral",
}

ROLE_WORDS: Mapping[str, Promise] = {
    Role.FRONT_DESK: gettext_lazy("Front desk"),
    Role.SCHEDULER: gettext_lazy("Scheduler"),
    Role.MEDICAL_ASSISTANT: gettext_lazy("Medical assistant"),
    Role.NURSE: gettext_lazy("Nurse"),
    Role.CLINICIAN: gettext_lazy("Clinician"),
    Role.CODER: gettext_lazy("Coder"),
    Role.BILLER: gettext_lazy("Biller"),
    Role.PAYMENT_POSTER: gettext_lazy("Payment poster"),
    Role.REFERRAL_COORDINATOR: gettext_lazy("Referral coordinator"),
    Role.CREDENTIALING_SPECIALIST: gettext_lazy("Credentialing specialist"),
    Role.REVENUE_DIRECTOR: gettext_lazy("Revenue director"),
    Role.PRACTICE_MANAGER: gettext_lazy("Practice manager"),
    Role.ADMINISTRATOR: gettext_lazy("Administrator"),
    Role.MEDICAL_DIRECTOR: gettext_lazy("Medical director"),
    Role.PHYSICIAN_OWNER: gettext_lazy("Physician owner"),
    Role.COMPLIANCE_OFFICER: gettext_lazy("Compliance officer"),
    Role.HR: gettext_lazy("Human resources"),
    Role.IPA_STAFF: gettext_lazy("IPA staff"),
    Role.AUDITOR: gettext_lazy("Auditor"),
    Role.PATIENT: gettext_lazy("Patient"),
    Role.PROXY: gettext_lazy("Proxy"),
}


def role_word(role: str) -> str:
    """What a role is called; empty for none."""
    return str(ROLE_WORDS[role]) if role else ""


def shown(standard: Standard, value: Value) -> str:
    """The value as people say it, with its unit: `30 minutes`, `2 d 4 h`, `$25.00`, `Yes`."""
    if standard.kind == Kind.BOOLEAN:
        return _("Yes") if value else _("No")
    if isinstance(value, dt.timedelta):
        return show_duration(value)
    if standard.money and isinstance(value, int):
        return dollars(value)
    if standard.kind == Kind.CHOICE:
        return str(dict(standard.choice_labels).get(str(value), value))
    return f"{value} {standard.unit}".strip()


def limits(standard: Standard) -> str:
    """The group's limits in words; empty where there are none."""
    bounds = standard.bounds
    if bounds.choices:
        return ", ".join(shown(standard, choice) for choice in bounds.choices)
    least = shown(standard, bounds.least) if bounds.least is not None else ""
    most = shown(standard, bounds.most) if bounds.most is not None else ""
    if least and most:
        return _("%(least)s to %(most)s") % {"least": least, "most": most}
    if least:
        return _("at least %(least)s") % {"least": least}
    return _("at most %(most)s") % {"most": most} if most else ""
