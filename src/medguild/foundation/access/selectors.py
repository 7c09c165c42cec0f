"""Builds actors: who the user or token is, and where each of its rights holds today."""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q, QuerySet

from medguild.foundation.access.models import ApiToken, BrokenGlass, Grant, User
from medguild.foundation.access.permissions import emergency_rights, rights_of, rights_over_walls
from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.actor import NOTHING, Actor, ActorKind, Scope
from medguild.foundation.kernel.clock import now
from medguild.foundation.organization.local_time import day_at
from medguild.foundation.organization.ports import when_tree_changes
from medguild.foundation.organization.selectors import circles_of, units_below, units_within_walls

# An actor is kept this long per process, so that a request does not ask four questions; a leaver is out in seconds.
_KEEP_SECONDS = 5.0
_DAY = dt.timedelta(days=1)
_kept: dict[tuple[str, object], tuple[float, Actor | None]] = {}


@when_tree_changes
def forget_actors() -> None:
    """This process builds its actors anew."""
    _kept.clear()


def actors_changed() -> None:
    """Called when grants change: now, for the rest of this transaction, and again when others can see the change."""
    forget_actors()
    transaction.on_commit(forget_actors)


def actor_of_user(user: User, *, cause: str = "", at: dt.datetime | None = None) -> Actor:
    """The actor of a signed-in user. Raises nothing: without grants it may do nothing."""
    kept = _recall(("user", user.pk)) if at is None else None
    actor = kept or _build_user_actor(user, at or now())
    if kept is None and at is None:
        _keep(("user", user.pk), actor)
    return actor.because(cause)


def actor_of_token(secret: str, *, cause: str = "") -> Actor | None:
    """The actor of an API token, or None when it is unknown, expired or revoked."""
    digest = hashlib.sha256(secret.encode()).digest()
    key = ("token", digest)
    actor = _recall(key)
    if actor is None:
        actor = _build_token_actor(digest)
        _keep(key, actor)
    return actor.because(cause) if actor else None


def _recall(key: tuple[str, object]) -> Actor | None:
    held = _kept.get(key)
    return held[1] if held and time.monotonic() - held[0] < _KEEP_SECONDS else None


def _keep(key: tuple[str, object], actor: Actor | None) -> None:
    if len(_kept) > 5000:
        _kept.clear()
    _kept[key] = (time.monotonic(), actor)


def _build_user_actor(user: User, moment: dt.datetime) -> Actor:
    if not user.is_active:
        return Actor(ActorKind.USER, user.pk, user.label())
    grants = grants_held(Grant.objects.filter(user=user).order_by("period", "pk"), at=moment)
    roles = frozenset(grant.role for grant in grants)
    scopes = _scopes_of([(grant.role, grant.unit_id) for grant in grants if grant.unit_id], moment)
    for grant in grants:
        if grant.patient_id:
            _lend(scopes, rights_of(Role(grant.role)), Scope(patients=frozenset({grant.patient_id})))
    opened = frozenset(
        BrokenGlass.objects.filter(user=user, ends_at__gt=moment, started_at__lte=moment).values_list(
            "patient_id", flat=True
        )
    )
    if opened:
        _lend(scopes, emergency_rights(), Scope(patients=opened))
    kind = ActorKind.PATIENT if roles and roles <= {Role.PATIENT, Role.PROXY} else ActorKind.USER
    home = next((grant.unit_id for grant in grants if grant.unit_id), None)
    return Actor(kind, user.pk, user.label(), roles=roles, scopes=scopes, home=home)


def grants_held(rows: QuerySet[Grant], *, at: dt.datetime) -> list[Grant]:
    """Those of the grants that hold at a moment; see `is_held`."""
    before, after = at.date() - _DAY, at.date() + _DAY
    return [grant for grant in rows.filter(period__overlap=DateRange(before, after + _DAY)) if is_held(grant, at=at)]


def is_held(grant: Grant, *, at: dt.datetime) -> bool:
    """Whether a grant holds at a moment: its days are those of the place it is for.

    Somewhere on earth it is the day before or after; only a grant that begins or ends about now asks where it is.
    """
    if at.date() - _DAY in grant.period and at.date() + _DAY in grant.period:
        return True
    return (day_at(grant.unit_id, at) if grant.unit_id else at.date()) in grant.period


def _build_token_actor(digest: bytes) -> Actor | None:
    moment = now()
    token = ApiToken.objects.filter(
        Q(revoked_at__isnull=True) | Q(revoked_at__gt=moment), digest=digest, expires_at__gt=moment
    ).first()
    if token is None:
        return None
    scopes = _scopes_of([(token.role, token.unit_id)], moment)
    if token.scopes is not None:
        scopes = {right: scope for right, scope in scopes.items() if right in token.scopes}
    return Actor(
        ActorKind.SERVICE, token.pk, token.name, roles=frozenset({token.role}), scopes=scopes, home=token.unit_id
    )


def _scopes_of(held: Sequence[tuple[str, UUID]], moment: dt.datetime) -> dict[str, Scope]:
    """Per right: the units below the granted ones, and the sharing circles of the entities concerned, on the day it is
    at the first of them.

    Offices of IPA members keep their charts and fees to themselves: from above, few rights reach them.
    """
    if not held:
        return {}
    day = day_at(held[0][1], moment)
    by_role: Mapping[str, set[UUID]] = defaultdict(set)
    for role, unit_id in held:
        by_role[role].add(unit_id)
    scopes: dict[str, Scope] = {}
    for role, unit_ids in by_role.items():
        held_there = rights_of(Role(role))
        within = _scope_over(units_within_walls(unit_ids, on=day), day)
        _lend(scopes, held_there, within)
        below = units_below(unit_ids, on=day)
        if below != within.units:
            _lend(scopes, held_there & rights_over_walls(), _scope_over(below, day))
    return scopes


def _scope_over(units: frozenset[UUID], day: dt.date) -> Scope:
    return Scope(units=units, circles=circles_of(units, on=day))


def _lend(scopes: dict[str, Scope], rights: Iterable[str], scope: Scope) -> None:
    for right in rights:
        scopes[right] = scopes.get(right, NOTHING) | scope
