"""What promises tell the log, and the kinds of work that they are: each with a clock of open hours and an owner."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from medguild.foundation.access.rules import Role
from medguild.foundation.events.ports import declare_event
from medguild.foundation.work.ports import declare_work_type
from medguild.foundation.work.rules import Clock
from medguild.operations.promises.permissions import PromisesRight
from medguild.operations.promises.rules import Channel, PromiseKind
from medguild.operations.promises.words import ANSWER_LABELS, PROMISE_LABELS

CAME_IN = declare_event("inquiry.received", _("Message came in"), icon="mail")
ANSWERED = declare_event("inquiry.answered", _("Message answered"), icon="mail-check")
PROMISED = declare_event("promise.made", _("Promised"), icon="hand-stop")

_HOUR, _DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
# Time to answer, in open hours of the place (days are working days); each is a standard that sites may vary.
_ANSWERS = {
    Channel.PORTAL: _DAY, Channel.TEXT: 4 * _HOUR, Channel.EMAIL: _DAY, Channel.FAX: _DAY, Channel.LETTER: 5 * _DAY,
}  # fmt: skip
_PROMISES = {
    PromiseKind.RESULT: (3 * _DAY, Role.NURSE, "report-medical"),
    PromiseKind.CALL: (_DAY, Role.FRONT_DESK, "phone-call"),
    PromiseKind.REFERRAL: (2 * _DAY, Role.REFERRAL_COORDINATOR, "arrow-forward-up"),
    PromiseKind.MESSAGE: (_DAY, Role.FRONT_DESK, "message"),
}

ANSWER_TYPES: dict[Channel, str] = {
    channel: declare_work_type(
        f"answer.{channel}", ANSWER_LABELS[channel], role=Role.FRONT_DESK, backup_role=Role.PRACTICE_MANAGER, due=due,
        subject_types=("inquiry",), right=PromisesRight.READ, clock=Clock.OPEN_HOURS, icon="mail",
    )
    for channel, due in _ANSWERS.items()
}  # fmt: skip
PROMISE_TYPES: dict[PromiseKind, str] = {
    kind: declare_work_type(
        f"promise.{kind}", PROMISE_LABELS[kind], role=role, backup_role=Role.PRACTICE_MANAGER, due=due,
        subject_types=("patient", "visit", "call", "inquiry"), right=PromisesRight.READ, clock=Clock.OPEN_HOURS,
        icon=icon,
    )
    for kind, (due, role, icon) in _PROMISES.items()
}  # fmt: skip
