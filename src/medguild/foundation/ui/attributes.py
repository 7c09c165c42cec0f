"""HTML attributes from keyword arguments, the icon, and the access to the current actor."""

from __future__ import annotations

import itertools
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from medguild.foundation.kernel.actor import Actor, ActorKind

_NOBODY = Actor(ActorKind.SERVICE, None, "nobody")
_numbers = itertools.count(1)

# The icon of each tone, so that no status is told by colour alone.
TONE_ICONS = {
    "ok": "circle-check",
    "warn": "alert-triangle",
    "bad": "alert-octagon",
    "info": "info-circle",
    "busy": "progress",
    "neutral": "circle-dot",
}


def actor_of(request: HttpRequest) -> Actor:
    """The actor that the access middleware put on the request; nobody when there is none."""
    actor = getattr(request, "actor", None)
    return actor if isinstance(actor, Actor) else _NOBODY


def attributes(extra: dict[str, Any]) -> SafeString:
    """` hx-get="/x" disabled` of `{"hx_get": "/x", "disabled": True, "title": None}`, with a space before each."""
    pairs = [(name.rstrip("_").replace("_", "-"), value) for name, value in extra.items() if value not in (None, False)]
    bare = mark_safe("".join(f" {name}" for name, value in pairs if value is True))  # noqa: S308 - names are ours
    return bare + format_html_join("", ' {}="{}"', ((name, value) for name, value in pairs if value is not True))


def icon_svg(name: str, label: str = "", css: str = "") -> SafeString:
    """An icon of the sprite. Without a label it is decoration and hidden from screen readers."""
    if not name:
        return SafeString()
    classes = f"icon {css}".strip()
    sprite = static("medguild/dist/icons.svg")
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}#{}"></use></svg>', classes, label, sprite, name
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>', classes, sprite, name)


def tone_icon(tone: str) -> str:
    return TONE_ICONS.get(tone, TONE_ICONS["neutral"])


def fresh_id(prefix: str) -> str:
    """An id that no other element of the page or of a later fragment bears."""
    return f"{prefix}-{next(_numbers)}"
