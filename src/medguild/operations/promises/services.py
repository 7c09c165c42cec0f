"""Messages that came in are answered in time; what was promised to a patient has an owner and a day."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from medguild.foundation.access.demand import demand
from medguild.foundation.access.models import User
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import at_local, now
from medguild.foundation.kernel.errors import Conflict, Refusal
from medguild.foundation.organization.local_time import day_at
from medguild.foundation.organization.models import Site
from medguild.foundation.work.acts import refuse_unable
from medguild.foundation.work.models import WorkItem
from medguild.foundation.work.ports import work_types
from medguild.foundation.work.routing import specialty_at
from medguild.foundation.work.rules import ItemStatus, Priority
from medguild.foundation.work.services import need_item, open_item, settle
from medguild.foundation.work.timing import due_after, time_allowed
from medguild.operations.promises.models import Inquiry
from medguild.operations.promises.permissions import PromisesRight
from medguild.operations.promises.recording import ANSWER_TYPES, ANSWERED, CAME_IN, PROMISE_TYPES, PROMISED
from medguild.operations.promises.rules import Answered, Channel, PromiseKind
from medguild.patients.identity.models import Patient

_ONCE = "a message is kept once, whoever tells of it"
_END_OF_DAY = dt.time(17)


class AnsweredAlready(Conflict):
    """Somebody was quicker."""

    code = "answered_already"


@transaction.atomic
def receive_inquiry(
    *,
    site: Site,
    channel: Channel,
    text: str,
    by: Actor,
    patient: Patient | None = None,
    sender: str = "",
    received_at: dt.datetime | None = None,
    urgent: bool = False,
    source: str = "",
    at: dt.datetime | None = None,
) -> Inquiry:
    """Keep a message that came in; whoever answers for the channel at the site gets it with the time promised.

    One with a known `source` is returned as it stands. Raises NotAllowed, Refusal without words or from the future. The
    caller has checked that the actor may see the patient.
    """
    demand(by, PromisesRight.MAKE, site.unit_id)
    moment = at or now()
    received = received_at or moment
    if not text.strip():
        raise Refusal(_("Write what the message says."), field="text")
    if received > moment:
        raise Refusal(_("A message cannot come in in the future."), field="received_at")
    held = _by_source(source)
    if held is not None:
        return held
    made = Inquiry(
        unit_id=site.unit_id, patient=patient, channel=channel, sender=sender, text=text.strip(), source=source,
        received_at=received, due_at=answer_due(site, channel, received=received),
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        first = _by_source(source)
        if first is None:
            raise
        return first
    _tell(CAME_IN, made, by)
    need_item(
        work_type=ANSWER_TYPES[channel], unit_id=site.unit_id, source=_source(made), by=by, at=received,
        subject=_subject(made), patient_id=made.patient_id, priority=Priority.URGENT if urgent else Priority.NORMAL,
    )  # fmt: skip
    return made


def answer_due(site: Site, channel: Channel, *, received: dt.datetime) -> dt.datetime:
    """Until when a message of this channel is answered, counted in the open hours of the site."""
    declared, day = work_types.get(ANSWER_TYPES[channel]), day_at(site.unit_id, received)
    specialty = specialty_at(site.unit_id, on=day)
    allowed = time_allowed(declared, site.unit_id, specialty, day)
    return due_after(declared, allowed, unit_id=site.unit_id, specialty=specialty, start=received)


@transaction.atomic
def answer_inquiry(
    *, inquiry: Inquiry, how: Answered, by: Actor, answer: str = "", at: dt.datetime | None = None
) -> Inquiry:
    """Say how a message was answered; its work is done. Raises NotAllowed, AnsweredAlready."""
    demand(by, PromisesRight.MAKE, inquiry.unit_id)
    held: Inquiry = Inquiry.objects.unscoped(_ONCE).select_for_update(of=("self",)).get(pk=inquiry.pk)
    if held.answered_at is not None:
        raise AnsweredAlready(_("This has been answered already. Look at it again."))
    moment = max(at or now(), held.received_at)
    held.answered_at, held.answered_how, held.answer = moment, how, answer.strip()
    held.answered_by_label = by.label
    held.save(update_fields=["answered_at", "answered_how", "answer", "answered_by_label"])
    settle(source=_source(held), outcome=str(how), by=by, at=moment)
    _tell(ANSWERED, held, by, how=how, in_time=moment <= held.due_at)
    return held


@transaction.atomic
def make_promise(
    *,
    kind: PromiseKind,
    site: Site,
    patient: Patient,
    what: str,
    by: Actor,
    owner: User | None = None,
    due_on: dt.date | None = None,
    subject: SubjectRef | None = None,
    at: dt.datetime | None = None,
) -> WorkItem:
    """Something is promised to a patient: it gets an owner (a person, or whoever answers for its kind) and a time.

    Without a day the standard of its kind counts; with one, the end of the working day at the site. Raises NotAllowed,
    NoOwner, Refusal. The caller has checked that the actor may see the patient and the subject.
    """
    demand(by, PromisesRight.MAKE, site.unit_id)
    moment = at or now()
    if not what.strip():
        raise Refusal(_("Say in a few words what was promised."), field="what")
    due = at_local(due_on, _END_OF_DAY, site.time_zone) if due_on else None
    if due is not None and due <= moment:
        raise Refusal(_("Choose a day that is still to come."), field="due_on")
    item = open_item(
        work_type=PROMISE_TYPES[kind], unit_id=site.unit_id, by=by, summary=what, due_at=due, patient_id=patient.pk,
        subject=subject or SubjectRef("patient", patient.pk), at=moment,
    )  # fmt: skip
    if owner is not None:
        refuse_unable(owner, item, field="owner")
        item.assignee, item.status, item.taken_at = owner, ItemStatus.ACCEPTED, moment
        item.save(update_fields=["assignee", "status", "taken_at"])
    record(
        PROMISED, subject=SubjectRef("patient", patient.pk, ""), by=by, patient_id=patient.pk, unit_id=site.unit_id,
        data={"kind": kind, "work_item_id": item.pk, "due_at": item.due_at},
    )  # fmt: skip
    return item


def _by_source(source: str) -> Inquiry | None:
    if not source:
        return None
    found: Inquiry | None = Inquiry.objects.unscoped(_ONCE).filter(source=source).first()
    return found


def _source(inquiry: Inquiry) -> str:
    return f"inquiry:{inquiry.pk}"


def _subject(inquiry: Inquiry) -> SubjectRef:
    return SubjectRef("inquiry", inquiry.pk, inquiry.label())


def _tell(event: str, inquiry: Inquiry, by: Actor, **data: object) -> None:
    record(
        event, subject=_subject(inquiry), by=by, patient_id=inquiry.patient_id, unit_id=inquiry.unit_id,
        data={"channel": inquiry.channel, **data},
    )  # fmt: skip
