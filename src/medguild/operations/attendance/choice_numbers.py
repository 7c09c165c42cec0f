"""How often proposed times were taken: by role, by site, and by group of patients for those who audit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from medguild.foundation.access.words import ROLES
from medguild.foundation.kernel.actor import Actor
from medguild.operations.attendance.choice_rules import Choice
from medguild.operations.attendance.fairness_rules import SMALL
from medguild.operations.attendance.models import SlotChoice
from medguild.patients.identity.words import LANGUAGES, SEXES

_COUNTS = {str(choice): Count("pk", filter=Q(choice=choice)) for choice in Choice}


@dataclass(frozen=True, slots=True)
class Counted:
    """How proposals of a group of bookings were answered; no numbers where the group of patients is too small."""

    label: str | Promise
    first: int
    later: int
    other: int
    hidden: bool = False

    @property
    def total(self) -> int:
        return self.first + self.later + self.other

    @property
    def overridden(self) -> str:
        """Share of times of one's own."""
        return f"{100 * self.other / self.total:.0f} %" if self.total else "–"

    @property
    def cells(self) -> list[int | str]:
        return [self.first, self.later, self.other, self.overridden]


@dataclass(frozen=True, slots=True)
class ChoiceTable:
    title: str
    head: str
    rows: Sequence[Counted]

    @property
    def columns(self) -> list[str]:
        return [_("First proposal"), _("Another proposal"), _("Time of one's own"), _("Share of overrides")]


def choices(actor: Actor, *, start: dt.datetime, end: dt.datetime) -> QuerySet[SlotChoice]:
    """Choices of a half-open period that the actor may see."""
    rows: QuerySet[SlotChoice] = SlotChoice.objects.visible_to(actor)
    return rows.filter(chosen_at__gte=start, chosen_at__lt=end)


def whole_of(rows: QuerySet[SlotChoice]) -> Counted:
    counted = rows.aggregate(**_COUNTS)
    return Counted("", *(counted[str(choice)] for choice in Choice))


def tables_of(rows: QuerySet[SlotChoice], *, audit: bool) -> list[ChoiceTable]:
    """By role and by site; by group of patients only for those who audit, small groups without numbers."""
    found = [
        ChoiceTable(_("By role"), _("Role"), _counted(rows, "role", ROLES)),
        ChoiceTable(_("By site"), _("Site"), _counted(rows, "unit__name", {})),
    ]
    if audit:
        groups: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
            (_("By sex on record"), "appointment__patient__sex", dict(SEXES)),
            (_("By language"), "appointment__patient__language", dict(LANGUAGES)),
        )
        found += [
            ChoiceTable(title, _("Group"), _without_small(_counted(rows, field, words)))
            for title, field, words in groups
        ]
    return found


def _counted(rows: QuerySet[SlotChoice], field: str, words: Mapping[Any, Any]) -> list[Counted]:
    found = rows.order_by().values(field).annotate(total=Count("pk"), **_COUNTS).order_by("-total", field)
    return [
        Counted(words.get(row[field], row[field]) or _("Not told"), *(row[str(choice)] for choice in Choice))
        for row in found
    ]


def _without_small(rows: Sequence[Counted]) -> list[Counted]:
    return [row if row.total >= SMALL else Counted(row.label, 0, 0, 0, hidden=True) for row in rows]


def reasons_told(rows: QuerySet[SlotChoice]) -> QuerySet[SlotChoice]:
    """Times of one's own for which somebody said why, the newest first."""
    told = rows.filter(choice=Choice.OTHER).exclude(reason="")
    return told.select_related("appointment__unit__site").order_by("-chosen_at")
