"""What a patient answers: the visit is confirmed or given up, or no more messages are wanted."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.experience.feedback.rating import rate_visit
from medguild.experience.outreach.models import Notice, Reply
from medguild.experience.outreach.rules import NoticeKind, NoticeStatus, Said, read_reply, read_score
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor, ActorKind
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Conflict
from medguild.operations.promises.rules import Channel
from medguild.operations.promises.services import receive_inquiry
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.outcomes import cancel_appointment
from medguild.operations.scheduling.rules import AppointmentStatus, CancelReason
from medguild.operations.scheduling.services import subject_of
from medguild.patients.preferences.services import set_contact_preference

CONFIRMED = declare_event("appointment.confirmed", gettext_lazy("Patient confirmed"), icon="calendar-check")
HOUSE = Actor.job("outreach.replies")
# A reply is to the message that came last; an older one is not meant.
FRESH = dt.timedelta(days=7)
_READ = "a reply is to a message that we sent"


class NothingToAnswer(Conflict):
    """The visit is over, given up, or there was no message."""

    code = "nothing_to_answer"


@transaction.atomic
def confirm_visit(*, visit: Appointment, by: Actor, by_link: bool = True, at: dt.datetime | None = None) -> Reply:
    """The patient will come. Twice is as good as once. Raises NothingToAnswer."""
    moment = at or now()
    _refuse_over(visit, moment)
    reply: Reply = Reply.objects.create(appointment=visit, said=Said.YES, at=moment, by_link=by_link)
    record(
        CONFIRMED, subject=subject_of(visit), by=by, patient_id=visit.patient_id, unit_id=visit.unit_id,
        data={"by_link": by_link},
    )  # fmt: skip
    return reply


@transaction.atomic
def give_up_visit(*, visit: Appointment, by: Actor, by_link: bool = True, at: dt.datetime | None = None) -> Reply:
    """The patient cannot come: the visit is cancelled, its time offered to others. Raises NothingToAnswer."""
    moment = at or now()
    _refuse_over(visit, moment)
    reply: Reply = Reply.objects.create(appointment=visit, said=Said.NO, at=moment, by_link=by_link)
    cancel_appointment(appointment=visit, reason=CancelReason.PATIENT_REQUEST, by=by.trusted(), at=moment)
    return reply


@transaction.atomic
def take_reply(*, address: str, text: str, at: dt.datetime | None = None) -> Said | None:
    """A text message that came back from an address; None when a person must read it.

    It answers the one visit to come of which that address was reminded in the last days; where it was reminded of
    several, a person must ask which is meant. To the question how a visit was, where that came last, a number answers,
    and nothing else: its 2 cancels nothing. STOP is for every patient reached there.
    """
    moment = at or now()
    said = read_reply(text)
    notices = Notice.objects.unscoped(_READ).filter(address=address, sent_at__gt=moment - FRESH)
    if said is Said.STOP:
        _stop(address)
        return said
    sent = notices.filter(status=NoticeStatus.SENT).order_by("-sent_at", "-pk")
    if sent.values_list("kind", flat=True).first() == NoticeKind.RATING:
        judged = _judge(sent.filter(kind=NoticeKind.RATING), read_score(text), moment)
        if not judged:
            _let_somebody_read(notices.exclude(status=NoticeStatus.WITHHELD), address, text, moment)
        return Said.SCORE if judged else None
    about = Appointment.objects.unscoped(_READ).filter(pk__in=sent.order_by().values("appointment"), start__gt=moment)
    visits = list(about.select_related("visit_type", "clinician", "patient")[:2])
    if said is None or len(visits) != 1:
        _let_somebody_read(notices.exclude(status=NoticeStatus.WITHHELD), address, text, moment)
        return None
    act = confirm_visit if said is Said.YES else give_up_visit
    act(visit=visits[0], by=_by_message(), by_link=False, at=moment)
    return said


def _judge(asked: QuerySet[Notice], score: int | None, at: dt.datetime) -> bool:
    """Keep the number for the one visit that was asked about; a second number is the better one. False when it is no
    number, or not known which visit is meant."""
    visits = [one.appointment for one in asked.select_related("appointment__visit_type")[:2]]
    if score is None or len(visits) != 1 or visits[0] is None:
        return False
    rate_visit(visit=visits[0], score=score, by=_by_message(), at=at)
    return True


def _by_message() -> Actor:
    return Actor(ActorKind.LINK, None, _("The patient, by message"))


def _let_somebody_read(notices: QuerySet[Notice], address: str, text: str, at: dt.datetime) -> None:
    """What a machine does not understand is kept as a message to the site that wrote last, with its time to answer.

    The patient is named when the address belongs to one alone. From a stranger there is no site that could answer.
    """
    latest = notices.select_related("patient", "unit__site").order_by("-sent_at").first()
    if latest is None or not text.strip():
        return
    alone = notices.values("patient").distinct().count() == 1
    channel = Channel.EMAIL if "@" in address else Channel.TEXT
    receive_inquiry(
        site=latest.unit.site, channel=channel, text=text, sender=address, patient=latest.patient if alone else None,
        by=HOUSE, at=at,
    )  # fmt: skip


def _stop(address: str) -> None:
    sent = Notice.objects.unscoped(_READ).filter(address=address).select_related("patient")
    for patient in {notice.patient_id: notice.patient for notice in sent}.values():
        set_contact_preference(patient=patient, channels=(), by=HOUSE)


def _refuse_over(visit: Appointment, moment: dt.datetime) -> None:
    if visit.status != AppointmentStatus.BOOKED or visit.start <= moment:
        raise NothingToAnswer(_("This appointment is over or was given up. Call us if you want another time."))
