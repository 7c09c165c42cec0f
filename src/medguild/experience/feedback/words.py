"""Words of feedback."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.experience.feedback.rules import Category, Channel, ComplaintStatus, Severity

Text = str | Promise

CHANNELS: Mapping[str, Text] = {
    Channel.IN_PERSON: _("In person"),
    Channel.PHONE: _("By telephone"),
    Channel.LETTER: _("Letter"),
    Channel.EMAIL: _("E-mail"),
    Channel.SURVEY: _("Survey"),
    Channel.REVIEW: _("Public review"),
}
CATEGORIES: Mapping[str, Text] = {
    Category.ACCESS: _("Getting a visit"),
    Category.PHONE: _("Reaching us by telephone"),
    Category.WAITING: _("Waiting at the visit"),
    Category.STAFF: _("How people were treated"),
    Category.CARE: _("Care"),
    Category.INFORMATION: _("Information and follow-up"),
    Category.BILLING: _("Bill"),
    Category.PRIVACY: _("Privacy"),
    Category.PREMISES: _("Rooms and parking"),
    Category.OTHER: _("Other"),
}
SEVERITIES: Mapping[str, Text] = {
    Severity.MINOR: _("Minor"),
    Severity.MODERATE: _("Moderate"),
    Severity.SERIOUS: _("Serious"),
}
SEVERITY_TONES: Mapping[str, str] = {
    Severity.MINOR: "neutral",
    Severity.MODERATE: "warn",
    Severity.SERIOUS: "bad",
}
STATES: Mapping[str, Text] = {ComplaintStatus.OPEN: _("Open"), ComplaintStatus.RESOLVED: _("Resolved")}
STATE_TONES: Mapping[str, str] = {ComplaintStatus.OPEN: "info", ComplaintStatus.RESOLVED: "ok"}
CHANNEL_CHOICES = [(str(one), words) for one, words in CHANNELS.items()]
CATEGORY_CHOICES = [(str(one), words) for one, words in CATEGORIES.items()]
SEVERITY_CHOICES = [(str(one), words) for one, words in SEVERITIES.items()]
STATE_CHOICES = [(str(one), words) for one, words in STATES.items()]
