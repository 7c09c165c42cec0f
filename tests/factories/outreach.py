"""Messages that left the house, in tests."""

from __future__ import annotations

import json
from typing import Any

from medguild.experience.outreach.sinks import outbox

PHONE = "+15035550142"


def outgoing() -> list[dict[str, Any]]:
    """What stands in the folder, the first first."""
    return [json.loads(line) for line in outbox().read_text("utf-8").splitlines()] if outbox().exists() else []
