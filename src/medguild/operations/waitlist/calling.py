"""Offers that no message can carry are told by telephone: work for the desk, as long as they stand."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from medguild.foundation.access.rules import Role
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.work.ports import declare_work_type
from medguild.foundation.work.rules import Priority
from medguild.foundation.work.services import need_item, settle
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.waitlist.models import SlotOffer, WaitlistEntry

CALL = declare_work_type(
    "waitlist.call",
    _("Call about a time that came free"),
    role=Role.FRONT_DESK,
    backup_role=Role.SCHEDULER,
    due=dt.timedelta(minutes=30),
    subject_types=("waitlist_entry",),
    right=SchedulingRight.READ,
    icon="hourglass",
)


@transaction.atomic
def ask_desk(offer: SlotOffer, *, by: Actor, at: dt.datetime) -> None:
    """The desk calls, as long as the offer stands; asked once for an offer."""
    call_about(offer.entry, source=source_of(offer), by=by, at=at)


def call_about(entry: WaitlistEntry, *, source: str, by: Actor, at: dt.datetime) -> None:
    need_item(
        work_type=CALL, unit_id=entry.unit_id, source=source, by=by, priority=Priority.HIGH,
        subject=SubjectRef("waitlist_entry", entry.pk), patient_id=entry.patient_id, at=at,
    )  # fmt: skip


def source_of(offer: SlotOffer) -> str:
    return f"waitlist.call:{offer.pk}"


def calls_done(offers: list[SlotOffer], *, outcome: str, by: Actor, at: dt.datetime) -> None:
    """Offers that are closed need no call any more."""
    for offer in offers:
        settle(source=source_of(offer), outcome=outcome, by=by, at=at)
