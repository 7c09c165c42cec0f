"""Sending a message to a patient: once per source, by the way they want, or withheld with the reason."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import structlog
from django.db import transaction

from medguild.experience.outreach.composing import title_of
from medguild.experience.outreach.models import Notice
from medguild.experience.outreach.rules import NoticeKind, NoticeStatus, Withheld, Words
from medguild.experience.outreach.sinks import NotSent, sink_for
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.organization.models import Unit
from medguild.operations.scheduling.models import Appointment
from medguild.patients.consent.models import Consent
from medguild.patients.consent.rules import ConsentKind, Decision
from medguild.patients.identity.models import Patient
from medguild.patients.preferences.rules import Channel, choose
from medguild.patients.preferences.selectors import reach_of

NOTIFIED = declare_event("patient.notified", "Message sent", icon="message")
MOST_ATTEMPTS = 5
_LOG = structlog.get_logger("medguild.outreach")
_SENDER = "the house writes to its patients"


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be sent, and about what; `source` makes it once."""

    patient: Patient
    unit: Unit
    kind: NoticeKind
    source: str
    words: Words
    appointment: Appointment | None = None


def send(*, draft: Draft, by: Actor, at: dt.datetime) -> Notice | None:
    """Send it unless it was sent before; None then. A failure is kept and tried again by `send_again`.

    The row is written first, as failed, so that two workers never send the same twice and one that dies half-way
    leaves it to be tried again.
    """
    notice = _begin(draft, at)
    if notice is None or notice.status == NoticeStatus.WITHHELD:
        return notice
    return _deliver(notice, draft, by)


def send_again(*, notice: Notice, draft: Draft, by: Actor, at: dt.datetime) -> Notice:
    """Another attempt for one that failed."""
    notice.attempts += 1
    notice.sent_at = at
    return _deliver(notice, draft, by)


def is_given_up(notice: Notice) -> bool:
    """It will not be sent any more."""
    failed = notice.status == NoticeStatus.FAILED and notice.attempts >= MOST_ATTEMPTS
    return notice.status == NoticeStatus.WITHHELD or failed


def _begin(draft: Draft, at: dt.datetime) -> Notice | None:
    reach = reach_of(draft.patient.pk)
    way = choose(reach.channels, phone=draft.patient.phone, email=draft.patient.email)
    reason = _withheld(draft.patient, wanted=bool(reach.channels), reached=way is not None)
    channel, address = way or ("", "")
    notice, made = Notice.objects.unscoped(_SENDER).get_or_create(
        source=draft.source,
        defaults={
            "patient": draft.patient, "unit": draft.unit, "appointment": draft.appointment, "kind": draft.kind,
            "channel": "" if reason else channel, "address": "" if reason else address, "sent_at": at,
            "status": NoticeStatus.WITHHELD if reason else NoticeStatus.FAILED, "reason": reason or "",
        },
    )  # fmt: skip
    found: Notice = notice
    return found if made else None


def _withheld(patient: Patient, *, wanted: bool, reached: bool) -> Withheld | None:
    if not wanted:
        return Withheld.NOT_WANTED
    if _refused(patient):
        return Withheld.REFUSED
    return None if reached else Withheld.NO_ADDRESS


def _refused(patient: Patient) -> bool:
    decisions = Consent.objects.unscoped(_SENDER).filter(
        patient=patient, kind=ConsentKind.COMMUNICATION, decision=Decision.REFUSED, period__upper_inf=True
    )
    return bool(decisions.exists())


def _deliver(notice: Notice, draft: Draft, by: Actor) -> Notice:
    channel = Channel(notice.channel)
    words = draft.words.text() if channel is Channel.TEXT else draft.words.letter()
    try:
        sink_for(channel)(notice.address, title_of(draft.kind, draft.patient), words)
        notice.status = NoticeStatus.SENT
    except NotSent as failed:
        _LOG.warning("message not sent", notice=str(notice.pk), channel=notice.channel, reason=str(failed))
        notice.status = NoticeStatus.FAILED
    _keep(notice, by)
    return notice


@transaction.atomic
def _keep(notice: Notice, by: Actor) -> None:
    notice.save(update_fields=["status", "attempts", "sent_at"])
    if notice.status != NoticeStatus.SENT:
        return
    subject = SubjectRef("appointment", notice.appointment_id) if notice.appointment_id else SubjectRef(
        "notice", notice.pk
    )  # fmt: skip
    record(
        NOTIFIED, subject=subject, by=by, patient_id=notice.patient_id, unit_id=notice.unit_id,
        data={"notice_id": notice.pk, "kind": notice.kind, "channel": notice.channel},
    )  # fmt: skip
