"""What rooms above know of visits: numbers beside the length of visits, and before and after a change of a template."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.ports import Registry


class Aspect(enum.StrEnum):
    """What a number speaks of, in the order in which it is shown."""

    WAIT = "wait"
    STAFF = "staff"
    QUALITY = "quality"
    EXPERIENCE = "experience"
    REVENUE = "revenue"


Read = Callable[[Actor, QuerySet[Any], Sequence[str]], Mapping[tuple[Any, ...], float]]
Rows = Callable[[Mapping[str, str]], str]


@dataclass(frozen=True, slots=True)
class VisitMeasure:
    """A sum over kept visits, shown per `per` of them, or per one of what `of` counts (answers to a question, say).

    `read(actor, appointments, keys)` sums by fields of the appointment in one query, for what the actor may see; who
    lacks `right` is not shown the number. `cents`: the sum is money. `rows` makes the address of what is counted from
    what a list of visits is asked for (`showing.Cut.asked`): days, site, clinician, kind of visit.
    """

    key: str
    label: str | Promise
    aspect: Aspect
    right: str
    read: Read
    rows: Rows
    per: int = 1
    of: Read | None = None
    cents: bool = False
    less_is_better: bool = True


visit_measures: Registry[VisitMeasure] = Registry("measure of visits")
