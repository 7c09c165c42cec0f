"""The answer to a request for a board: nothing while it is current, its fragment for HTMX, the page else."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from medguild.foundation.ui.parts import Board


def board_response(
    request: HttpRequest, board: Board, template: str, context: dict[str, Any] | None = None
) -> HttpResponse:
    """204 while `?version=` is the board's own (HTMX leaves the page as it is)."""
    fragment = request.headers.get("HX-Target", "").endswith(f"#{board.dom_id}")
    if fragment and request.method == "GET" and board.version and request.GET.get("version") == board.version:
        return HttpResponse(status=204)
    if fragment:
        return render(request, "ui/_board_fragment.html", {"board": board})
    return render(request, template, {**(context or {}), "board": board})
