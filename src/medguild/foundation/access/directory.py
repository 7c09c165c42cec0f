"""What the pages of administrators and reviewers show, scoped to them."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from medguild.foundation.access.models import ApiToken, BrokenGlass, Grant, User
from medguild.foundation.access.permissions import AccessRight
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible

MANAGE = AccessRight.MANAGE_USERS


def _grants_at(actor: Actor, right: AccessRight) -> QuerySet[Grant]:
    """Grants of staff roles at units where the actor holds a right."""
    scope = actor.scope(right)
    grants = Grant.objects.filter(unit__isnull=False)
    return grants if scope.everything else grants.filter(unit_id__in=scope.units)


def users(actor: Actor) -> QuerySet[User]:
    """Logins that hold or held a role at a unit which the actor administers."""
    own = _grants_at(actor, MANAGE).filter(user=OuterRef("pk"))
    return User.objects.filter(Exists(own)).select_related("person").order_by("display_name", "email")


def user_for(actor: Actor, user_id: UUID) -> User:
    """One of these logins. Raises NotVisible."""
    user = users(actor).filter(pk=user_id).first()
    if user is None:
        raise NotVisible
    return user


def grants_of(actor: Actor, user: User) -> list[Grant]:
    """The grants of a login at the actor's units, newest first."""
    return list(_grants_at(actor, MANAGE).filter(user=user).select_related("unit").order_by("-period", "role"))


def grant_for(actor: Actor, grant_id: UUID) -> Grant:
    """Raises NotVisible."""
    grant = _grants_at(actor, MANAGE).filter(pk=grant_id).select_related("user", "unit").first()
    if grant is None:
        raise NotVisible
    return grant


def tokens(actor: Actor) -> QuerySet[ApiToken]:
    """API tokens at units which the actor administers, newest first."""
    scope = actor.scope(MANAGE)
    rows = ApiToken.objects.select_related("unit").order_by("-created_at")
    return rows if scope.everything else rows.filter(unit_id__in=scope.units)


def token_for(actor: Actor, token_id: UUID) -> ApiToken:
    """Raises NotVisible."""
    token = tokens(actor).filter(pk=token_id).first()
    if token is None:
        raise NotVisible
    return token


def opened_records(actor: Actor) -> QuerySet[BrokenGlass]:
    """Emergency accesses by people of units where the actor reviews; those that wait come first."""
    own = _grants_at(actor, AccessRight.REVIEW).filter(user=OuterRef("user"))
    rows = BrokenGlass.objects.filter(Exists(own)).select_related("user", "reviewed_by")
    return rows.order_by("reviewed_at", "-started_at")


def opened_for(actor: Actor, opened_id: UUID) -> BrokenGlass:
    """Raises NotVisible."""
    opened = opened_records(actor).filter(pk=opened_id).first()
    if opened is None:
        raise NotVisible
    return opened


def open_now(user_id: UUID, *, at: dt.datetime) -> list[BrokenGlass]:
    """Records that a user has open by emergency access."""
    return list(BrokenGlass.objects.filter(user_id=user_id, started_at__lte=at, ends_at__gt=at).order_by("ends_at"))


def waiting_reviews(actor: Actor) -> int:
    """Emergency accesses that wait for a reviewer such as this one."""
    return opened_records(actor).filter(reviewed_at__isnull=True).count()
