"""Logins and their grants."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from medguild.foundation.access import directory, services, users
from medguild.foundation.access.forms import EndGrantForm, GrantForm, InviteForm, LinkForm
from medguild.foundation.access.guard import guarded
from medguild.foundation.access.models import User
from medguild.foundation.access.permissions import AccessRight, rights_of
from medguild.foundation.access.rules import Role
from medguild.foundation.access.selectors import is_held
from medguild.foundation.access.views.common import crumbs_to, units_with
from medguild.foundation.access.words import role_words
from medguild.foundation.kernel.clock import now, today
from medguild.foundation.organization.directory import people as people_of
from medguild.foundation.organization.people import Person
from medguild.foundation.ui import tables
from medguild.foundation.ui.answers import answer_form
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.toasts import toast

MANAGE = AccessRight.MANAGE_USERS


class UserFilters(tables.FilterSet):
    q = tables.SearchFilter(
        fields=["display_name__icontains", "email__icontains"], label=gettext_lazy("Name or e-mail")
    )
    open = tables.ChoiceFilter(
        choices=[("True", gettext_lazy("Open")), ("False", gettext_lazy("Closed"))],
        field_name="is_active",
        label=gettext_lazy("Login"),
    )


class UserTable(tables.Table):
    name = tables.Column(
        gettext_lazy("Name"), accessor="label", order_by=("display_name", "email"),
        linkify=lambda record: reverse("access:user", args=[record.pk]),
    )  # fmt: skip
    email = tables.Column(gettext_lazy("E-mail"))
    person = tables.Column(gettext_lazy("Person"), accessor="person__label", orderable=False, default="")
    last_login = tables.DateTimeColumn(gettext_lazy("Last signed in"), zone="UTC")
    is_active = tables.StatusColumn(gettext_lazy("Login"), tones={"True": "ok", "False": "neutral"})

    class Meta:
        order_by = ("name",)

    key = "users"
    caption = gettext_lazy("Users")
    filters = UserFilters
    empty = tables.Empty(
        gettext_lazy("No users yet"), gettext_lazy("Invite those who work at your units."), href_name="access:invite",
        action=gettext_lazy("Invite somebody"),
    )  # fmt: skip

    def render_is_active(self, value: bool) -> Any:
        return _("Open") if value else _("Closed")


@guarded(MANAGE)
def user_list(request: HttpRequest) -> HttpResponseBase:
    return tables.table_response(request, UserTable, directory.users(actor_of(request)), "access/users.html")


@guarded(MANAGE)
def user(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """A login: its person, its grants with the rights that they carry."""
    actor = actor_of(request)
    shown = directory.user_for(actor, user_id)
    grants = directory.grants_of(actor, shown)
    context = {
        "shown": shown,
        "grants": [(role_words(grant.role), grant) for grant in grants],
        "roles": [
            (role_words(role), sorted(rights_of(Role(role))))
            for role in sorted({grant.role for grant in grants if is_held(grant, at=now())})
        ],
        "today": today(),
        "own": shown.pk == actor.id,
    }
    return render(request, "access/user.html", context)


def _people(request: HttpRequest) -> list[Person]:
    rows = people_of(actor_of(request), on=today())
    return list(rows.filter(user__isnull=True).order_by("family_name", "given_name")[:500])


@guarded(MANAGE)
def invite(request: HttpRequest) -> HttpResponse:
    """A login with a first role; its password link is shown next, because there may be no mail server."""
    actor = actor_of(request)
    form = InviteForm(request.POST or None, units=units_with(request, MANAGE), people=_people(request))
    return answer_form(
        request, form, lambda **given: users.invite(by=actor, **given), title=_("Invite somebody"),
        done=_("Login made. Open it to get the link where its owner chooses a password."), submit=_("Make the login"),
        back=reverse("access:users"), crumbs=crumbs_to(),
    )  # fmt: skip


@guarded(MANAGE)
def give(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """A role at a unit for a period."""
    actor = actor_of(request)
    shown = directory.user_for(actor, user_id)
    form = GrantForm(request.POST or None, units=units_with(request, MANAGE), initial={"start": today()})
    return answer_form(
        request, form, lambda **given: services.grant_role(user=shown, by=actor, **given),
        title=_("Give a role"), done=_("Given."), back=reverse("access:user", args=[shown.pk]), crumbs=crumbs_to(shown),
    )  # fmt: skip


@guarded(MANAGE)
def end(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """The role is gone from a day on."""
    actor = actor_of(request)
    grant = directory.grant_for(actor, grant_id)
    form = EndGrantForm(request.POST or None, initial={"on": today()})
    return answer_form(
        request, form, lambda on: services.end_grant(grant=grant, on=on, by=actor),
        title=_("End the role %(role)s") % {"role": role_words(grant.role)}, done=_("Ended."), submit=_("End it"),
        kind="danger", back=reverse("access:user", args=[grant.user_id]), crumbs=crumbs_to(grant.user),
    )  # fmt: skip


@guarded(MANAGE)
def link(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Which person a login belongs to."""
    actor = actor_of(request)
    shown = directory.user_for(actor, user_id)
    people = _people(request) + ([shown.person] if shown.person else [])
    form = LinkForm(request.POST or None, people=people, initial={"person": str(shown.person_id or "")})
    return answer_form(
        request, form, lambda person: users.link_person(user=shown, person=person, by=actor),
        title=_("Person behind the login"), done=_("Linked."), back=reverse("access:user", args=[shown.pk]),
        crumbs=crumbs_to(shown),
    )  # fmt: skip


@guarded(MANAGE)
@require_POST
def password_link(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """The link is shown once; it works once."""
    actor = actor_of(request)
    shown = directory.user_for(actor, user_id)
    url = request.build_absolute_uri(users.password_link(user=shown, by=actor))
    return render(request, "access/password_link.html", {"shown": shown, "url": url})


@guarded(MANAGE)
@require_POST
def close(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """The login is closed and its sessions end."""
    return _act(request, user_id, close=True)


@guarded(MANAGE)
@require_POST
def reopen(request: HttpRequest, user_id: UUID) -> HttpResponse:
    return _act(request, user_id, close=False)


def _act(request: HttpRequest, user_id: UUID, *, close: bool) -> HttpResponse:
    actor = actor_of(request)
    shown: User = directory.user_for(actor, user_id)
    if close:
        users.close_login(user=shown, by=actor)
    else:
        users.reopen_login(user=shown, by=actor)
    toast(request, _("Login closed.") if close else _("Login open again."))
    return redirect("access:user", shown.pk)
