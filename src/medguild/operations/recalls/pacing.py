"""What is to be done about recalls today: messages, sent by whoever sends them, and calls by a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date, now
from medguild.foundation.organization.models import Site
from medguild.foundation.work.models import UnownedNeed, WorkItem
from medguild.foundation.work.rules import LIVE
from medguild.foundation.work.services import need_item
from medguild.operations.recalls.models import Recall, RecallContact
from medguild.operations.recalls.recording import RECALL_CALL, work_source
from medguild.operations.recalls.rules import OPEN, Outcome, Pace, Step, next_step
from medguild.operations.recalls.standards import pace_at

_HOUSE = "the house works its recalls"
MOST_AT_ONCE = 500  # of a site; the rest comes the next time


def messages_due(site: Site, *, at: dt.datetime) -> list[tuple[Recall, Step]]:
    """Open recalls of a site with the message whose day has come, the longest due first. What was sent is left out by
    the database: on most days only a few are left."""
    pace, today = pace_at(site.unit_id), local_date(at, site.time_zone)
    rows = _open(site).filter(due_on__lte=today + dt.timedelta(days=pace.first)).exclude(_told(Step.SECOND_MESSAGE))
    rows = rows.exclude(_told(Step.FIRST_MESSAGE), due_on__gt=today - dt.timedelta(days=pace.second))
    rows = rows.exclude(_came_of_it(Outcome.NOT_SENT))
    return [(recall, step) for recall, step in _steps(rows, today, pace) if step is not Step.CALL]


def calls_due(site: Site, *, at: dt.datetime) -> list[Recall]:
    """Open recalls of a site whom nobody was asked to call yet and whose day for it has come."""
    pace, today = pace_at(site.unit_id), local_date(at, site.time_zone)
    source = Concat(Value("recall:"), Cast(OuterRef("pk"), TextField()))
    # What was asked for before the recall was put off is over.
    lately = Coalesce(OuterRef("put_off_at"), OuterRef("made_at"))
    asked = WorkItem.objects.unscoped(_HOUSE).filter(Q(status__in=LIVE) | Q(opened_at__gte=lately), source=source)
    needed = UnownedNeed.objects.unscoped(_HOUSE).filter(
        Q(settled_at__isnull=True) | Q(arose_at__gte=lately), source=source
    )
    rows = _open(site).filter(due_on__lte=today).exclude(Exists(asked)).exclude(Exists(needed))
    return [recall for recall, step in _steps(rows, today, pace) if step is Step.CALL]


def _open(site: Site) -> QuerySet[Recall]:
    """Without those who have answered: whoever spoke with them has decided what follows."""
    rows: QuerySet[Recall] = Recall.objects.unscoped(_HOUSE).filter(unit=site.unit_id, status__in=OPEN)
    return rows.exclude(_came_of_it(Outcome.WILL_BOOK, Outcome.CALL_ME))


def _told(step: Step) -> Exists:
    return Exists(RecallContact.objects.unscoped(_HOUSE).filter(recall=OuterRef("pk"), step=step))


def _came_of_it(*outcomes: Outcome) -> Exists:
    """What was said since the recall was put off."""
    lately = Q(recall__put_off_at__isnull=True) | Q(at__gte=F("recall__put_off_at"))
    rows = RecallContact.objects.unscoped(_HOUSE).filter(lately, recall=OuterRef("pk"), outcome__in=outcomes)
    return Exists(rows)


def _steps(rows: QuerySet[Recall], today: dt.date, pace: Pace) -> Iterator[tuple[Recall, Step]]:
    contacts = Prefetch("contacts", RecallContact.objects.unscoped(_HOUSE))
    rows = rows.select_related("patient", "unit__site", "visit_type").prefetch_related(contacts)
    for recall in rows.order_by("due_on", "pk")[:MOST_AT_ONCE]:
        step = _step(recall, today, pace)
        if step is not None:
            yield recall, step


def _step(recall: Recall, today: dt.date, pace: Pace) -> Step | None:
    contacts = list(recall.contacts.all())
    done = frozenset(one.step for one in contacts if one.step)
    reachable = not any(one.outcome == Outcome.NOT_SENT for one in contacts if one.step)
    return next_step(due_on=recall.due_on, today=today, pace=pace, done=done, reachable=reachable)


def ask_for_calls(*, by: Actor, at: dt.datetime | None = None) -> int:
    """Open work for those whom messages did not bring, or could not reach; returns how many are to be called."""
    moment = at or now()
    due = [
        recall for site in Site.objects.select_related("unit").order_by("pk") for recall in calls_due(site, at=moment)
    ]
    for recall in due:
        ask_for_call(recall, by=by, at=moment)
    return len(due)


def ask_for_call(recall: Recall, *, by: Actor, at: dt.datetime) -> None:
    """A person calls the patient; asked once for a recall, and again when it was put off."""
    need_item(
        work_type=RECALL_CALL, unit_id=recall.unit_id, source=work_source(recall), by=by,
        subject=SubjectRef("recall", recall.pk), patient_id=recall.patient_id,
        again=recall.put_off_at is not None, at=at,
    )  # fmt: skip
