"""Files that came to be taken in elsewhere and could not be read: they are kept here like those that were dropped."""

from __future__ import annotations

import datetime as dt
import io

from medguild.exchange.edi.permissions import EdiRight
from medguild.exchange.files.services import is_bad, keep_file
from medguild.foundation.access.demand import holds_at
from medguild.foundation.documents.services import FileRefused
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.organization.models import Unit
from medguild.revenue.remittances.ports import file_keepers
from medguild.x12 import inspect_stream


def keep_unreadable(*, content: bytes, filename: str, unit: Unit, by: Actor, at: dt.datetime) -> bool:
    """False for a file that is not bad, is too large to be kept, or whose bringer may not keep files there."""
    report = inspect_stream(io.BytesIO(content), filename)
    if not is_bad(report) or not holds_at(by, EdiRight.DECIDE, unit.pk):
        return False
    try:
        keep_file(content=content, filename=filename, report=report, unit=unit, by=by, at=at)
    except FileRefused:
        return False
    return True


file_keepers.register("quarantine", keep_unreadable)
