"""What days with several visits refuse."""

from __future__ import annotations

from medguild.foundation.kernel.errors import Conflict, Refusal


class NotThatDay(Conflict):
    """One of the visits can no longer be booked; nothing was."""

    code = "not_that_day"


class BadCampus(Refusal):
    """A campus, a place on it or a walk that cannot be."""

    code = "bad_campus"
