"""The access rule of a URL, under the name that rooms above use."""

from __future__ import annotations

from medguild.foundation.kernel.guard import (
    NO_READS,
    NOTED,
    PUBLIC,
    SIGNED_IN,
    AccessRule,
    guarded,
    note_reads,
)

__all__ = ["NOTED", "NO_READS", "PUBLIC", "SIGNED_IN", "AccessRule", "guarded", "note_reads"]
