"""The queue of a site: how urgent somebody is, and calling them in."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.events.ports import declare_event
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.operations.visits.errors import WrongStep
from medguild.operations.visits.models import Visit
from medguild.operations.visits.queue_rules import Urgency
from medguild.operations.visits.recording import lock_visit, note
from medguild.operations.visits.rules import ENDED, VisitStatus

CALLED = declare_event("visit.called", gettext_lazy("Called in"), icon="bell")
RANKED = declare_event("visit.urgency_set", gettext_lazy("Urgency set"), icon="flag")


@transaction.atomic
def call_in(*, visit: Visit, by: Actor, seen: int | None = None, at: dt.datetime | None = None) -> Visit:
    """It is the patient's turn: they are told, wherever they wait. Again is a second call.

    Raises WrongStep for somebody who no longer waits at the desk, MovedAlready.
    """
    held = lock_visit(visit, seen=seen)
    if held.status != VisitStatus.ARRIVED:
        raise WrongStep(_("This patient no longer waits at the front."))
    moment = max(at or now(), held.arrived_at)
    held.called_at = moment
    held.revision += 1
    held.save(update_fields=["called_at", "revision"])
    note(CALLED, held, by=by, at=moment)
    return held


@transaction.atomic
def set_urgency(
    *, visit: Visit, urgency: Urgency, by: Actor, seen: int | None = None, at: dt.datetime | None = None
) -> Visit:
    """How urgent somebody who waits is; it decides their turn. Raises WrongStep, MovedAlready."""
    held = lock_visit(visit, seen=seen)
    if held.status in ENDED:
        raise WrongStep(_("This visit is over."))
    held.urgency = urgency
    held.revision += 1
    held.save(update_fields=["urgency", "revision"])
    note(RANKED, held, by=by, at=at or now(), data={"urgency": urgency})
    return held
