"""Messages to those who are due for a visit: once for each step, in the hours in which people may be written to."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from medguild.experience.outreach.composing import recall_words
from medguild.experience.outreach.models import Notice
from medguild.experience.outreach.reminding import minute_at, rests
from medguild.experience.outreach.repeating import to_repeat, usual_wait
from medguild.experience.outreach.rules import NoticeKind, NoticeStatus
from medguild.experience.outreach.sending import MOST_ATTEMPTS, Draft, send, send_again
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Conflict, Refusal
from medguild.foundation.organization.models import Site
from medguild.operations.recalls.models import Recall, RecallContact
from medguild.operations.recalls.pacing import ask_for_call, messages_due
from medguild.operations.recalls.rules import OPEN, Outcome, Step, Way
from medguild.operations.recalls.services import record_contact
from medguild.patients.preferences.rules import Reach, is_quiet
from medguild.patients.preferences.selectors import reaches_of
from medguild.patients.preferences.standards import quiet_at

HOUSE = Actor.job("outreach.recalls")
_LOOK = "the house tells its patients what they are due for"


class NothingDue(Conflict):
    """The recall is booked or closed."""

    code = "nothing_due"


def tell_recalls(*, at: dt.datetime | None = None) -> int:
    """Send what is due at each site whose people may be written to now; returns how many were sent or withheld."""
    moment = at or now()
    return sum(_tell_at(site, moment) for site in Site.objects.select_related("unit").order_by("pk"))


def _tell_at(site: Site, moment: dt.datetime) -> int:
    minute = minute_at(site.time_zone, moment)
    if is_quiet(minute, *quiet_at(site.unit_id)):
        return 0
    due = messages_due(site, at=moment)
    begun = set(
        Notice.objects.unscoped(_LOOK)
        .filter(source__in=[_source(recall, step) for recall, step in due])
        .values_list("source", flat=True)
    )
    reaches = reaches_of({recall.patient_id for recall, _step in due})
    left = [(recall, step) for recall, step in due if _source(recall, step) not in begun]
    return sum(
        _tell(recall, step, moment)
        for recall, step in left
        if not rests(reaches.get(recall.patient_id, Reach()), minute)
    )


def _tell(recall: Recall, step: Step, moment: dt.datetime) -> bool:
    notice = send(draft=_draft(recall, step), by=HOUSE, at=moment)
    if notice is not None:
        _write_down(recall, step, notice, moment)
    return notice is not None


def _write_down(recall: Recall, step: Step, notice: Notice, moment: dt.datetime) -> None:
    """The recall knows of a message that left, and of one that never will."""
    if notice.status == NoticeStatus.FAILED and notice.attempts < MOST_ATTEMPTS:
        return
    outcome = Outcome.SENT if notice.status == NoticeStatus.SENT else Outcome.NOT_SENT
    way = Way(notice.channel) if notice.channel else Way.TEXT
    try:
        record_contact(recall=recall, way=way, outcome=outcome, step=step, by=HOUSE, at=moment)
    except Refusal:  # booked or closed while the message left
        return


def repeat_failed_recalls(*, at: dt.datetime | None = None) -> int:
    """Try again what failed while the recall is open; each waits longer than the one before."""
    moment = at or now()
    failed = Notice.objects.unscoped(_LOOK).filter(
        kind=NoticeKind.RECALL, status=NoticeStatus.FAILED, attempts__lt=MOST_ATTEMPTS
    )
    count = 0
    for notice, when in to_repeat(failed, at=moment, wait=lambda attempts: 15 * usual_wait(attempts)):
        if when != moment:
            continue
        recall, step = _of_source(notice.source)
        if recall is None:
            continue
        again = send_again(notice=notice, draft=_draft(recall, step), by=HOUSE, at=moment)
        _write_down(recall, step, again, moment)
        count += 1
    return count


@transaction.atomic
def answer_recall(
    *, recall: Recall, wants: bool, by: Actor, way: Way = Way.TEXT, at: dt.datetime | None = None
) -> None:
    """The patient answers: to be called about a time, or not to come. Raises NothingDue."""
    moment = at or now()
    if not recall.is_open:
        raise NothingDue(_("There is nothing to answer any more. Call us if you want an appointment."))
    outcome = Outcome.CALL_ME if wants else Outcome.DECLINED
    record_contact(recall=recall, way=way, outcome=outcome, by=by.trusted(), at=moment)
    if wants:
        ask_for_call(recall, by=HOUSE, at=moment)


def _draft(recall: Recall, step: Step) -> Draft:
    return Draft(recall.patient, recall.unit, NoticeKind.RECALL, _source(recall, step), recall_words(recall))


def _source(recall: Recall, step: Step) -> str:
    return f"recall:{recall.pk}:{recall.due_on.isoformat()}:{step}"


def _of_source(source: str) -> tuple[Recall | None, Step]:
    _kind, said_id, _due, step = source.split(":")
    recall_id = UUID(said_id)
    rows = Recall.objects.unscoped(_LOOK).select_related("patient", "unit__site").filter(pk=recall_id, status__in=OPEN)
    found: Recall | None = rows.first()
    told = RecallContact.objects.unscoped(_LOOK).filter(recall=recall_id, step=step).exists()
    return (None if told else found), Step(step)
