"""Small elements: icon, button, status, hint, number, avatar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from medguild.foundation.ui.attributes import attributes, fresh_id, icon_svg, tone_icon
from medguild.foundation.ui.parts import Text
from medguild.foundation.ui.rules import initials, spark_points
from medguild.foundation.ui.templatetags._library import register

_BUTTON_KINDS = {"primary": "btn-primary", "secondary": "btn-secondary", "danger": "btn-danger", "ghost": "btn-ghost"}


@register.simple_tag
def icon(name: str, label: Text = "", size: str = "") -> SafeString:
    """An icon; `label` where it carries meaning by itself; `size="lg"`."""
    return icon_svg(name, str(label), "icon-lg" if size == "lg" else "")


@register.simple_tag
def button(
    label: Text,
    *,
    kind: str = "secondary",
    icon: str = "",
    href: str = "",
    size: str = "",
    type: str = "submit",  # noqa: A002 - the attribute's own name
    opens: str = "",
    only_icon: bool = False,
    extra_class: str = "",
    confirm: Text = "",
    confirm_detail: Text = "",
    confirm_label: Text = "",
    **extra: Any,
) -> SafeString:
    """A button, or a link that looks like one when `href` is given.

    `opens` is the id of a dialog; `confirm` asks before the act; `only_icon` hides the label from the eye alone.
    """
    classes = f"btn {_BUTTON_KINDS[kind]}{' btn-sm' if size == 'sm' else ''} {extra_class}".strip()
    if confirm:
        extra |= {"data_confirm": confirm, "data_confirm_detail": confirm_detail or None}
        extra["data_confirm_label"] = confirm_label or None
    if opens:
        type = "button"  # noqa: A001
        extra |= {"data_opens": opens, "commandfor": opens, "command": "show-modal", "aria_haspopup": "dialog"}
    words: Text = format_html('<span class="visually-hidden">{}</span>', label) if only_icon else label
    if only_icon:
        extra.setdefault("title", label)
    if href:
        return format_html(
            '<a class="{}" href="{}"{}>{}{}</a>', classes, href, attributes(extra), icon_svg(icon), words
        )
    return format_html(
        '<button class="{}" type="{}"{}>{}{}</button>', classes, type, attributes(extra), icon_svg(icon), words
    )


@register.simple_tag
def status(tone: str, label: Text, icon: str = "", title: Text = "") -> SafeString:
    """A status as word and icon. Tones: ok, warn, bad, info, busy, neutral."""
    return format_html(
        '<span class="status-badge tone-{}"{}>{}{}</span>',
        tone,
        attributes({"title": title or None}),
        icon_svg(icon or tone_icon(tone)),
        label,
    )


@register.simple_tag
def hint(text: Text, label: Text = "") -> SafeString:
    """A small question mark that opens an explanation; works without script."""
    name = fresh_id("hint")
    return format_html(
        '<button class="hint-button hint" type="button" popovertarget="{0}">{1}</button>'
        '<span class="pop" id="{0}" popover>{2}</span>',
        name,
        icon_svg("help-circle", str(label or _("What is this?"))),
        text,
    )


@register.simple_tag
def kbd(keys: str) -> SafeString:
    """Keys of a shortcut: `g p` or `Ctrl K`."""
    return format_html(
        '<span class="keys">{}</span>', format_html_join("", "<kbd>{}</kbd>", ((key,) for key in keys.split()))
    )


@register.simple_tag
def sparkline(values: Sequence[float | None], label: Text = "") -> SafeString:
    """A line chart of the size of a word. `label` says in words what it shows."""
    points = spark_points(values, 80, 20)
    if not points:
        return SafeString()
    name = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="sparkline" viewBox="0 -1 80 22" preserveAspectRatio="none" {}><polyline points="{}" fill="none" '
        'stroke="currentColor" stroke-width="1.5" vector-effect="non-scaling-stroke"></polyline></svg>',
        name,
        points,
    )


@register.simple_tag
def progress(value: float, maximum: float, label: Text = "") -> SafeString:
    """A bar with its words: `{% progress 3 10 _("3 of 10 done") %}`."""
    name = fresh_id("progress")
    return format_html(
        '<div class="progress-line"><label class="progress-line-text" for="{}">{}</label>'
        '<progress class="bar-progress" id="{}" value="{}" max="{}"></progress></div>',
        name,
        label or f"{value:g} / {maximum:g}",
        name,
        value,
        maximum or 1,
    )


@register.simple_tag
def avatar(name: str, src: str = "", size: str = "") -> SafeString:
    """A photo, or the initials. Decoration: the name stands beside it."""
    classes = "avatar-initials avatar-lg" if size == "lg" else "avatar-initials"
    if src:
        return format_html('<img class="{}" src="{}" alt="" loading="lazy">', classes, src)
    return format_html('<span class="{}" aria-hidden="true">{}</span>', classes, initials(str(name)))


@register.simple_tag
def person(name: Text, detail: Text = "", href: str = "", src: str = "") -> SafeString:
    """Avatar, name and a line below."""
    words = format_html('<a href="{}">{}</a>', href, name) if href else format_html("<span>{}</span>", name)
    line = format_html('<span class="person-detail">{}</span>', detail) if detail else ""
    return format_html(
        '<span class="person">{}<span class="person-text">{}{}</span></span>', avatar(str(name), src), words, line
    )


@register.inclusion_tag("ui/_stat.html")
def stat(
    label: Text,
    value: Any,
    *,
    href: str = "",
    unit: Text = "",
    delta: Text = "",
    delta_tone: str = "",
    hint: Text = "",
    values: Sequence[float | None] = (),
    trend: Text = "",
) -> dict[str, Any]:
    """A number that opens to its rows (`href`). `delta` is the change in words or digits; its sign picks the arrow."""
    down = str(delta).lstrip().startswith(("-", "−"))
    return {
        "label": label,
        "value": value,
        "href": href,
        "unit": unit,
        "delta": delta,
        "delta_tone": delta_tone,
        "delta_icon": "trending-down" if down else "trending-up",
        "hint": hint,
        "values": values,
        "trend": trend,
    }


@register.inclusion_tag("ui/_empty.html")
def empty(title: Text, text: Text = "", icon: str = "inbox", href: str = "", action: Text = "") -> dict[str, Any]:
    """What to do when there is nothing yet."""
    return {"title": title, "text": text, "icon": icon, "href": href, "action": action}
