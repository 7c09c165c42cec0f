"""What calls tell the log, and the work that they open."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from medguild.foundation.access.rules import Role
from medguild.foundation.events.ports import declare_event
from medguild.foundation.work.ports import declare_work_type
from medguild.foundation.work.rules import Clock
from medguild.operations.calls.permissions import CallsRight
from medguild.operations.calls.words import REASONS

LOGGED = declare_event("call.logged", _("Telephone call"), icon="phone")
IMPORTED = declare_event("calls.imported", _("Calls imported"), icon="file-import")
CALL_BACK = declare_work_type(
    "call_back",
    _("Call back"),
    role=Role.FRONT_DESK,
    backup_role=Role.SCHEDULER,
    due=dt.timedelta(hours=2),
    subject_types=("call",),
    categories=tuple((str(reason), words) for reason, words in REASONS.items()),
    right=CallsRight.READ,
    clock=Clock.OPEN_HOURS,
    icon="phone-call",
)
