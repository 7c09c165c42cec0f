"""Held parts of sessions: words, the refusal that names the release, uses with a reason, and what is held on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.ui.instants import instant_text
from medguild.operations.scheduling.errors import TimeHeld
from medguild.operations.scheduling.held_models import HeldBlock, HeldUse
from medguild.operations.scheduling.held_rules import HeldPart, HeldSpan, Purpose, held_span
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.week_rules import is_held, local_time
from medguild.operations.scheduling.words import Text

PURPOSE_WORDS: Mapping[Purpose, Text] = {
    Purpose.SAME_DAY: _("same-day visits"),
    Purpose.URGENT: _("urgent visits"),
    Purpose.NEW_PATIENTS: _("new patients"),
    Purpose.KINDS: _("certain kinds of visits"),
}


@dataclass(frozen=True, slots=True)
class HeldOn:
    """A part of a clinician's session that is, or was, held on a day; instants. `released`: anybody may book it now."""

    session_id: UUID
    clinician_id: UUID
    start: dt.datetime
    end: dt.datetime
    purpose: Text
    release_at: dt.datetime
    released: bool


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


def held_on(
    *, actor: Actor, units: Collection[UUID], start: dt.date, end: dt.date, at: dt.datetime
) -> dict[dt.date, list[HeldOn]]:
    """What is held at sites on the local days of the half-open period, by day and time; one query. For calendars."""
    rows = HeldBlock.objects.visible_to(actor).filter(
        session__unit_id__in=list(units), session__period__overlap=DateRange(start, end)
    )
    found: dict[dt.date, list[HeldOn]] = {}
    moment = int(at.timestamp()) // 60
    for row in rows.select_related("session__unit__site"):
        session, zone = row.session, row.session.unit.site.time_zone
        part = HeldPart(row.start_minute, row.end_minute, row.purpose, row.release_days, row.release_hours)
        for offset in range((end - start).days):
            day = start + dt.timedelta(days=offset)
            if not is_held(session, day):
                continue
            span = held_span(part, zone, day)
            found.setdefault(day, []).append(
                HeldOn(
                    session.pk,
                    session.clinician_id,
                    local_time(zone, span.start),
                    local_time(zone, span.end),
                    PURPOSE_WORDS[Purpose(row.purpose)],
                    local_time(zone, span.until),
                    span.until <= moment,
                )  # fmt: skip
            )
    for held in found.values():
        held.sort(key=lambda one: one.start)
    return found
