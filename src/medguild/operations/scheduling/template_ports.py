"""Rooms above may refuse a session that a person writes: limits of the group that look at a clinician's whole week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from medguild.foundation.kernel.ports import Registry
from medguild.operations.scheduling.models import Session

# Called with the session and its first day, in the transaction that has written it; raises a Refusal.
SessionCheck = Callable[[Session, dt.date], None]
session_checks: Registry[SessionCheck] = Registry("session check")
