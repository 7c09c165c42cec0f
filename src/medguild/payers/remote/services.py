"""Keeping payers' rules for remote visits. A rule is ended or followed, never rewritten."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.kernel.ids import new_id
from medguild.payers.payers.models import Payer
from medguild.payers.remote.models import RemoteRule
from medguild.payers.remote.rules import RemoteMode, RemoteTerms

RULE_SET = declare_event("payer.remote_rule_set", gettext_lazy("Rule for remote visits set"), icon="video")
RULE_ENDED = declare_event("payer.remote_rule_ended", gettext_lazy("Rule for remote visits ended"), icon="video-off")


@transaction.atomic
def set_remote_rule(
    *,
    payer: Payer,
    mode: RemoteMode,
    terms: RemoteTerms,
    start: dt.date,
    by: Actor,
    end: dt.date | None = None,
    source: str = "",
) -> RemoteRule:
    """What the payer asks from a day on; the rule in force on that day ends there, and goes on after the `end` of one
    that is only for a while. A rule that begins on the same day is replaced: it was a mistake.

    Raises Refusal where the places are missing, the end is not after the start, or a later rule is in the way.
    """
    if end is not None and end <= start:
        raise Refusal(_("The end must be after the first day."), code="end_before_start", field="end")
    if terms.covered and not (terms.place_at_home and terms.place_elsewhere):
        raise Refusal(_("Write both codes of the place."), code="place_needed", field="place_at_home")
    rows = RemoteRule.objects.select_for_update().filter(payer=payer, mode=mode)
    held = rows.filter(period__contains=start).first()
    until = held.period.upper if held else None
    goes_on = held is not None and end is not None and (until is None or end < until)
    if held is not None and held.period.lower < start:
        held.period = DateRange(held.period.lower, start)
        held.save(update_fields=["period"])
    elif held is not None:
        held.delete()
    if rows.filter(period__overlap=DateRange(start, end)).exists():
        raise Refusal(
            _("There is a rule for that time already. End it, or begin on a later day."),
            code="rule_overlaps",
            field="start",
        )
    asked = terms if terms.covered else RemoteTerms(covered=False)
    made = RemoteRule.objects.create(
        payer=payer, mode=mode, covered=asked.covered, place_at_home=asked.place_at_home,
        place_elsewhere=asked.place_elsewhere, modifiers=list(asked.modifiers), source=source.strip(),
        period=DateRange(start, end),
    )  # fmt: skip
    if held is not None and goes_on:
        held.pk, held.period = new_id(), DateRange(end, until)
        held.save(force_insert=True)
    record(RULE_SET, subject=_subject(made), by=by, data={"mode": mode, "start": start.isoformat()})
    return made


@transaction.atomic
def end_remote_rule(*, rule: RemoteRule, on: dt.date, by: Actor) -> RemoteRule:
    """The rule no longer holds from a day on."""
    held: RemoteRule = RemoteRule.objects.select_for_update(of=("self",)).select_related("payer").get(pk=rule.pk)
    if on <= held.period.lower:
        raise Refusal(_("The end must be after the first day."), code="end_before_start", field="on")
    if RemoteRule.objects.filter(
        payer=held.payer, mode=held.mode, period__overlap=DateRange(held.period.lower, on)
    ).exclude(pk=held.pk).exists():  # fmt: skip
        raise Refusal(_("Another rule begins before that day."), code="rule_overlaps", field="on")
    held.period = DateRange(held.period.lower, on)
    held.save(update_fields=["period"])
    record(RULE_ENDED, subject=_subject(held), by=by, data={"mode": held.mode, "on": on.isoformat()})
    return held


def _subject(rule: RemoteRule) -> SubjectRef:
    return SubjectRef("payer", rule.payer_id, rule.payer.name)
