"""The list of messages."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medguild.experience.outreach.models import Notice
from medguild.experience.outreach.words import CHANNELS, KINDS, REASONS, STATUS_TONES, STATUSES
from medguild.foundation.ui import tables


class NoticeFilters(tables.FilterSet):
    status = tables.ChoiceFilter(choices=STATUSES, label=_("Status"))
    kind = tables.ChoiceFilter(choices=KINDS, label=_("Kind"))


class NoticeTable(tables.Table):
    sent_at = tables.DateTimeColumn(_("When"), zone="unit__site__time_zone")
    patient = tables.Column(
        _("Patient"),
        accessor="patient__family_name",
        linkify=lambda record: reverse("patients:detail", args=[record.patient_id]),
    )
    kind = tables.Column(_("Kind"))
    channel = tables.Column(_("By"))
    status = tables.StatusColumn(_("Status"), labels=dict(STATUSES), tones=STATUS_TONES)
    reason = tables.Column(_("Reason"))
    attempts = tables.NumberColumn(_("Attempts"))

    key = "notices"
    caption = _("Messages to patients")
    filters = NoticeFilters
    empty = tables.Empty(
        _("No messages yet"), _("Reminders are sent by themselves before each visit, as the standards of the site say.")
    )

    def render_patient(self, record: Notice) -> str:
        return record.patient.label()

    def render_kind(self, value: str) -> Any:
        return dict(KINDS)[value]

    def render_channel(self, value: str) -> Any:
        return CHANNELS[value]

    def render_reason(self, value: str) -> Any:
        return REASONS[value]
