"""Search: rooms register providers; the palette asks each one that the actor may use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.ports import Registry

Text = str | Promise


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One result. `kind` heads its group ("Patients"); a hit that shows patient data names its `patient_id`."""

    label: Text
    detail: Text
    url: str
    kind: Text
    icon: str = "search"
    patient_id: UUID | None = None


SearchFunction = Callable[[Actor, str, int], list[SearchHit]]


@dataclass(frozen=True, slots=True)
class SearchProvider:
    find: SearchFunction
    permission: str | None = None


_providers: Registry[SearchProvider] = Registry("search provider")


def register(key: str, find: SearchFunction, permission: str | None = None) -> SearchProvider:
    return _providers.register(key, SearchProvider(find, permission))


def search(actor: Actor, query: str, limit: int = 6) -> list[SearchHit]:
    """Hits of every provider that the actor may use, at most `limit` from each."""
    hits: list[SearchHit] = []
    for provider in _providers.all():
        if provider.permission is None or actor.may(provider.permission):
            hits += provider.find(actor, query, limit)[:limit]
    return hits
