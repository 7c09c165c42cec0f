"""Components that draw lists of things: tabs, timeline, steps, board, chart."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.template import Context
from django.utils.translation import gettext as _

from medguild.foundation.ui.parts import Board, Chart, Moment, Step, Tab
from medguild.foundation.ui.templatetags._library import register


@register.inclusion_tag("ui/_tabs.html")
def tabs(items: Iterable[Tab], label: str = "") -> dict[str, Any]:
    """Links that show parts of one record."""
    return {"items": items, "label": label or _("Parts of this page")}


@register.inclusion_tag("ui/_timeline.html")
def timeline(items: Iterable[Moment], zone: str = "") -> dict[str, Any]:
    """What happened, newest first as given. `zone` holds for items without their own."""
    return {"items": list(items), "zone": zone}


_STEP_LOOKS = {
    "done": ("ok", "circle-check"),
    "current": ("busy", "circle-dot"),
    "todo": ("neutral", "circle"),
    "blocked": ("bad", "alert-octagon"),
    "skipped": ("neutral", "circle-minus"),
}


def _step_word(state: str) -> str:
    words = {
        "done": _("Done"),
        "current": _("Now"),
        "todo": _("To do"),
        "blocked": _("Blocked"),
        "skipped": _("Skipped"),
    }
    return words[state]


@register.inclusion_tag("ui/_steps.html")
def steps(items: Iterable[Step]) -> dict[str, Any]:
    """A checklist: each step with its state in words, and the button that does it."""
    return {
        "items": [
            {
                "step": step,
                "tone": _STEP_LOOKS[step.state][0],
                "icon": _STEP_LOOKS[step.state][1],
                "word": _step_word(step.state),
            }
            for step in items
        ]
    }


@register.inclusion_tag("ui/_board.html", takes_context=True)
def board(context: Context, value: Board) -> dict[str, Any]:
    """Columns of cards that keep themselves fresh."""
    return {"board": value, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("ui/_chart.html")
def chart(value: Chart) -> dict[str, Any]:
    """A chart, its summary in words, and its table one click away."""
    spec = value.spec() | {"share_label": _("Cumulative share")}
    return {"chart": value, "spec": spec, "data_id": f"{value.dom_id}-data"}
