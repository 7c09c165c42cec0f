"""Steps and events of a visit as the design system draws them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from medguild.foundation.events.actors import who
from medguild.foundation.events.ports import event_types
from medguild.foundation.events.selectors import timeline
from medguild.foundation.ui.instants import instant_text
from medguild.foundation.ui.parts import Moment, Step, StepState
from medguild.operations.visits.models import Visit
from medguild.operations.visits.recording import subject_of
from medguild.operations.visits.rules import BOARD_STEPS, ENDED, StepTime, VisitStatus
from medguild.operations.visits.words import STATUS_WORDS


def show_steps(taken: Sequence[StepTime], moment: dt.datetime, zone: str) -> list[Step]:
    """The steps taken with time and minutes, then those still to come."""
    shown = [_taken(step, moment, zone, last=step is taken[-1]) for step in taken]
    last = taken[-1].status if taken else None
    if last in BOARD_STEPS:
        coming = [*BOARD_STEPS, VisitStatus.LEFT][BOARD_STEPS.index(last) + 1 :]
        shown += [Step(STATUS_WORDS[step], "todo") for step in coming]
    return shown


def _taken(step: StepTime, moment: dt.datetime, zone: str, *, last: bool) -> Step:
    state: StepState = "current" if last and step.status not in ENDED else "done"
    detail = instant_text(step.began, zone, "time")
    if step.status not in ENDED:
        detail = _("%(time)s, %(minutes)d min") % {"time": detail, "minutes": step.minutes(moment)}
    return Step(STATUS_WORDS[step.status], state, f"{detail} · {step.who}" if step.who else detail)


def moments_of(visit: Visit, zone: str) -> list[Moment]:
    """What happened in the visit, newest first."""
    moments = []
    for event in timeline(subjects=[subject_of(visit)]):
        declared = event_types.find(event.type)
        words, icon = (declared.label, declared.icon) if declared else (event.type, "point")
        moments.append(Moment(words, event.occurred_at, who(event), icon, zone=zone))
    return moments
