"""Work that arises around claims, and how records of this wing are called there."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from medguild.foundation.access.rules import Role
from medguild.foundation.work.ports import declare_work_type
from medguild.revenue.claims.permissions import ClaimsRight

MEND_CLAIM = declare_work_type(
    "claim.mend",
    _("Claim to be mended"),
    role=Role.BILLER,
    backup_role=Role.CODER,
    due=dt.timedelta(days=2),
    subject_types=("claim",),
    right=ClaimsRight.READ,
    icon="file-alert",
)
NO_BILLING_IDENTITY = declare_work_type(
    "claim.no_billing_identity",
    _("Charges without billing identity"),
    role=Role.REVENUE_DIRECTOR,
    backup_role=Role.BILLER,
    due=dt.timedelta(days=1),
    subject_types=("charge",),
    right=ClaimsRight.READ,
    icon="id-off",
)
