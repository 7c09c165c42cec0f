"""Held parts of sessions: words, the refusal that names the release, and uses with a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from medguild.foundation.ui.instants import instant_text
from medguild.operations.scheduling.errors import TimeHeld
from medguild.operations.scheduling.held_models import HeldUse
from medguild.operations.scheduling.held_rules import HeldSpan, Purpose
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.week_rules import local_time
from medguild.operations.scheduling.words import Text

PURPOSE_WORDS: Mapping[Purpose, Text] = {
    Purpose.SAME_DAY: _("same-day visits"),
    Purpose.URGENT: _("urgent visits"),
    Purpose.NEW_PATIENTS: _("new patients"),
    Purpose.KINDS: _("certain kinds of visits"),
}


def refuse_held(span: HeldSpan, zone: str) -> TimeHeld:
    """The refusal of a time that is held for others."""
    until = instant_text(local_time(zone, span.until), zone, "datetime")
    return TimeHeld(
        gettext("This time is held for %(purpose)s until %(until)s. Choose another time, or say why it must be used.")
        % {"purpose": PURPOSE_WORDS[Purpose(span.purpose)], "until": until}
    )


def note_held_use(appointment: Appointment, purpose: str, *, reason: str, at: dt.datetime) -> None:
    """Keep that a visit took a held time before its release, and why. Nothing where none was held."""
    if purpose:
        HeldUse.objects.create(appointment_id=appointment.pk, purpose=purpose, reason=reason, used_at=at)


def release_words(days: int | None, hours: int | None) -> str:
    """When a part is released, as people say it."""
    if hours is not None:
        return ngettext("released %(count)d hour before", "released %(count)d hours before", hours) % {"count": hours}
    if days == 0:
        return gettext("released on the day itself")
    return ngettext("released %(count)d day before", "released %(count)d days before", days or 0) % {"count": days or 0}
