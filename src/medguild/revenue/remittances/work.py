"""Work that arises from remittances. A denial has a type of its own per category, because each has its own owner."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from medguild.foundation.access.rules import Role
from medguild.foundation.work.ports import declare_work_type
from medguild.revenue.remittances.permissions import RemittancesRight
from medguild.revenue.remittances.words import CATEGORIES

# Category -> who answers first, who stands in, days allowed. After `denial_categories` of the reference data.
_DENIALS: dict[str, tuple[Role, Role, int]] = {
    "appeal": (Role.BILLER, Role.REVENUE_DIRECTOR, 5),
    "authorization": (Role.REFERRAL_COORDINATOR, Role.BILLER, 5),
    "bundling": (Role.CODER, Role.BILLER, 10),
    "capitation": (Role.REVENUE_DIRECTOR, Role.BILLER, 10),
    "cob": (Role.FRONT_DESK, Role.BILLER, 5),
    "coding": (Role.CODER, Role.BILLER, 5),
    "contractual": (Role.REVENUE_DIRECTOR, Role.BILLER, 10),
    "documentation": (Role.BILLER, Role.CODER, 7),
    "duplicate": (Role.BILLER, Role.CODER, 7),
    "eligibility": (Role.FRONT_DESK, Role.BILLER, 5),
    "frequency_limit": (Role.CODER, Role.BILLER, 10),
    "liability_wc": (Role.FRONT_DESK, Role.BILLER, 5),
    "medical_necessity": (Role.CODER, Role.BILLER, 7),
    "missing_info": (Role.BILLER, Role.CODER, 3),
    "non_covered": (Role.FRONT_DESK, Role.BILLER, 7),
    "other": (Role.BILLER, Role.REVENUE_DIRECTOR, 7),
    "provider_enrolment": (Role.CREDENTIALING_SPECIALIST, Role.BILLER, 5),
    "referral_network": (Role.REFERRAL_COORDINATOR, Role.BILLER, 7),
    "timely_filing": (Role.BILLER, Role.REVENUE_DIRECTOR, 3),
}
# Whose cover was wrong is found out with the patient: those at the desk answer these, without seeing payments.
HANDLED_AT_THE_DESK = frozenset(category for category, owners in _DENIALS.items() if owners[0] == Role.FRONT_DESK)
DENIAL = {
    category: declare_work_type(
        f"denial.{category}",
        format_lazy(_("Denial: {category}"), category=CATEGORIES[category]),
        role=role,
        backup_role=backup,
        due=dt.timedelta(days=days),
        subject_types=("claim",),
        icon="ban",
    )
    for category, (role, backup, days) in _DENIALS.items()
}
QUARANTINE = declare_work_type(
    "remittance.quarantine",
    _("Remittance in quarantine"),
    role=Role.PAYMENT_POSTER,
    backup_role=Role.BILLER,
    due=dt.timedelta(days=1),
    subject_types=("remittance",),
    right=RemittancesRight.READ,
    icon="file-alert",
)
CONFLICT = declare_work_type(
    "remittance.conflict",
    _("Two payments with one key"),
    role=Role.PAYMENT_POSTER,
    backup_role=Role.REVENUE_DIRECTOR,
    due=dt.timedelta(days=1),
    subject_types=("remittance",),
    right=RemittancesRight.READ,
    icon="copy",
)
SUSPENSE = declare_work_type(
    "remittance.suspense",
    _("Money in suspense"),
    role=Role.PAYMENT_POSTER,
    backup_role=Role.BILLER,
    due=dt.timedelta(days=3),
    subject_types=("remittance",),
    categories=(
        ("unmatched_claim", _("Claim not found")),
        ("unknown_payee", _("Unknown payee")),
        ("provider_adjustment", _("Adjustment beside the claims")),
    ),
    right=RemittancesRight.READ,
    icon="help-circle",
)
REVIEW = declare_work_type(
    "remittance.review",
    _("Adjustment to be judged"),
    role=Role.PAYMENT_POSTER,
    backup_role=Role.BILLER,
    due=dt.timedelta(days=3),
    subject_types=("claim",),
    categories=(
        ("protected", _("The patient may not be billed")),
        ("unclear", _("Adjustment that no rule places")),
        ("line_not_found", _("Paid service not on the claim")),
    ),
    right=RemittancesRight.READ,
    icon="scale",
)
WRITE_OFF_APPROVAL = declare_work_type(
    "denial.write_off",
    _("Write-off to be approved"),
    role=Role.REVENUE_DIRECTOR,
    backup_role=Role.PRACTICE_MANAGER,
    due=dt.timedelta(days=3),
    subject_types=("claim",),
    right=RemittancesRight.READ,
    icon="receipt-off",
)
BILL_SECONDARY = declare_work_type(
    "claim.bill_secondary",
    _("Bill the next payer"),
    role=Role.BILLER,
    backup_role=Role.PAYMENT_POSTER,
    due=dt.timedelta(days=5),
    subject_types=("claim",),
    icon="arrow-forward-up",
)


def answered_by(roles: Collection[str]) -> frozenset[str]:
    """Categories of denials that one of these roles answers first."""
    return frozenset(category for category, owners in _DENIALS.items() if owners[0] in roles)


def denial_type(category: str) -> str:
    """The work type of a category; categories that are no denial by themselves fall to `other`."""
    return DENIAL.get(category, DENIAL["other"])
