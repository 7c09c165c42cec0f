"""Where a user is signed in, and signing out there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext_lazy

from medguild.foundation.access.models import User
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible

SESSION_ENDED = declare_event("access.session_ended", gettext_lazy("Signed out elsewhere"), icon="logout", hidden=True)


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A browser in which the user is signed in; `here` is the one that asks."""

    number: int
    began: datetime
    address: str
    browser: str
    here: bool


def own_sessions(user: User, current_key: str | None) -> Sequence[OwnSession]:
    """Sessions that are still open, the newest first. Those that are over are forgotten."""
    rows = UserSession.objects.purge_and_list(user)
    found = [OwnSession(row.pk, row.created_at, row.ip, row.user_agent, row.session_key == current_key) for row in rows]
    return sorted(found, key=lambda one: (not one.here, -one.began.timestamp()))


@transaction.atomic
def end_session(*, user: User, number: int, by: Actor) -> None:
    """Sign out in one browser, at once. Raises NotVisible where it is not one's own."""
    row = UserSession.objects.filter(pk=number, user=user).first()
    if row is None:
        raise NotVisible
    row.end()
    record(SESSION_ENDED, subject=SubjectRef("user", user.pk, user.label()), by=by)
