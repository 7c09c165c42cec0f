"""The words for kinds of payer and plan."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.payers.payers.rules import PayerKind, PlanKind

PAYER_KINDS: list[tuple[str, Promise | str]] = [
    (PayerKind.COMMERCIAL.value, _("Commercial")),
    (PayerKind.BLUES.value, _("Blue Cross / Blue Shield")),
    (PayerKind.MEDICARE.value, _("Medicare")),
    (PayerKind.MEDICARE_ADVANTAGE.value, _("Medicare Advantage")),
    (PayerKind.MEDICAID.value, _("Medicaid")),
    (PayerKind.TRICARE.value, _("TRICARE")),
    (PayerKind.VETERANS.value, _("Veterans Affairs")),
    (PayerKind.WORK_COMP.value, _("Workers' compensation")),
    (PayerKind.AUTO.value, _("Auto")),
    (PayerKind.SELF_PAY.value, _("Self-pay")),
    (PayerKind.OTHER.value, _("Other")),
]
PLAN_KINDS: list[tuple[str, Promise | str]] = [
    (PlanKind.HMO.value, "HMO"),
    (PlanKind.PPO.value, "PPO"),
    (PlanKind.EPO.value, "EPO"),
    (PlanKind.POS.value, _("Point of service")),
    (PlanKind.INDEMNITY.value, _("Indemnity")),
    (PlanKind.MEDICARE.value, _("Medicare")),
    (PlanKind.MEDICARE_ADVANTAGE.value, _("Medicare Advantage")),
    (PlanKind.MEDICAID.value, _("Medicaid")),
    (PlanKind.WORK_COMP.value, _("Workers' compensation")),
    (PlanKind.AUTO.value, _("Auto")),
    (PlanKind.OTHER.value, _("Other")),
]
