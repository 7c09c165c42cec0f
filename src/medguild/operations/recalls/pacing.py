"""What is to be done about recalls today: messages, sent by whoever sends them, and calls by a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Prefetch, QuerySet

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date, now
from medguild.foundation.organization.models import Site
from medguild.foundation.work.services import need_item
from medguild.operations.recalls.models import Recall, RecallContact
from medguild.operations.recalls.recording import RECALL_CALL, work_source
from medguild.operations.recalls.rules import OPEN, Outcome, Pace, Step, next_step
from medguild.operations.recalls.standards import pace_at

_HOUSE = "the house works its recalls"
_AHEAD = dt.timedelta(days=120)
MOST_AT_ONCE = 500


def steps_due(site: Site, *, at: dt.datetime) -> Iterator[tuple[Recall, Step]]:
    """Open recalls of a site with the step whose day has come, the longest due first."""
    pace = pace_at(site.unit_id)
    today = local_date(at, site.time_zone)
    rows: QuerySet[Recall] = Recall.objects.unscoped(_HOUSE).filter(
        unit=site.unit_id, status__in=OPEN, due_on__lte=today + dt.timedelta(days=pace.first)
    )
    contacts = Prefetch("contacts", RecallContact.objects.unscoped(_HOUSE))
    rows = rows.select_related("patient", "unit__site", "visit_type").prefetch_related(contacts)
    for recall in rows.order_by("due_on", "pk"):
        step = _step(recall, today, pace)
        if step is not None:
            yield recall, step


def _step(recall: Recall, today: dt.date, pace: Pace) -> Step | None:
    contacts = list(recall.contacts.all())
    spoken = any(one.outcome in (Outcome.WILL_BOOK, Outcome.CALL_ME) for one in contacts)
    done = frozenset(one.step for one in contacts if one.step)
    if spoken:  # they answered; whoever spoke with them has decided what follows
        return None
    reachable = not any(one.outcome == Outcome.NOT_SENT for one in contacts if one.step)
    return next_step(due_on=recall.due_on, today=today, pace=pace, done=done, reachable=reachable)


def ask_for_calls(*, by: Actor, at: dt.datetime | None = None) -> int:
    """Open work for those whom messages did not bring, or could not reach; returns how many are to be called."""
    moment = at or now()
    count = 0
    for site in Site.objects.select_related("unit").order_by("pk"):
        for recall, step in steps_due(site, at=moment):
            if step is Step.CALL and count < MOST_AT_ONCE:
                ask_for_call(recall, by=by, at=moment)
                count += 1
    return count


def ask_for_call(recall: Recall, *, by: Actor, at: dt.datetime) -> None:
    """A person calls the patient; asked once for a recall."""
    need_item(
        work_type=RECALL_CALL, unit_id=recall.unit_id, source=work_source(recall), by=by,
        subject=SubjectRef("recall", recall.pk), patient_id=recall.patient_id, at=at,
    )  # fmt: skip
