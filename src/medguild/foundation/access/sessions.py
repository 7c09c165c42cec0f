"""When a session is over, and what a request without one, or without its second factor, is told."""

from __future__ import annotations

import datetime as dt
from urllib.parse import quote, urlsplit

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from medguild.foundation.access.models import User
from medguild.foundation.access.rules import (
    IDLE_LIMIT,
    LONGEST_SESSION,
    TOUCH_EVERY,
    needs_second_factor,
    session_over,
)
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now

_BEGAN, _SEEN = "began", "seen"


def is_over(request: HttpRequest, *, keeps_alive: bool) -> bool:
    """Whether the session was idle for too long or is too old; else it is touched, unless a poll asks."""
    moment = now()
    began, seen = _instant(request, _BEGAN), _instant(request, _SEEN)
    if began is None or seen is None:
        request.session[_BEGAN] = request.session[_SEEN] = moment.isoformat()
        return False
    if session_over(began, seen, moment):
        return True
    if keeps_alive and moment - seen > TOUCH_EVERY:
        request.session[_SEEN] = moment.isoformat()
    return False


def seconds_left(request: HttpRequest) -> int:
    """How long the session lasts if nothing more is done in it."""
    moment = now()
    began, seen = _instant(request, _BEGAN) or moment, _instant(request, _SEEN) or moment
    return max(int((min(seen + IDLE_LIMIT, began + LONGEST_SESSION) - moment).total_seconds()), 0)


def stay(request: HttpRequest) -> None:
    """Somebody is there: idleness begins anew. The longest session stays as it is."""
    request.session[_SEEN] = now().isoformat()


def _instant(request: HttpRequest, key: str) -> dt.datetime | None:
    text = request.session.get(key)
    return dt.datetime.fromisoformat(text) if text else None


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, and back afterwards; a part of a page sends the whole page there."""
    if request.headers.get("HX-Request"):
        return _lead_page(f"{settings.LOGIN_URL}?next={quote(_current_path(request))}", status=401)
    return redirect_to_login(request.get_full_path() if request.method == "GET" else _page_before(request))


def ask_for_second_factor(request: HttpRequest) -> HttpResponse:
    """To the page where an authenticator app is set up."""
    page = reverse("mfa_activate_totp")
    return _lead_page(page, status=403) if request.headers.get("HX-Request") else redirect(page)


def owes_second_factor(user: User, actor: Actor) -> bool:
    """Whether a role asks for more than a password and the user has set up nothing yet. Recovery codes do not count."""
    if not settings.FORCE_SECOND_FACTOR or not needs_second_factor(actor.roles):
        return False
    factors = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return not Authenticator.objects.filter(user=user, type__in=factors).exists()


def _lead_page(page: str, *, status: int) -> HttpResponse:
    response = HttpResponse(status=status)
    response["HX-Redirect"] = page
    return response


def _current_path(request: HttpRequest) -> str:
    """Path of the page that holds the part; never another site."""
    return _own_path(request.headers.get("HX-Current-URL", ""))


def _page_before(request: HttpRequest) -> str:
    """The page of ours from which a form was sent; a POST address itself could not be opened."""
    before = request.headers.get("Referer", "")
    return _own_path(before) if urlsplit(before).netloc == request.get_host() else "/"


def _own_path(address: str) -> str:
    parts = urlsplit(address)
    path = parts.path if parts.path.startswith("/") and not parts.path.startswith("//") else "/"
    return f"{path}?{parts.query}" if parts.query else path
