"""The menu: rooms register entries at start-up; a page shows those that the actor may open."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.ports import Registry

Text = str | Promise


class Area(enum.Enum):
    """Areas of the menu, in the order in which they stand."""

    TODAY = "today"
    OPERATIONS = "operations"
    REVENUE = "revenue"
    PEOPLE = "people"
    COMPLIANCE = "compliance"
    EXPERIENCE = "experience"
    IMPROVE = "improve"
    SETTINGS = "settings"

    @property
    def label(self) -> Text:
        return AREA_LABELS[self]


AREA_LABELS: dict[Area, Text] = {
    Area.TODAY: _("Today"),
    Area.OPERATIONS: _("Operations"),
    Area.REVENUE: _("Revenue & finance"),
    Area.PEOPLE: _("People"),
    Area.COMPLIANCE: _("Compliance"),
    Area.EXPERIENCE: _("Experience"),
    Area.IMPROVE: _("Improve"),
    Area.SETTINGS: _("Set-up"),
}


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One line of the menu and of the palette.

    `permission` None shows it to everybody signed in. `in_menu` False keeps it to the palette ("Register a patient").
    `shortcut` is a two-key sequence such as `g p`. `keywords` are further words that find it in the palette.
    """

    area: Area
    label: Text
    url_name: str
    permission: str | None = None
    order: int = 100
    icon: str = "circle"
    shortcut: str = ""
    in_menu: bool = True
    keywords: Text = ""


_entries: Registry[MenuEntry] = Registry("menu entry")


def register(entry: MenuEntry) -> MenuEntry:
    return _entries.register(entry.url_name, entry)


def entries() -> list[MenuEntry]:
    """Every entry, by area and order."""
    areas = list(Area)
    return sorted(_entries.all(), key=lambda entry: (areas.index(entry.area), entry.order, str(entry.url_name)))
