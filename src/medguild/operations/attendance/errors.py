"""What attendance refuses, in words that say what to do."""

from __future__ import annotations

from medguild.foundation.kernel.errors import Refusal


class LibraryMissing(Refusal):
    """The extra `analytics` is not installed where training was asked for."""

    code = "analytics_missing"


class TooFewVisits(Refusal):
    """There is not enough history to learn anything from and to test it on."""

    code = "too_few_visits"
