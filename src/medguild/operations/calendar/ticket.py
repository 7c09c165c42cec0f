"""What a screen shows when it asks whether anything has changed: signed, so that nothing of it need be looked up.

A ticket says which span its holder was shown, and in which version. It is good for a minute without a session; then,
and for everything that it asks to see, the screen passes the session and the right anew.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.core import signing

from medguild.foundation.kernel.errors import NotVisible
from medguild.operations.calendar.rules import TICKET_SECONDS, Span

_SIGNER = signing.TimestampSigner(salt="operations.calendar.ticket", sep=".")


def write(span: Span, version: str, ground: str) -> str:
    """`version` is that of the visits (see `changes`); `ground` stands for what lies under them (sessions,
    absences), which is compared once a minute.
    """
    told = [
        span.site_id.hex, span.zone, span.start.toordinal(), span.days, [one.hex for one in span.clinicians],
        version, ground,
    ]  # fmt: skip
    return _SIGNER.sign_object(told)


def read(text: str, *, fresh: bool) -> tuple[Span, str, str]:
    """Raises NotVisible for a ticket that is not ours, or (`fresh`) older than a minute."""
    try:
        told: list[Any] = _SIGNER.unsign_object(text, max_age=TICKET_SECONDS if fresh else None)
    except signing.BadSignature:
        raise NotVisible from None
    site, zone, day, days, clinicians, version, ground = told
    span = Span(UUID(site), zone, dt.date.fromordinal(day), days, tuple(UUID(one) for one in clinicians))
    return span, version, ground
