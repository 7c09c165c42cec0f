"""API tokens, and the table of rights and roles."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from medguild.foundation.access import directory, services
from medguild.foundation.access.forms import TokenForm
from medguild.foundation.access.guard import guarded
from medguild.foundation.access.permissions import AccessRight, emergency_rights, known_rights
from medguild.foundation.access.views.common import units_with
from medguild.foundation.access.words import ROLES, role_words
from medguild.foundation.kernel.clock import now
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast

MANAGE = AccessRight.MANAGE_USERS


@guarded(MANAGE)
def token_list(request: HttpRequest) -> HttpResponse:
    """Tokens with their state; the secrets are never kept."""
    moment = now()
    rows = [
        (token, role_words(token.role), _state(token.revoked_at is not None, token.expires_at <= moment))
        for token in directory.tokens(actor_of(request))[:500]
    ]
    return render(request, "access/tokens.html", {"rows": rows})


def _state(revoked: bool, expired: bool) -> tuple[str, str]:
    if revoked:
        return "neutral", _("Ended")
    return ("neutral", _("Expired")) if expired else ("ok", _("Open"))


@guarded(MANAGE)
@sensitive_variables("secret")
def new_token(request: HttpRequest) -> HttpResponse:
    """Makes a token and shows its secret, once."""
    actor = actor_of(request)
    form = TokenForm(request.POST or None, units=units_with(request, MANAGE), rights=known_rights())
    if form.is_valid():
        given = form.cleaned_data
        with refusals(form):
            token, secret = services.create_token(
                name=given["name"], role=given["role"], unit=given["unit"], scopes=given["scopes"] or None,
                lasts=form.lasts(), by=actor,
            )  # fmt: skip
            return render(request, "access/token_made.html", {"token": token, "secret": secret})
    context = {"form": form, "back": reverse("access:tokens")}
    return render(request, "access/token_new.html", context, status=form_status(form))


@guarded(MANAGE)
@require_POST
def end_token(request: HttpRequest, token_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    services.revoke_token(token=directory.token_for(actor, token_id), by=actor)
    toast(request, _("Token ended."))
    return redirect("access:tokens")


@guarded(MANAGE)
def rights(request: HttpRequest) -> HttpResponse:
    """Every right with the roles that hold it."""
    table = known_rights()
    emergency = emergency_rights()
    rows = [
        (right, right in emergency, [(words, role in holders) for role, words in ROLES.items()])
        for right, holders in table.items()
    ]
    return render(request, "access/rights.html", {"rows": rows, "roles": list(ROLES.values())})
