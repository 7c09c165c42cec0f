"""What a panel of the Today page shows: numbers that open to their rows, and lines that open to their records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.selectors import sites_visible

Text = str | Promise
NOT_ENOUGH = "–"
LINES = 8


@dataclass(frozen=True, slots=True)
class Number:
    """`value` is shown as it is; an en dash stands for "not enough data", never a made-up zero."""

    label: Text
    value: str
    href: str
    unit: Text = ""
    hint: Text = ""


@dataclass(frozen=True, slots=True)
class Line:
    label: Text
    href: str
    detail: Text = ""
    badge: Text = ""
    tone: str = "neutral"
    at: object = None
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """`patients` are those whose data the lines show; the view declares them as read."""

    key: str
    title: Text
    icon: str
    href: str = ""
    numbers: Sequence[Number] = ()
    lines: Sequence[Line] = ()
    empty: Text = ""
    patients: frozenset[UUID] = frozenset()


def shown(value: float | int | None) -> str:
    """A whole number as it is, another to one place."""
    if value is None:
        return NOT_ENOUGH
    return f"{value:,.1f}" if isinstance(value, float) else f"{value:,}"


def first_site(actor: Actor, right: str) -> Site | None:
    """The site whose day a panel shows."""
    return sites_visible(actor, right).first()
