"""Tables of the room: the visits of a list, with what is chosen for them in bulk; open lists."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.instants import instant_text
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.templates.models import MovePlan, PlannedMove
from medguild.operations.templates.moving import choose
from medguild.operations.templates.rules import Cause, Choice, MoveStatus, Trouble, Why
from medguild.operations.templates.words import (
    CAUSE_WORDS,
    CHOICE_WORDS,
    FAILURE_WORDS,
    MOVE_TONES,
    MOVE_WORDS,
    OTHER_FAILURE,
    PLAN_TONES,
    PLAN_WORDS,
    TROUBLE_WORDS,
    WHY_WORDS,
)

_TONES = {status.value: tone for status, tone in MOVE_TONES.items()}
_WORDS = {status.value: words for status, words in MOVE_WORDS.items()}


def _choosing(choice: Choice) -> Any:
    def run(request: HttpRequest, rows: QuerySet[Any]) -> str:
        chosen = list(rows.select_related("plan"))
        if not chosen:
            return gettext("Nothing was chosen.")
        count = choose(plan=chosen[0].plan, choice=choice, by=actor_of(request), moves=[row.pk for row in chosen])
        return ngettext("Chosen for %(count)d visit.", "Chosen for %(count)d visits.", count) % {"count": count}

    return run


def _where(record: PlannedMove) -> str:
    """Who and where, as far as it differs from what the visit had; and that somebody chose it by hand."""
    who, place = str(record.to_clinician.label()), str(record.to_unit.name)  # type: ignore[union-attr]
    if record.why == Why.SAME_PLACE:
        return str(WHY_WORDS[Why.SAME_PLACE])
    if record.why == Why.OTHER_SITE:
        return gettext("Same clinician, %(site)s") % {"site": place}
    if record.why == Why.COLLEAGUE:
        return gettext("%(clinician)s, same site") % {"clinician": who}
    return gettext("%(clinician)s, %(site)s, chosen by hand") % {"clinician": who, "site": place}


def _failure(record: PlannedMove) -> str:
    return str(FAILURE_WORDS.get(record.failure, OTHER_FAILURE))


class MoveFilters(tables.FilterSet):
    status = tables.ChoiceFilter(choices=list(_WORDS.items()), label=_("State"))
    choice = tables.ChoiceFilter(
        choices=[(choice.value, words) for choice, words in CHOICE_WORDS.items() if choice], label=_("Choice")
    )
    trouble = tables.ChoiceFilter(
        choices=[(trouble.value, words) for trouble, words in TROUBLE_WORDS.items()], label=_("Why it must move")
    )


class MoveTable(tables.Table):
    was_start = tables.DateTimeColumn(
        _("Booked for"), zone="unit__site__time_zone", style="short",
        linkify=lambda record: reverse("scheduling:show", args=[record.appointment_id]),
    )  # fmt: skip
    patient = tables.Column(
        _("Patient"), accessor="appointment__patient__label",
        order_by=("appointment__patient__family_key", "appointment__patient__given_key"),
    )  # fmt: skip
    visit_type = tables.Column(_("Visit"), accessor="appointment__visit_type__name")
    trouble = tables.Column(_("Why it must move"))
    to_start = tables.Column(_("Proposed"), empty_values=())
    choice = tables.Column(_("Choice"), empty_values=())
    status = tables.StatusColumn(_("State"), labels=_WORDS, tones=_TONES)

    class Meta:
        order_by = ("was_start",)

    key = "moves"
    caption = _("Visits that must move")
    filters = MoveFilters
    patient_id = "appointment__patient_id"
    empty = tables.Empty(_("No visit must move"), _("All booked visits stay where they are."))
    bulk = (
        tables.BulkAct("accept", _("Move as proposed"), run=_choosing(Choice.ACCEPT), permission=SchedulingRight.BOOK),
        tables.BulkAct(
            "keep", _("Keep as overbooked"), run=_choosing(Choice.KEEP), permission=SchedulingRight.OVERBOOK
        ),
        tables.BulkAct("bump", _("Put on the bump list"), run=_choosing(Choice.BUMP), permission=SchedulingRight.BOOK),
    )

    def render_visit_type(self, value: str, record: PlannedMove) -> Any:
        return format_html('{}<div class="muted">{}</div>', value, record.appointment.clinician.label())

    def value_visit_type(self, value: str) -> Any:
        return value

    def render_trouble(self, value: str) -> Any:
        return TROUBLE_WORDS[Trouble(value)]

    def render_choice(self, record: PlannedMove) -> Any:
        words = CHOICE_WORDS[Choice(record.choice)]
        if record.status not in (MoveStatus.OPEN, MoveStatus.FAILED):
            return words if record.choice else ""
        pick = reverse("templates:pick", args=[record.pk])
        return format_html('{}<div class="nowrap"><a href="{}">{}</a></div>', words, pick, gettext("Pick another time"))

    def value_choice(self, record: PlannedMove) -> Any:
        return CHOICE_WORDS[Choice(record.choice)]

    def render_to_start(self, record: PlannedMove) -> Any:
        if record.to_start is None or record.to_clinician is None or record.to_unit is None:
            return gettext("No free time found")
        when = instant_text(record.to_start, record.to_unit.site.time_zone, "short")
        return format_html('<span class="nowrap">{}</span><div class="muted">{}</div>', when, _where(record))

    def value_to_start(self, record: PlannedMove) -> Any:
        return record.to_start

    def render_status(self, value: str, record: PlannedMove, bound_column: Any) -> Any:
        badge = bound_column.column.render(value, record, bound_column)
        if record.status != MoveStatus.FAILED:
            return badge
        return format_html('{}<div class="muted text-wrap">{}</div>', badge, _failure(record))

    def value_status(self, record: PlannedMove) -> Any:
        words = str(_WORDS[record.status])
        return f"{words}: {_failure(record)}" if record.status == MoveStatus.FAILED else words


class PlanTable(tables.Table):
    made_at = tables.DateTimeColumn(_("Since"), linkify=lambda record: reverse("templates:moves", args=[record.pk]))
    cause = tables.Column(_("Because of"))
    who = tables.Column(_("Who or where"), accessor="unit__name", orderable=False)
    first_day = tables.DateColumn(_("First day"))
    all_moves = tables.NumberColumn(_("Visits"))
    left = tables.NumberColumn(_("Not settled"))
    status = tables.StatusColumn(
        _("State"), labels={key.value: words for key, words in PLAN_WORDS.items()},
        tones={key.value: tone for key, tone in PLAN_TONES.items()},
    )  # fmt: skip

    class Meta:
        order_by = ("-made_at",)

    key = "move-plans"
    caption = _("Visits that must move")
    empty = tables.Empty(
        _("No visits must move"), _("A new version of a template, an absence or a closed day puts visits here.")
    )

    def render_cause(self, value: str) -> Any:
        return CAUSE_WORDS[Cause(value)]

    def render_who(self, record: MovePlan) -> str:
        return record.clinician.label() if record.clinician else record.unit.name
