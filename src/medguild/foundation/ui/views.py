"""Palette, search page and gallery."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.kernel.guard import NOTED, SIGNED_IN, guarded, note_reads
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.context import MenuLine, menu_lines
from medguild.foundation.ui.ports.search import SearchHit, search
from medguild.foundation.ui.rules import matches
from medguild.foundation.ui.saved_filters import forget_filter, refuse_foreign_path, save_filter
from medguild.foundation.ui.seeking import address_of
from medguild.foundation.ui.toasts import toast

LEAST_QUERY = 2
MENU_LIMIT = 8


@guarded(SIGNED_IN)
@require_POST
def keep_filter(request: HttpRequest) -> HttpResponse:
    """Keeps the filters of a list under a name, and goes back to the list."""
    given = request.POST
    path, query = given.get("path", ""), given.get("query", "")
    try:
        saved = save_filter(path=path, query=query, name=given.get("name", ""), by=actor_of(request))
    except NotVisible:
        raise  # the path is none of ours: nothing may lead there
    except Refusal as refusal:
        toast(request, refusal.message, "bad")
        return redirect(f"{path}?{query}")
    toast(request, _("Filter saved."))
    return redirect(f"{saved.path}?{saved.query}")


@guarded(SIGNED_IN)
@require_POST
def seek(request: HttpRequest) -> HttpResponse:
    """The posted filters of a list about patients: back to the list, with what is sought kept out of its address."""
    given = request.POST.copy()
    path, fields = given.get("_path", ""), given.getlist("_sought")
    refuse_foreign_path(path)
    for name in ("_path", "_sought", "csrfmiddlewaretoken"):
        given.pop(name, None)
    return redirect(address_of(request, path, given, fields))


@guarded(SIGNED_IN)
@require_POST
def drop_filter(request: HttpRequest, filter_id: UUID) -> HttpResponse:
    """Deletes one of one's own filters."""
    gone = forget_filter(filter_id=filter_id, by=actor_of(request))
    toast(request, _("Filter deleted."))
    return redirect(gone.path)


def _as_options(lines: Iterable[MenuLine]) -> list[dict[str, Any]]:
    return [
        {"label": line.label, "detail": line.area.label, "url": line.url, "icon": line.icon, "shortcut": line.shortcut}
        for line in lines
    ]


def _groups(hits: list[SearchHit]) -> list[dict[str, Any]]:
    ordered = sorted(hits, key=lambda hit: str(hit.kind))
    return [{"title": kind, "options": list(found)} for kind, found in groupby(ordered, key=lambda hit: str(hit.kind))]


@guarded(SIGNED_IN, reads=NOTED)
def palette(request: HttpRequest) -> HttpResponse:
    """Pages and records that match `q`: a fragment for the palette, a page of its own without script.

    What is sought comes in the body and never in the address: it may be a patient's name.
    """
    query = request.POST.get("q", "").strip()
    actor = actor_of(request)
    lines = [line for line in menu_lines(actor) if matches(query, str(line.label), str(line.keywords))]
    hits = search(actor, query) if len(query) >= LEAST_QUERY else []
    note_reads(request, [hit.patient_id for hit in hits if hit.patient_id is not None])
    groups = _groups(hits)
    if lines:
        groups.append({"title": _("Go to"), "options": _as_options(lines if not query else lines[:MENU_LIMIT])})
    template = "ui/_palette_results.html" if request.headers.get("HX-Request") else "ui/search.html"
    return render(request, template, {"groups": groups, "query": query})
