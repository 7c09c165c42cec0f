"""Words of the waiting list."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.operations.waitlist.rules import EntryStatus, OfferStatus, Urgency

URGENCIES: list[tuple[str, Promise | str]] = [
    (Urgency.URGENT.value, _("Urgent")),
    (Urgency.SOON.value, _("Soon")),
    (Urgency.ROUTINE.value, _("Routine")),
]
URGENCY_TONES = {"urgent": "bad", "soon": "warn", "routine": "neutral"}
STATUSES: list[tuple[str, Promise | str]] = [
    (EntryStatus.WAITING.value, _("Waiting")),
    (EntryStatus.BOOKED.value, _("Booked")),
    (EntryStatus.WITHDRAWN.value, _("Withdrawn")),
    (EntryStatus.LAPSED.value, _("No time found")),
]
STATUS_TONES = {"waiting": "busy", "booked": "ok", "withdrawn": "neutral", "lapsed": "warn"}
OFFERS: Mapping[str, Promise | str] = {
    OfferStatus.OPEN.value: _("Waiting for an answer"),
    OfferStatus.ACCEPTED.value: _("Accepted"),
    OfferStatus.DECLINED.value: _("Declined"),
    OfferStatus.EXPIRED.value: _("Not answered"),
    OfferStatus.TAKEN.value: _("Somebody else was quicker"),
    OfferStatus.UNTOLD.value: _("Could not be told"),
}
OFFER_TONES = {
    "open": "busy",
    "accepted": "ok",
    "declined": "neutral",
    "expired": "warn",
    "taken": "neutral",
    "untold": "bad",
}
WEEKDAYS: list[tuple[int, Promise | str]] = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]
