"""Pages of credentials: what runs out, one clinician, compacts, kinds of privilege."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from medguild.foundation.access.guard import guarded
from medguild.foundation.kernel.clock import today
from medguild.foundation.organization.directory import licences_of
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.people.credentialing import selectors, services, showing
from medguild.people.credentialing.forms import TypeForm
from medguild.people.credentialing.permissions import CredentialingRight
from medguild.people.credentialing.ports import address_of, visits_affected
from medguild.people.credentialing.rules import WARNINGS

_AHEAD = dt.timedelta(days=WARNINGS[0])


@guarded(CredentialingRight.READ)
def credential_list(request: HttpRequest) -> HttpResponse:
    """What runs out in the next 120 days, and every clinician with what they hold."""
    actor, day = actor_of(request), today()
    people = selectors.clinicians_kept(actor, on=day)
    rows = selectors.expiring(people, until=day + _AHEAD)
    context = {
        "rows": [showing.ending(row, day) for row in rows],
        "clinicians": list(people),
        "keeps": actor.may(CredentialingRight.MANAGE),
    }
    return render(request, "credentialing/list.html", context)


@guarded(CredentialingRight.READ)
def clinician(request: HttpRequest, clinician_id: UUID) -> HttpResponse:
    """On what the practice of one clinician rests."""
    actor, day = actor_of(request), today()
    shown = selectors.clinician(actor, clinician_id, on=day)
    context = {
        "clinician": shown,
        "licences": licences_of(shown),
        "compacts": shown.compact_privileges.select_related("compact").order_by("compact__name", "-period"),
        "registrations": shown.telehealth_registrations.order_by("state", "-period"),
        "privileges": [showing.privilege(row) for row in selectors.privileges_of(shown)],
        "states": selectors.states_of(shown, on=day),
        "affected": visits_affected([shown.pk]).get(shown.pk, 0),
        "affected_url": address_of(shown.pk),
        "keeps": actor.may(CredentialingRight.MANAGE),
    }
    return render(request, "credentialing/clinician.html", context)


@guarded(CredentialingRight.READ)
def compact_list(request: HttpRequest) -> HttpResponse:
    day = today()
    context = {
        "compacts": [showing.compact(row, day) for row in selectors.compacts()],
        "keeps": actor_of(request).may(CredentialingRight.MANAGE),
    }
    return render(request, "credentialing/compacts.html", context)


@guarded(CredentialingRight.READ)
def privilege_types(request: HttpRequest) -> HttpResponse:
    """The procedures that need a privilege; who keeps them adds one here."""
    actor = actor_of(request)
    keeps = actor.may(CredentialingRight.MANAGE)
    form = TypeForm(request.POST if request.method == "POST" and keeps else None)
    if form.is_valid():
        with refusals(form):
            services.add_privilege_type(by=actor, **form.cleaned_data)
            toast(request, _("Added."))
            return redirect("credentialing:privilege_types")
    context = {"types": selectors.privilege_types(), "form": form, "keeps": keeps}
    return render(request, "credentialing/privilege_types.html", context, status=form_status(form))
