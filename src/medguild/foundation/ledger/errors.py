"""Refusals of the ledger, each with a stable code."""

from __future__ import annotations

from medguild.foundation.kernel.errors import Conflict, Refusal


class NotBalanced(Refusal):
    """Debits and credits of an entity differ, or there is nothing to post."""

    code = "not_balanced"


class UnknownAccount(Refusal):
    """The entity has no account with this code, or no books at all."""

    code = "unknown_account"


class NotYet(Refusal):
    """The day lies ahead."""

    code = "not_yet"


class PostedDifferently(Conflict):
    """The source was posted before with other lines."""

    code = "posted_differently"


class CannotReverse(Conflict):
    """The entry is itself a reversal."""

    code = "cannot_reverse"


class PeriodRefused(Conflict):
    """The month cannot be closed or reopened now."""

    code = "period_refused"
