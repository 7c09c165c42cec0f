"""What every page frame shows: menu, identity, languages. Computed only when a template asks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.ports import menu
from medguild.foundation.ui.ports.header import Identity, identity_of
from medguild.foundation.ui.rules import IDLE_LIMIT
from medguild.foundation.ui.sessions import user_tag

log = structlog.get_logger(__name__)

_OWN_NAMES = {"en": "English", "es": "Español"}


@dataclass(frozen=True, slots=True)
class MenuLine:
    label: menu.Text
    url: str
    icon: str
    shortcut: str
    keywords: menu.Text
    active: bool
    in_menu: bool
    area: menu.Area


@dataclass(frozen=True, slots=True)
class MenuArea:
    key: str
    label: menu.Text
    lines: list[MenuLine]

    @property
    def active(self) -> bool:
        return any(line.active for line in self.lines)


def menu_lines(actor: Actor, path: str = "") -> list[MenuLine]:
    """Entries that the actor may open; the one whose address is the longest start of `path` is active."""
    found: list[tuple[menu.MenuEntry, str]] = []
    for entry in menu.entries():
        if entry.permission is not None and not actor.may(entry.permission):
            continue
        try:
            found.append((entry, reverse(entry.url_name)))
        except NoReverseMatch:
            log.error("menu entry without page", url_name=entry.url_name)
    here = max((url for entry, url in found if entry.in_menu and _leads_here(url, path)), key=len, default="")
    return [
        MenuLine(entry.label, url, entry.icon, entry.shortcut, entry.keywords, url == here, entry.in_menu, entry.area)
        for entry, url in found
    ]


def _leads_here(url: str, path: str) -> bool:
    return path == url or (url != "/" and path.startswith(url if url.endswith("/") else f"{url}/"))


class Frame:
    """The frame of one request."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def actor(self) -> Actor:
        return actor_of(self._request)

    @cached_property
    def signed_in(self) -> bool:
        return self.actor.id is not None

    @cached_property
    def identity(self) -> Identity:
        return identity_of(self._request, self.actor)

    @cached_property
    def lines(self) -> list[MenuLine]:
        return menu_lines(self.actor, self._request.path) if self.signed_in else []

    @cached_property
    def areas(self) -> list[MenuArea]:
        return [
            MenuArea(area.value, area.label, lines)
            for area in menu.Area
            if (lines := [line for line in self.lines if line.area is area and line.in_menu])
        ]

    @cached_property
    def shortcuts(self) -> list[MenuLine]:
        return [line for line in self.lines if line.shortcut]

    @cached_property
    def other_languages(self) -> list[tuple[str, str]]:
        """Code and own name of the languages that are not shown now."""
        now = (get_language() or "en").split("-")[0]
        return [(code, _OWN_NAMES.get(code, str(name))) for code, name in settings.LANGUAGES if code != now]

    @cached_property
    def user_tag(self) -> str:
        return user_tag(self.actor.id)

    @property
    def idle_seconds(self) -> int:
        return int(IDLE_LIMIT.total_seconds())

    @property
    def login_url(self) -> str:
        return str(settings.LOGIN_URL)


def page(request: HttpRequest) -> dict[str, Any]:
    return {"frame": Frame(request)}
