"""Who hears what. A handler runs later, at least once, in order per subject, and may be called again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from medguild.foundation.events.events import EventRecord
from medguild.foundation.kernel.ports import Registry

Handler = Callable[[EventRecord], None]


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A named handler of some event types."""

    name: str
    types: frozenset[str]
    handler: Handler


subscribers: Registry[Subscriber] = Registry("subscriber")


def subscribe(*types: str, name: str) -> Callable[[Handler], Handler]:
    """Decorator: call the function for events of these types. `name` identifies it for ever (`revenue.capture`)."""

    def register(handler: Handler) -> Handler:
        subscribers.register(name, Subscriber(name, frozenset(types), handler))
        return handler

    return register


def hearing(type: str) -> list[Subscriber]:
    return [subscriber for subscriber in subscribers if type in subscriber.types]
