"""How a person wants to be reached. Pure."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Sequence
from dataclasses import dataclass

DAY = 24 * 60


class Channel(enum.StrEnum):
    TEXT = "text"
    EMAIL = "email"


# Who said nothing is reached by text first, as most answer it soonest.
USUAL = (Channel.TEXT, Channel.EMAIL)


@dataclass(frozen=True, slots=True)
class Reach:
    """Channels in the order wanted (empty: no messages), and quiet minutes of the wall clock, perhaps over midnight."""

    channels: tuple[Channel, ...] = USUAL
    quiet_from: int | None = None
    quiet_to: int | None = None


def is_quiet(minute: int, quiet_from: int, quiet_to: int) -> bool:
    """Whether a wall-clock minute lies in the quiet hours `[from, to)`, which may run over midnight."""
    if quiet_from == quiet_to:
        return False
    if quiet_from < quiet_to:
        return quiet_from <= minute < quiet_to
    return minute >= quiet_from or minute < quiet_to


def choose(channels: Sequence[Channel], *, phone: str, email: str) -> tuple[Channel, str] | None:
    """The first wanted channel for which there is an address, with it."""
    addresses = {Channel.TEXT: phone, Channel.EMAIL: email}
    return next(((channel, addresses[channel]) for channel in channels if addresses[channel]), None)


def minute_of(time: dt.time) -> int:
    return time.hour * 60 + time.minute
