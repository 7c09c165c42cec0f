"""A pytest plugin: every request of the browser's day is also made with and without events, rolled back and measured.

BENCH_DAY=day.json pytest tests/browser/day -k desktop -p bench.day_plugin
"""

from __future__ import annotations

import atexit
import io
import json
import os
import threading
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

from django.core.handlers.wsgi import WSGIRequest
from django.db import transaction
from django.http import HttpResponseBase

from bench.events import seconds_here, silence
from medguild.foundation.access.selectors import forget_actors

_REPEATS = 2
_spent = {"told": 0.0, "untold": 0.0}
_requests: list[str] = []
_one_at_a_time = threading.Lock()


class Twins:
    """The outermost middleware."""

    def __init__(self, get_response: Callable[[WSGIRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: WSGIRequest) -> HttpResponseBase:
        if _passes_by(request):
            return self.get_response(request)
        body = request.body
        with _one_at_a_time:
            self._rehearse(request, body, told=True)  # templates and queries are met for the first time
            told, untold = [], []
            for _ in range(_REPEATS):
                untold.append(self._rehearse(request, body, told=False))
                told.append(self._rehearse(request, body, told=True))
            _spent["told"] += min(told)
            _spent["untold"] += min(untold)
            _requests.append(f"{request.method} {request.path}")
            return self.get_response(_again(request, body))

    def _rehearse(self, request: WSGIRequest, body: bytes, *, told: bool) -> float:
        same = _again(request, body)
        with nullcontext() if told else silence(), transaction.atomic():
            before = seconds_here()
            response = self.get_response(same)
            if response.streaming:
                b"".join(response)  # type: ignore[call-overload]
            spent = seconds_here() - before
            transaction.set_rollback(True)
        forget_actors()
        return spent


def _passes_by(request: WSGIRequest) -> bool:
    """Streams that stay open, files of the front end, and screens that ask again whether anything is new."""
    asked_before = request.path.endswith("/poll/") and f"GET {request.path}" in _requests
    return asked_before or request.path.startswith("/static/") or "event-stream" in request.headers.get("Accept", "")


def _again(request: WSGIRequest, body: bytes) -> WSGIRequest:
    return WSGIRequest({**request.environ, "wsgi.input": io.BytesIO(body)})


def _write() -> None:
    Path(os.environ["BENCH_DAY"]).write_text(json.dumps({**_spent, "requests": len(_requests), "list": _requests}))


atexit.register(_write)
