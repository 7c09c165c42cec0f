"""The form on how to reach a patient."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medguild.foundation.ui.forms import TimeField
from medguild.patients.preferences.rules import Channel, Reach, minute_of

ORDERS = {
    "text,email": (Channel.TEXT, Channel.EMAIL),
    "email,text": (Channel.EMAIL, Channel.TEXT),
    "text": (Channel.TEXT,),
    "email": (Channel.EMAIL,),
    "": (),
}


class ReachForm(forms.Form):
    channels = forms.ChoiceField(
        label=_("Messages by"),
        choices=[
            ("text,email", _("Text message, else e-mail")),
            ("email,text", _("E-mail, else text message")),
            ("text", _("Text message only")),
            ("email", _("E-mail only")),
            ("", _("No messages")),
        ],
        required=False,
        help_text=_("Reminders, offers of times, how a visit was; they never say anything about health."),
    )
    quiet_from = TimeField(label=_("Quiet from"), required=False)
    quiet_to = TimeField(label=_("Quiet until"), required=False)

    def given(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "channels": ORDERS[data["channels"]],
            "quiet_from": minute_of(data["quiet_from"]) if data["quiet_from"] else None,
            "quiet_to": minute_of(data["quiet_to"]) if data["quiet_to"] else None,
        }


def initial_of(reach: Reach) -> dict[str, Any]:
    def time(minute: int | None) -> dt.time | None:
        return None if minute is None else dt.time(minute // 60, minute % 60)

    return {
        "channels": ",".join(reach.channels),
        "quiet_from": time(reach.quiet_from),
        "quiet_to": time(reach.quiet_to),
    }
