"""What the room refuses, in words that say what to do."""

from __future__ import annotations

from medguild.foundation.kernel.errors import Conflict, Refusal


class WrongState(Conflict):
    """The version's state does not allow this step."""

    code = "wrong_state"


class PreviewStale(Conflict):
    """Visits or sessions have changed since the preview was made."""

    code = "preview_stale"


class BadBlock(Refusal):
    """A block of the draft makes no sense, or two of them meet."""

    code = "bad_block"


class MoveRefused(Conflict):
    """The choice for a visit that must move cannot be taken."""

    code = "move_refused"
