"""Carries toasts with HTMX answers, which never render the page frame that would show them."""

from __future__ import annotations

import json
from collections.abc import Callable

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse

from medguild.foundation.ui.toasts import as_toast


class HtmxToasts:
    """Stands below MessageMiddleware, so that messages read here count as shown."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.headers.get("HX-Request") or _leads_elsewhere(response):
            return response
        items = [as_toast(message) for message in get_messages(request)]
        if items:
            response["HX-Trigger"] = _merged(response.get("HX-Trigger", ""), items)
        return response


def _leads_elsewhere(response: HttpResponse) -> bool:
    return 300 <= response.status_code < 400 or "HX-Redirect" in response or "HX-Refresh" in response


def _merged(present: str, items: list[dict[str, str]]) -> str:
    """The trigger header with the toasts added; header values are ASCII, which json.dumps gives."""
    if present.startswith("{"):
        events = json.loads(present)
    else:
        events = {name.strip(): {} for name in present.split(",") if name.strip()}
    return json.dumps({**events, "medguild:toasts": {"items": items}})
