"""What everybody may change about their own login."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from medguild.foundation.access import directory, users
from medguild.foundation.access.forms import LanguageForm
from medguild.foundation.access.guard import SIGNED_IN, guarded
from medguild.foundation.access.models import Grant
from medguild.foundation.access.permissions import rights_of
from medguild.foundation.access.rules import Role
from medguild.foundation.access.views.common import today, user_of
from medguild.foundation.access.words import role_words
from medguild.foundation.kernel.clock import now
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast


@guarded(SIGNED_IN)
def own_access(request: HttpRequest) -> HttpResponse:
    """My roles and rights, my emergency accesses, my language."""
    user = user_of(request)
    form = LanguageForm(request.POST or None, initial={"language": user.language})
    if form.is_valid():
        with refusals(form):
            users.speak(user=user, language=form.cleaned_data["language"])
            toast(request, "✓")
    grants = Grant.objects.filter(user=user, period__contains=today()).select_related("unit").order_by("role")
    context = {
        "form": form,
        "grants": [(role_words(grant.role), grant, sorted(rights_of(Role(grant.role)))) for grant in grants],
        "opened": directory.open_now(user.pk, at=now()),
    }
    return render(request, "access/own.html", context, status=form_status(form))
