"""Work that arises around money of patients."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from medguild.foundation.access.rules import Role
from medguild.foundation.work.ports import declare_work_type
from medguild.revenue.receipts.permissions import ReceiptsRight

COPAY_MISSED = declare_work_type(
    "receipt.copay_missed",
    _("Co-pay that was not taken"),
    role=Role.FRONT_DESK,
    backup_role=Role.BILLER,
    due=dt.timedelta(days=2),
    subject_types=("visit",),
    right=ReceiptsRight.READ,
    icon="cash",
)
CREDIT_LEFT = declare_work_type(
    "receipt.credit_left",
    _("Credit to pay back"),
    role=Role.BILLER,
    backup_role=Role.REVENUE_DIRECTOR,
    due=dt.timedelta(days=30),
    subject_types=("receipt",),
    right=ReceiptsRight.READ,
    icon="receipt-refund",
)
