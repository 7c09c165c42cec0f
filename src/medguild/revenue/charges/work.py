"""Work that arises around charges."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from medguild.foundation.access.rules import Role
from medguild.foundation.work.ports import declare_work_type
from medguild.revenue.charges.permissions import ChargesRight

MISSING_CHARGE = declare_work_type(
    "charge.missing",
    _("Visit without charge"),
    role=Role.CODER,
    backup_role=Role.BILLER,
    due=dt.timedelta(days=2),
    subject_types=("visit",),
    categories=(("note_unsigned", _("Note not signed")), ("no_service", _("Note without services"))),
    right=ChargesRight.READ,
    icon="receipt-off",
)
HELD_CHARGE = declare_work_type(
    "charge.held",
    _("Charge held back"),
    role=Role.BILLER,
    backup_role=Role.CODER,
    due=dt.timedelta(days=1),
    subject_types=("charge",),
    categories=(("no_fee", _("Code without fee")), ("no_account", _("No account to charge"))),
    right=ChargesRight.READ,
    icon="hand-stop",
)
