"""Rooms declare the events they record, so that every event has words, and an unknown name is a mistake."""

from __future__ import annotations

from django.utils.functional import Promise

from medguild.foundation.events.events import EventType
from medguild.foundation.kernel.ports import Registry

event_types: Registry[EventType] = Registry("event type")


def declare_event(
    name: str, label: str | Promise, *, icon: str = "point", version: int = 1, hidden: bool = False
) -> str:
    """Declare an event type and return its name; `hidden` keeps it off timelines."""
    event_types.register(name, EventType(name, label, icon, version, hidden))
    return name
