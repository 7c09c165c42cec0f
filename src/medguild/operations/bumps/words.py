"""Words of the bump list."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.operations.bumps.rules import BumpStatus, Cause, Contact, Why

CAUSES: list[tuple[str, Promise | str]] = [
    (Cause.CLINICIAN_AWAY.value, _("Clinician away")),
    (Cause.TEMPLATE_CHANGED.value, _("Template changed")),
    (Cause.SITE_CLOSED.value, _("Site closed")),
    (Cause.OTHER.value, _("Other reason")),
]
STATUSES: list[tuple[str, Promise | str]] = [
    (BumpStatus.OPEN.value, _("To be moved")),
    (BumpStatus.MOVED.value, _("Moved")),
    (BumpStatus.CANCELLED.value, _("Cancelled")),
    (BumpStatus.KEPT.value, _("Stays as booked")),
]
STATUS_TONES = {"open": "warn", "moved": "ok", "cancelled": "neutral", "kept": "info"}
CONTACTS: list[tuple[str, Promise | str]] = [
    (Contact.REACHED.value, _("Reached, is told")),
    (Contact.NO_ANSWER.value, _("No answer")),
    (Contact.LEFT_MESSAGE.value, _("Left a message to call back")),
    (Contact.WRITTEN.value, _("Written to")),
]
WHYS: dict[str, Promise | str] = {
    Why.NEAR.value: _("within two days"),
    Why.NEED.value: _("should not wait"),
    Why.BEFORE.value: _("bumped before"),
    Why.WAITED.value: _("by how long they have waited"),
}
