"""What complaints tell the log, and the work that they open."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from medguild.experience.feedback.permissions import FeedbackRight
from medguild.experience.feedback.words import CATEGORIES
from medguild.foundation.access.rules import Role
from medguild.foundation.events.ports import declare_event
from medguild.foundation.work.ports import declare_work_type

RECEIVED = declare_event("complaint.received", _("Complaint received"), icon="message-report")
RESOLVED = declare_event("complaint.resolved", _("Complaint resolved"), icon="circle-check")
# Seven days is a rule for hospitals (42 CFR 482.13 guidance) and a common policy of offices; the standard may vary.
COMPLAINT = declare_work_type(
    "complaint",
    _("Complaint"),
    role=Role.PRACTICE_MANAGER,
    backup_role=Role.ADMINISTRATOR,
    due=dt.timedelta(days=7),
    subject_types=("complaint",),
    categories=tuple((str(category), words) for category, words in CATEGORIES.items()),
    right=FeedbackRight.READ,
    icon="message-report",
)
