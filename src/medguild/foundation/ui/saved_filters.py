"""Filters that people save under a name, and find again above the list. They are theirs alone."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.db import transaction
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.ui.models import SavedFilter

LONGEST_NAME = 60
MOST = 30
_LONGEST_QUERY = 2_000


def saved_for(actor: Actor, path: str) -> list[SavedFilter]:
    """The actor's own filters of a page, by name."""
    if actor.id is None:
        return []
    return list(SavedFilter.objects.filter(owner_id=actor.id, path=path).order_by("name"))


@transaction.atomic
def save_filter(*, path: str, query: str, name: str, by: Actor) -> SavedFilter:
    """Keep a page's query under a name; the same name again replaces it. Page numbers are left out."""
    if by.id is None:
        raise NotVisible
    refuse_foreign_path(path)
    name = " ".join(name.split())[:LONGEST_NAME]
    if not name:
        raise Refusal(_("Give the filter a name."), field="name")
    kept = _kept_part(query)
    if not kept:
        raise Refusal(_("Filter or sort the list first, then save it."), code="nothing_filtered")
    rows = SavedFilter.objects.filter(owner_id=by.id, path=path)
    if rows.exclude(name=name).count() >= MOST:
        raise Refusal(_("You have saved many filters here. Delete one first."), code="too_many")
    made, _new = SavedFilter.objects.update_or_create(
        owner_id=by.id, path=path, name=name, defaults={"query": kept, "saved_at": now()}
    )
    return made


@transaction.atomic
def forget_filter(*, filter_id: UUID, by: Actor) -> SavedFilter:
    """Delete one's own filter. Raises NotVisible."""
    found = SavedFilter.objects.filter(pk=filter_id, owner_id=by.id).first() if by.id else None
    if found is None:
        raise NotVisible
    SavedFilter.objects.filter(pk=found.pk).delete()
    return found


def refuse_foreign_path(path: str) -> None:
    """Only pages of this house, so that a saved filter never leads elsewhere."""
    try:
        resolve(path)
    except Resolver404:
        raise NotVisible from None
    if path.startswith("//"):
        raise NotVisible


def _kept_part(query: str) -> str:
    pairs = parse_qsl(query[:_LONGEST_QUERY].removeprefix("?"))
    return urlencode([(key, value) for key, value in pairs if key.rsplit("-", 1)[-1] not in ("page", "_export")])
