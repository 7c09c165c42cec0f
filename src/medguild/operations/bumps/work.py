"""Each bumped visit is a piece of work with an owner and a due time."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from medguild.foundation.access.rules import Role
from medguild.foundation.work.ports import declare_work_type
from medguild.foundation.work.rules import Clock
from medguild.operations.bumps.words import CAUSES
from medguild.operations.scheduling.permissions import SchedulingRight

BUMPED_VISIT = declare_work_type(
    "bumped_visit", _("Bumped visit: find another time"), role=Role.SCHEDULER, backup_role=Role.PRACTICE_MANAGER,
    due=dt.timedelta(hours=8), subject_types=("appointment",), categories=tuple(CAUSES), right=SchedulingRight.READ,
    icon="repeat", clock=Clock.OPEN_HOURS,
)  # fmt: skip
