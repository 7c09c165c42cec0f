"""The check that services make: does the actor hold the right at this place?"""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor, ActorKind
from medguild.foundation.kernel.errors import NotAllowed


def holds_at(actor: Actor, right: str, unit_id: UUID | None) -> bool:
    """Whether the actor holds the right on the unit; None asks for it on the whole house."""
    scope = actor.scope(right)
    return scope.everything or (unit_id is not None and unit_id in scope.units)


def demand(actor: Actor, right: str, unit_id: UUID | None) -> None:
    """Raises NotAllowed unless the actor holds the right on the unit."""
    if not holds_at(actor, right, unit_id):
        raise NotAllowed(_("You do not have the right to do this here. Ask your administrator for it."))


def login_of(actor: Actor) -> UUID | None:
    """The id of the login behind an actor, or None for jobs and programs."""
    return actor.id if actor.kind in (ActorKind.USER, ActorKind.PATIENT) else None
