"""What upper rooms plug into the taking in of remittances."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.ports import Registry
from medguild.foundation.organization.models import Unit


class FileKeeper(Protocol):
    """Keeps a file that holds nothing to take in, with the reason; `unit` received it. False when it was not kept."""

    def __call__(self, *, content: bytes, filename: str, unit: Unit, by: Actor, at: dt.datetime) -> bool: ...


file_keepers: Registry[FileKeeper] = Registry("keeper of bad files")
