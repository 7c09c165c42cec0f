"""How often proposed times were taken: by role, by site, and by group of patients for those who audit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from medguild.foundation.access.words import ROLES
from medguild.foundation.kernel.actor import Actor
from medguild.operations.attendance.choice_rules import NOT_TOLD, Choice
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
    href: str = ""  # the list of its bookings; empty for groups of patients, of whom only sums are told

    @property
    def total(self) -> int:
        return self.first + self.later + self.other

    @property
    def overridden(self) -> str:
        """Share of times of one's own."""
        return f"{100 * self.other / self.total:.0f} %" if self.total else "–"

    @property
    def links(self) -> list[str]:
        """Where each of the cells opens to."""
        if not self.href:
            return []
        chosen = [f"{self.href}&choice={choice}" for choice in Choice]
        return [*chosen, chosen[-1]]

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


def chosen_href(**asked: object) -> str:
    """The address of the bookings behind a number."""
    return f"{reverse('attendance:chosen')}?{urlencode(asked)}"


def whole_of(rows: QuerySet[SlotChoice]) -> Counted:
    counted = rows.aggregate(**_COUNTS)
    return Counted("", *_numbers(counted), href=chosen_href())


def tables_of(rows: QuerySet[SlotChoice], *, audit: bool) -> list[ChoiceTable]:
    """By role and by site; by group of patients only for those who audit, small groups without numbers."""
    found = [
        ChoiceTable(_("By role"), _("Role"), _counted(rows, "role", ROLES, "role")),
        ChoiceTable(_("By site"), _("Site"), _counted(rows, "unit", _names(rows), "site")),
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


def _numbers(counted: Mapping[str, int]) -> tuple[int, int, int]:
    return counted[Choice.FIRST], counted[Choice.LATER], counted[Choice.OTHER]


def _names(rows: QuerySet[SlotChoice]) -> dict[UUID, str]:
    return dict(rows.order_by().values_list("unit", "unit__name").distinct())


def _counted(rows: QuerySet[SlotChoice], field: str, words: Mapping[Any, Any], asked: str = "") -> list[Counted]:
    """`asked` is the filter of the list that opens the bookings of a line."""
    found = rows.order_by().values(field).annotate(total=Count("pk"), **_COUNTS).order_by("-total", field)
    return [
        Counted(
            words.get(row[field], row[field]) or _("Not told"), *_numbers(row),
            href=chosen_href(**{asked: row[field] or NOT_TOLD}) if asked else "",
        )
        for row in found
    ]  # fmt: skip


def _without_small(rows: Sequence[Counted]) -> list[Counted]:
    return [row if row.total >= SMALL else Counted(row.label, 0, 0, 0, hidden=True) for row in rows]


def reasons_told(rows: QuerySet[SlotChoice]) -> QuerySet[SlotChoice]:
    """Times of one's own for which somebody said why, the newest first."""
    told = rows.filter(choice=Choice.OTHER).exclude(reason="")
    return told.select_related("appointment__unit__site").order_by("-chosen_at")
