"""Holds every URL to its access rule, gives each request its actor, ends idle sessions, records reads.

A view without a rule is refused: forgetting to say who may open a page must never open it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from medguild.foundation.access.guard import NO_READS, NOTED, PUBLIC, SIGNED_IN, AccessRule
from medguild.foundation.access.models import User
from medguild.foundation.access.rules import TOUCH_EVERY, idle_too_long, needs_second_factor
from medguild.foundation.access.selectors import actor_of_user
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record, record_reads
from medguild.foundation.kernel.actor import Actor, ActorKind
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.kernel.ids import new_id

log = structlog.get_logger(__name__)
REFUSED = declare_event("access.refused", "Access refused", icon="lock", hidden=True)
NOBODY = Actor(ActorKind.SERVICE, None, "nobody")

# Views of libraries, which carry no rule of ours: path prefixes and what they ask.
LIBRARY_RULES: tuple[tuple[str, AccessRule], ...] = (
    ("/accounts/", AccessRule(PUBLIC)),
    ("/i18n/", AccessRule(PUBLIC)),
    ("/static/", AccessRule(PUBLIC)),
    ("/api/", AccessRule(PUBLIC)),  # every operation of the API authenticates itself; a test walks them all
)


class AccessMiddleware:
    """See the module. Stands after session and authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = NOBODY  # type: ignore[attr-defined]
        response = self.get_response(request)
        if response.status_code < 400:
            _write_reads(request)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Iterable[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        rule = rule_of(view, request.path_info)
        if rule is None:
            log.error("view without access rule", view=getattr(view, "__qualname__", "?"))
            raise PermissionDenied
        if rule.right == PUBLIC and not isinstance(request.user, User):
            return None
        user = request.user
        if not isinstance(user, User):
            return _ask_to_sign_in(request)
        if _ended_by_idleness(request, rule):
            return _ask_to_sign_in(request)
        actor = actor_of_user(user, cause=f"request:{new_id()}")
        request.actor = actor  # type: ignore[attr-defined]
        if rule.right in (PUBLIC, SIGNED_IN):
            return None
        if _owes_second_factor(user, actor):
            return redirect(reverse("mfa_index"))
        if not actor.may(rule.right):
            note_refusal(actor, request)
            raise PermissionDenied
        if rule.reads not in (NO_READS, NOTED) and rule.reads in kwargs:
            request.__dict__.setdefault("noted_reads", set()).add(kwargs[rule.reads])
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A refusal that no view translated: 404 for what is not visible, 403 or 409 for the rest."""
        if isinstance(exception, NotVisible):
            actor: Actor = request.actor  # type: ignore[attr-defined]
            if actor.id is not None:
                note_refusal(actor, request)
            raise Http404(exception.message) from exception
        if isinstance(exception, Refusal) and request.path_info.startswith("/api/"):
            return JsonResponse({"code": exception.code, "detail": exception.message}, status=409)
        return None


def rule_of(view: Callable[..., Any], path: str) -> AccessRule | None:
    """The rule of a view: its own, or that of the library it belongs to."""
    own = getattr(view, "access_rule", None)
    if isinstance(own, AccessRule):
        return own
    return next((rule for prefix, rule in LIBRARY_RULES if path.startswith(prefix)), None)


def note_refusal(actor: Actor, request: HttpRequest) -> None:
    """Record that access was refused; the URL's name is kept, never its arguments."""
    match = request.resolver_match
    with transaction.atomic():
        record(
            REFUSED,
            subject=SubjectRef("user", actor.id, actor.label),
            by=actor,
            data={"url": match.view_name if match else "", "method": request.method or ""},
        )


def _write_reads(request: HttpRequest) -> None:
    noted: set[UUID] = request.__dict__.get("noted_reads", set())
    if noted:
        match = request.resolver_match
        actor: Actor = request.actor  # type: ignore[attr-defined]
        record_reads(by=actor, what=match.view_name if match else "", patient_ids=noted)


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=401)
        response["HX-Redirect"] = f"{settings.LOGIN_URL}?next={request.headers.get('HX-Current-URL-Path', '/')}"
        return response
    return redirect_to_login(request.get_full_path())


def _ended_by_idleness(request: HttpRequest, rule: AccessRule) -> bool:
    moment = now()
    seen = request.session.get("seen")
    last = dt.datetime.fromisoformat(seen) if seen else None
    if last is not None and idle_too_long(last, moment):
        logout(request)
        return True
    if rule.keeps_alive and (last is None or moment - last > TOUCH_EVERY):
        request.session["seen"] = moment.isoformat()
    return False


def _owes_second_factor(user: User, actor: Actor) -> bool:
    if not settings.FORCE_SECOND_FACTOR or not needs_second_factor(actor.roles):
        return False
    return not user.authenticator_set.exists()  # type: ignore[attr-defined]
