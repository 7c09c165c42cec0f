"""What becomes of a file that was not taken in."""

from __future__ import annotations

import enum


class FileState(enum.StrEnum):
    """SOUND: it was bad when it came, and reads well today."""

    WAITING = "waiting"
    SOUND = "sound"
    IMPORTED = "imported"
    DISCARDED = "discarded"


OPEN = (FileState.WAITING, FileState.SOUND)
DECIDED = (FileState.IMPORTED, FileState.DISCARDED)
IMPORTABLE = "835"
