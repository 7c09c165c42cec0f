"""What receipts refuse, in words that say what to do."""

from __future__ import annotations

from medguild.foundation.kernel.errors import Conflict, Refusal


class NoDrawer(Refusal):
    """Cash needs an open drawer of the one who takes it."""

    code = "no_drawer"


class DrawerOpenAlready(Conflict):
    """The same person has an open drawer at this site."""

    code = "drawer_open_already"


class DrawerClosed(Conflict):
    """The drawer was counted and closed."""

    code = "drawer_closed"


class DifferenceNeedsReason(Refusal):
    """Counted and expected differ, and nobody said why."""

    code = "difference_needs_reason"


class NotVoidable(Conflict):
    """The receipt is void already, or its day is over."""

    code = "not_voidable"
