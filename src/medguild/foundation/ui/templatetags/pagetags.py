"""Tags of the page frame: breadcrumbs, tables, links that keep the query."""

from __future__ import annotations

from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from medguild.foundation.ui.parts import Text
from medguild.foundation.ui.templatetags._library import register
from medguild.foundation.ui.toasts import as_toast


@register.simple_tag
def crumb(label: Text, url: str = "") -> SafeString:
    """One step of the way here; without a URL it is the place itself."""
    if url:
        return format_html('<li><a href="{}">{}</a></li>', url, label)
    return format_html('<li><span aria-current="page">{}</span></li>', label)


@register.simple_tag(takes_context=True)
def table(context: Context, value: Any) -> SafeString:
    """A table built by `ui.tables`, with its filters, bulk acts and pages."""
    request: HttpRequest = context["request"]
    return SafeString(render_to_string("ui/_table.html", {"table": value, "request": request}, request=request))


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The query string of this page with some parameters changed; None takes one away."""
    return query_with(context["request"], changes)


def query_with(request: HttpRequest, changes: dict[str, Any]) -> str:
    params = request.GET.copy()
    for name, value in changes.items():
        params.pop(name, None)
        if value not in (None, ""):
            params[name] = str(value)
    return f"?{params.urlencode()}"


@register.simple_tag(takes_context=True)
def pending_toasts(context: Context) -> list[dict[str, Any]]:
    """The messages that wait to be shown; reading them marks them as shown."""
    return [as_toast(message) for message in get_messages(context["request"])]
