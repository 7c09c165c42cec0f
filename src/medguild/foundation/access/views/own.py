"""What everybody may change about their own login."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from medguild.foundation.access import directory, users
from medguild.foundation.access.forms import LanguageForm
from medguild.foundation.access.guard import PUBLIC, SIGNED_IN, guarded
from medguild.foundation.access.models import Grant, User
from medguild.foundation.access.own_sessions import end_session, own_sessions
from medguild.foundation.access.permissions import rights_of
from medguild.foundation.access.rules import Role
from medguild.foundation.access.selectors import grants_held
from medguild.foundation.access.sessions import seconds_left, stay
from medguild.foundation.access.views.common import user_of
from medguild.foundation.access.words import role_words
from medguild.foundation.kernel.clock import now
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.sessions import typing_key, user_tag
from medguild.foundation.ui.toasts import toast


@guarded(PUBLIC, keeps_alive=False)
@never_cache
@require_http_methods(["GET", "POST"])
def session(request: HttpRequest) -> HttpResponse:
    """How long this session lasts, for the page that warns before it ends; POST says that somebody is there.

    401 where nobody is signed in (any more); a login that still owes its second factor is told too.
    """
    if not isinstance(request.user, User):
        return JsonResponse({"code": "signed_out"}, status=401)
    if request.method == "POST":
        stay(request)
    user_id = request.user.pk
    facts = {
        "left": seconds_left(request), "who": user_tag(user_id), "key": typing_key(user_id),
        "csrf": get_token(request),
    }  # fmt: skip
    return JsonResponse(facts)


@guarded(SIGNED_IN)
@require_GET
def sessions(request: HttpRequest) -> HttpResponse:
    """Where I am signed in."""
    found = own_sessions(user_of(request), request.session.session_key)
    return render(request, "access/sessions.html", {"sessions": found})


@guarded(SIGNED_IN)
@require_POST
def end(request: HttpRequest, number: int) -> HttpResponse:
    """Signs me out in one browser; in this one as signing out does."""
    end_session(user=user_of(request), number=number, by=actor_of(request))
    toast(request, _("Signed out there."))
    return redirect("access:sessions")


@guarded(SIGNED_IN)
def own_access(request: HttpRequest) -> HttpResponse:
    """My roles and rights, my emergency accesses, my language."""
    user = user_of(request)
    form = LanguageForm(request.POST or None, initial={"language": user.language})
    if form.is_valid():
        with refusals(form):
            users.speak(user=user, language=form.cleaned_data["language"])
            toast(request, "✓")
    grants = grants_held(Grant.objects.filter(user=user).select_related("unit").order_by("role"), at=now())
    context = {
        "form": form,
        "grants": [(role_words(grant.role), grant, sorted(rights_of(Role(grant.role)))) for grant in grants],
        "opened": directory.open_now(user.pk, at=now()),
    }
    return render(request, "access/own.html", context, status=form_status(form))
