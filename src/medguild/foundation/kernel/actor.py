"""Who acts, and what they may see. Both types are built by `access`; every service and selector takes them."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from uuid import UUID


class ActorKind(enum.StrEnum):
    USER = "user"
    PATIENT = "patient"
    LINK = "link"
    SERVICE = "service"
    JOB = "job"


@dataclass(frozen=True, slots=True)
class Scope:
    """What an actor may see with one right: organisation units (with all below), sharing circles, single records."""

    everything: bool = False
    units: frozenset[UUID] = frozenset()
    circles: frozenset[UUID] = frozenset()
    patients: frozenset[UUID] = frozenset()

    def __or__(self, other: Scope) -> Scope:
        return Scope(
            self.everything or other.everything,
            self.units | other.units,
            self.circles | other.circles,
            self.patients | other.patients,
        )

    @property
    def empty(self) -> bool:
        return not (self.everything or self.units or self.circles or self.patients)


NOTHING = Scope()
EVERYTHING = Scope(everything=True)
_NO_SCOPES: Mapping[str, Scope] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Actor:
    """One who acts. `cause` names the request, job or event that led to the act; `scopes` holds a Scope per right.

    `home` is the unit where the actor works: the log is searched by it where an event names no unit.
    """

    kind: ActorKind
    id: UUID | None
    label: str
    cause: str = ""
    roles: frozenset[str] = frozenset()
    scopes: Mapping[str, Scope] = field(default_factory=lambda: _NO_SCOPES, compare=False)
    sees_all: bool = False
    home: UUID | None = None

    def may(self, right: str) -> bool:
        """Whether the right is held anywhere."""
        return not self.scope(right).empty

    def scope(self, right: str) -> Scope:
        """Where the right is held."""
        if self.sees_all:
            return EVERYTHING
        return self.scopes.get(right, NOTHING)

    def because(self, cause: str) -> Actor:
        return replace(self, cause=cause)

    def trusted(self) -> Actor:
        """The same one for an act on a row that the caller has found to be theirs: it stands in their own name, and
        nothing more is asked. For patients, who hold no rights of the staff."""
        return replace(self, sees_all=True)

    @staticmethod
    def job(name: str, cause: str = "") -> Actor:
        """A background job of the house itself: it acts for everybody and sees everything."""
        return Actor(ActorKind.JOB, None, name, cause, sees_all=True)
