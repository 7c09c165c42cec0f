"""Signing in and out is recorded, as are attempts that fail."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy

from medguild.foundation.access.models import User
from medguild.foundation.access.selectors import actor_of_user
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor, ActorKind

SIGNED_IN = declare_event("access.signed_in", gettext_lazy("Signed in"), icon="login", hidden=True)
SIGNED_OUT = declare_event("access.signed_out", gettext_lazy("Signed out"), icon="logout", hidden=True)
FAILED = declare_event("access.sign_in_failed", gettext_lazy("Sign-in failed"), icon="lock", hidden=True)
_SOMEBODY = Actor(ActorKind.SERVICE, None, "sign-in page")


@transaction.atomic
def signed_in(user: User) -> None:
    record(SIGNED_IN, subject=SubjectRef("user", user.pk, user.label()), by=actor_of_user(user))


@transaction.atomic
def signed_out(user: User) -> None:
    record(SIGNED_OUT, subject=SubjectRef("user", user.pk, user.label()), by=actor_of_user(user))


@transaction.atomic
def sign_in_failed(email: str) -> None:
    """A known login is named; an unknown address is not kept, because people type passwords into the wrong field."""
    user = User.objects.filter(email__iexact=email.strip()).first() if email else None
    subject = SubjectRef("user", user.pk, user.label()) if user else SubjectRef("user", None)
    home = actor_of_user(user).home if user else None
    record(FAILED, subject=subject, by=_SOMEBODY, unit_id=home)
