"""Doors that do not let everybody knock without end.

Two ways to count. What a known caller does is counted in the web process that answers: it costs nothing, and with
several processes the limit is that many times as high. What strangers get wrong is counted in the database cache, for
all processes together: that costs a round trip, and only strangers pay it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from medguild.foundation.kernel.errors import Refusal

_View = TypeVar("_View", bound=Callable[..., HttpResponseBase])
_WINDOW = 60
_MOST_KEPT = 20_000

# Per address and minute, for all web processes together: tokens that are unknown, and links that are opened.
BAD_TOKENS = 30
LINKS_OPENED = 30
# Per user and minute: reading a file of 20 MB is work.
FILES_SENT = 30


class TooManyRequests(Refusal):
    """Answered with 429; `seconds` says when to come back."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            _("Too many requests in a short time. Try again in %(seconds)s seconds.") % {"seconds": seconds},
            code="too_many_requests",
        )
        self.seconds = seconds


class Bucket:
    """So many requests a minute for each key; a minute's worth may come at once. Counted in this process."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = float(per_minute)
        self._a_second = per_minute / _WINDOW
        self._clock = clock
        self._held: dict[object, tuple[float, float]] = {}

    def take(self, key: object) -> int:
        """0 when one more is fine, else the seconds until it is."""
        moment = self._clock()
        left, since = self._held.get(key, (self._most, moment))
        left = min(self._most, left + (moment - since) * self._a_second)
        if left < 1:
            return max(1, math.ceil((1 - left) / self._a_second))
        if len(self._held) >= _MOST_KEPT:
            self._held.clear()
        self._held[key] = (left - 1, moment)
        return 0


def refuse_flood(bucket: Bucket, key: object) -> None:
    """Raises TooManyRequests."""
    seconds = bucket.take(key)
    if seconds:
        raise TooManyRequests(seconds)


def limited(per_minute: int) -> Callable[[_View], _View]:
    """For views that work hard on what is sent: so many a minute for each user. Looking at the page is free."""
    bucket = Bucket(per_minute)

    def attach(view: _View) -> _View:
        @wraps(view)
        def held_back(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method == "POST":
                refuse_flood(bucket, getattr(request.user, "pk", None))
            return view(request, *args, **kwargs)

        return held_back  # type: ignore[return-value]

    return attach


def count_stranger(request: HttpRequest, door: str, per_minute: int) -> None:
    """One more knock from this address in this minute, whichever process heard it. Raises TooManyRequests."""
    moment = time.time()
    key = f"door:{door}:{address_of(request)}:{int(moment // _WINDOW)}"
    cache.add(key, 0, 2 * _WINDOW)
    # Two at the very same instant may count as one, and a crowded cache forgets: a limit need not be exact.
    try:
        knocks = cache.incr(key)
    except ValueError:
        return
    if knocks > per_minute:
        raise TooManyRequests(_WINDOW - int(moment % _WINDOW))


def address_of(request: HttpRequest) -> str:
    """The client's address, as the outermost trusted proxy has seen it."""
    return str(get_adapter().get_client_ip(request))
