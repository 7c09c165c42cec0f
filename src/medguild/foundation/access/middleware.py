"""Holds every URL to its access rule, gives each request its actor, ends old sessions, records reads and refusals.

A view without a rule is refused: forgetting to say who may open a page must never open it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import DatabaseError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from medguild.foundation.access import sessions
from medguild.foundation.access.guard import NO_READS, NOTED, PUBLIC, SIGNED_IN, AccessRule
from medguild.foundation.access.limits import LINKS_OPENED, TooManyRequests, count_stranger
from medguild.foundation.access.models import User
from medguild.foundation.access.permissions import AccessRight
from medguild.foundation.access.selectors import actor_of_user
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record, record_reads
from medguild.foundation.kernel.actor import Actor, ActorKind
from medguild.foundation.kernel.errors import NotAllowed, NotVisible, Refusal
from medguild.foundation.kernel.ids import new_id

log = structlog.get_logger(__name__)
REFUSED = declare_event("access.refused", _("Access refused"), icon="lock", hidden=True)
NOBODY = Actor(ActorKind.SERVICE, None, "nobody")

# Views of libraries, which carry no rule of ours: path prefixes and what they ask.
LIBRARY_RULES: tuple[tuple[str, AccessRule], ...] = (
    ("/accounts/", AccessRule(PUBLIC)),
    ("/i18n/", AccessRule(PUBLIC)),
    ("/static/", AccessRule(PUBLIC)),
    ("/api/", AccessRule(PUBLIC)),  # every operation of the API authenticates itself; a test walks them all
)

# Whoever guesses such an address would choose somebody's password.
ONE_TIME_LINKS = "/accounts/password/reset/key/"


class AccessMiddleware:
    """See the module. Stands after session and authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.actor = NOBODY  # type: ignore[attr-defined]
        response = self.get_response(request)
        if response.status_code < 400:
            _keep_reads(request, response)
        elif response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            response.headers.setdefault("Retry-After", "60")
        elif response.status_code in (403, 404) and request.resolver_match is not None:
            note_refusal(request.actor, request)  # type: ignore[attr-defined]
            return _emergency_door(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Iterable[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        rule = rule_of(view, request.path_info)
        if rule is None:
            log.error("view without access rule", view=getattr(view, "__qualname__", "?"))
            raise PermissionDenied
        user = request.user
        if isinstance(user, User) and sessions.is_over(request, keeps_alive=rule.keeps_alive):
            logout(request)
            user = request.user
        if request.path_info.startswith(ONE_TIME_LINKS):
            try:
                count_stranger(request, "links", LINKS_OPENED)
            except TooManyRequests as refusal:  # what this method raises is shown to nobody
                return _slow_down(request, refusal)
        if not isinstance(user, User):
            return None if rule.right == PUBLIC else sessions.ask_to_sign_in(request)
        actor = actor_of_user(user, cause=f"request:{new_id()}")
        request.actor = actor  # type: ignore[attr-defined]
        request.__dict__["access_rule"] = rule
        _speak(request, user)
        if rule.right == PUBLIC:
            return None
        if sessions.owes_second_factor(user, actor):
            return sessions.ask_for_second_factor(request)
        if rule.right != SIGNED_IN and not actor.may(rule.right):
            raise PermissionDenied
        if rule.reads not in (NO_READS, NOTED) and rule.reads in kwargs:
            request.__dict__.setdefault("noted_reads", set()).add(kwargs[rule.reads])
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A refusal that no view translated: 404 for what is not visible, 403 for what is not allowed, 409 else."""
        if isinstance(exception, NotVisible | ObjectDoesNotExist):
            raise Http404("not visible") from exception
        if isinstance(exception, NotAllowed):
            raise PermissionDenied(exception.message) from exception
        if isinstance(exception, TooManyRequests):
            return _slow_down(request, exception)
        if not isinstance(exception, Refusal):
            return None
        if request.path_info.startswith("/api/"):
            return JsonResponse({"code": exception.code, "detail": exception.message}, status=409)
        return render(request, "access/refused.html", {"refusal": exception}, status=409)


def _slow_down(request: HttpRequest, refusal: TooManyRequests) -> HttpResponse:
    response = render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(refusal.seconds)
    return response


def rule_of(view: Callable[..., Any], path: str) -> AccessRule | None:
    """The rule of a view: its own, or that of the library it belongs to."""
    own = getattr(view, "access_rule", None)
    if isinstance(own, AccessRule):
        return own
    return next((rule for prefix, rule in LIBRARY_RULES if path.startswith(prefix)), None)


def note_refusal(actor: Actor, request: HttpRequest) -> None:
    """Record, once for a request, that somebody known was refused; the URL's name is kept, never its arguments."""
    if actor.id is None or request.__dict__.get("refusal_noted"):
        return
    request.__dict__["refusal_noted"] = True
    match = request.resolver_match
    try:
        with transaction.atomic():
            record(
                REFUSED,
                subject=SubjectRef("user", actor.id, actor.label),
                by=actor,
                data={"url": match.view_name if match else "", "method": request.method or ""},
            )
    except DatabaseError as error:
        log.error("refusal not recorded", error=type(error).__name__)


def _emergency_door(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """A patient's page that is not found also says how to open it in an emergency, whether there is one or not."""
    rule, match = request.__dict__.get("access_rule"), request.resolver_match
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if response.status_code != 404 or rule is None or match is None or not actor.may(AccessRight.BREAK_GLASS):
        return response
    patient_id = match.kwargs.get(rule.reads)
    if not isinstance(patient_id, UUID) or request.headers.get("HX-Request") or request.method != "GET":
        return response
    return render(request, "access/not_visible.html", {"patient_id": patient_id}, status=404)


def _keep_reads(request: HttpRequest, response: HttpResponseBase) -> None:
    """Write the reads now; for an answer that is still being made, when its last part has gone out."""
    if isinstance(response, StreamingHttpResponse) and not response.is_async:
        response.streaming_content = _then_write_reads(request, iter(response))
        return
    _write_reads(request)


def _then_write_reads(request: HttpRequest, parts: Iterator[bytes]) -> Iterator[bytes]:
    try:
        yield from parts
    finally:
        _write_reads(request)


def _write_reads(request: HttpRequest) -> None:
    """An error here must not take the page away from the one who treats the patient; it is logged instead."""
    noted: set[UUID] = request.__dict__.get("noted_reads", set())
    if not noted:
        return
    match = request.resolver_match
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        record_reads(by=actor, what=match.view_name if match else "", patient_ids=noted)
    except DatabaseError as error:
        log.error("reads not recorded", error=type(error).__name__, patients=len(noted))


def _speak(request: HttpRequest, user: User) -> None:
    """The user's own language, unless another was chosen for this browser."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES and user.language != translation.get_language():
        translation.activate(user.language)
        request.LANGUAGE_CODE = translation.get_language()
