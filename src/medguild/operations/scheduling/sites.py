"""Which site a page of the day shows: the one in the URL, the last one used, else the first."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.selectors import sites_visible
from medguild.foundation.ui.parts import Tab

_KEY = "site"


def usual_site(request: HttpRequest, actor: Actor, right: str) -> Site | None:
    """The site that the user looked at last, if it is still theirs; else the first; None without any."""
    sites = list(sites_visible(actor, right)[:50])
    last = request.session.get(_KEY, "")
    return next((site for site in sites if str(site.unit_id) == last), sites[0] if sites else None)


def remember_site(request: HttpRequest, unit_id: UUID) -> None:
    if request.session.get(_KEY) != str(unit_id):
        request.session[_KEY] = str(unit_id)


def site_tabs(actor: Actor, right: str, url_name: str, here: UUID) -> list[Tab]:
    """Tabs of the actor's sites; none where there is only one."""
    sites = list(sites_visible(actor, right)[:50])
    if len(sites) < 2:
        return []
    return [Tab(site.unit.label(), reverse(url_name, args=[site.unit_id]), site.unit_id == here) for site in sites]
