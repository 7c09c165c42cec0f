"""Short messages about what was done; shown after a redirect or with the HTMX answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest

from medguild.foundation.ui.parts import Text

_LEVELS = {"ok": messages.SUCCESS, "info": messages.INFO, "warn": messages.WARNING, "bad": messages.ERROR}
_TONES = {messages.SUCCESS: "ok", messages.INFO: "info", messages.WARNING: "warn", messages.ERROR: "bad"}
_UNDO = "undo:"


def toast(request: HttpRequest, text: Text, tone: str = "ok", *, undo_url: str = "") -> None:
    """Say what happened. `tone` is ok, info, warn or bad; `undo_url` is posted when "Undo" is pressed.

    Never put patient data into the text beyond what the page that shows it may show.
    """
    messages.add_message(
        request, _LEVELS[tone], str(text), extra_tags=f"{_UNDO}{undo_url}" if undo_url else "", fail_silently=True
    )


def as_toast(message: Message) -> dict[str, Any]:
    """A message of Django's framework as the toast that templates and scripts show."""
    extra = message.extra_tags or ""
    undo = extra.removeprefix(_UNDO) if extra.startswith(_UNDO) else ""
    return {"text": str(message.message), "tone": _TONES.get(message.level, "info"), "undo": undo}
