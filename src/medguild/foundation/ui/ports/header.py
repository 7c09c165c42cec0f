"""Who and where, as the header shows it: rooms that know units and roles say it better than the actor's label."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise

from medguild.foundation.kernel.actor import Actor

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Identity:
    """`role` and `unit` are the words under the name: "Front desk", "Maple Street"."""

    name: Text
    role: Text = ""
    unit: Text = ""
    photo_url: str = ""


Teller = Callable[[HttpRequest, Actor], Identity]


def _plain(request: HttpRequest, actor: Actor) -> Identity:
    roles = ", ".join(sorted(role.replace("_", " ").capitalize() for role in actor.roles))
    return Identity(actor.label, roles)


_tellers: list[Teller] = [_plain]


def tell_identity(teller: Teller) -> Teller:
    """Register who says it; the last registered wins."""
    _tellers.append(teller)
    return teller


def identity_of(request: HttpRequest, actor: Actor) -> Identity:
    return _tellers[-1](request, actor)
