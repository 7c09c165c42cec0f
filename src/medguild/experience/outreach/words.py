"""Words of messages."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.experience.outreach.rules import NoticeKind, NoticeStatus, Withheld
from medguild.patients.preferences.rules import Channel

Text = str | Promise
KINDS: list[tuple[str, Text]] = [
    (NoticeKind.REMINDER.value, _("Reminder")),
    (NoticeKind.OFFER.value, _("Offer")),
    (NoticeKind.RECALL.value, _("Recall")),
    (NoticeKind.CALLED.value, _("Called in")),
    (NoticeKind.MOVED.value, _("New time of a visit")),
    (NoticeKind.RATING.value, _("How it was")),
]
STATUSES: list[tuple[str, Text]] = [
    (NoticeStatus.SENT.value, _("Sent")),
    (NoticeStatus.FAILED.value, _("Failed")),
    (NoticeStatus.WITHHELD.value, _("Not sent")),
]
STATUS_TONES = {"sent": "ok", "failed": "bad", "withheld": "neutral"}
CHANNELS: dict[str, Text] = {Channel.TEXT.value: _("Text message"), Channel.EMAIL.value: _("E-mail"), "": ""}
REASONS: dict[str, Text] = {
    Withheld.NO_ADDRESS.value: _("No telephone number or e-mail address"),
    Withheld.NOT_WANTED.value: _("The patient wants no messages"),
    Withheld.REFUSED.value: _("The patient refused messages"),
    "": "",
}
