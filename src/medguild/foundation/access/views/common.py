"""What the pages of this room share."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from medguild.foundation.access.models import User
from medguild.foundation.kernel.clock import today
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.outline import unit_options
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.parts import Crumb


def user_of(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def units_with(request: HttpRequest, right: str) -> list[Unit]:
    return unit_options(actor_of(request), right, None, on=today())


def crumbs_to(user: User | None = None) -> tuple[Crumb, ...]:
    start = (Crumb(_("Users"), reverse("access:users")),)
    return (*start, Crumb(user.label(), reverse("access:user", args=[user.pk]))) if user else start
