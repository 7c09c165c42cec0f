"""What an address asks for, where nonsense means that nothing was asked."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import HttpRequest
from django.utils.dateparse import parse_date


def asked_day(request: HttpRequest, name: str = "day") -> dt.date | None:
    """The day of `?day=2026-11-30`."""
    try:
        return parse_date(request.GET.get(name, ""))
    except ValueError:
        return None


def uuid_or_none(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
