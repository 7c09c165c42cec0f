"""What recalls refuse."""

from __future__ import annotations

from medguild.foundation.kernel.errors import Conflict, Refusal


class DueAlready(Refusal):
    """The patient has an open recall of this kind."""

    code = "due_already"


class RecallOver(Conflict):
    """The recall is booked or closed."""

    code = "recall_over"
