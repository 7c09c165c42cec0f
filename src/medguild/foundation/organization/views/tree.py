"""The tree of the enterprise as of a day, and the page of one unit."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.guard import guarded
from medguild.foundation.organization import directory, outline
from medguild.foundation.organization.equipping import held_by
from medguild.foundation.organization.forms import OnForm
from medguild.foundation.organization.models import LegalEntity, Site, Unit
from medguild.foundation.organization.ports import panels_of
from medguild.foundation.organization.rights import OrganizationRight
from medguild.foundation.organization.rules import ResourceKind, UnitKind, masked
from medguild.foundation.organization.selectors import clinicians_at, is_a_group
from medguild.foundation.organization.views.common import holds_at
from medguild.foundation.organization.words import (
    CLINICIAN_KINDS,
    ENTITY_KINDS,
    RELATION_KINDS,
    RESOURCE_KINDS,
    UNIT_ICONS,
    UNIT_KINDS,
    specialty_words,
)
from medguild.foundation.ui.attributes import actor_of

_INDENTS = ("", "ms-4", "ms-5", "ms-5 ps-4", "ms-5 ps-5")


@guarded(OrganizationRight.READ)
def tree(request: HttpRequest) -> HttpResponse:
    """Units on a chosen day with their kind, tax id and relations."""
    form = OnForm(request.GET or None)
    on = form.day(today())
    lines = [
        {
            "node": node,
            "indent": _INDENTS[min(node.depth, len(_INDENTS) - 1)],
            "kind": UNIT_KINDS[UnitKind(node.unit.kind)],
            "icon": UNIT_ICONS[UnitKind(node.unit.kind)],
            "ein": masked(node.entity.ein) if node.entity else "",
            "entity_kind": ENTITY_KINDS.get(node.entity.kind, "") if node.entity else "",  # type: ignore[call-overload]
            "relations": [(RELATION_KINDS[relation.kind], relation) for relation in node.relations],  # type: ignore[index]
        }
        for node in outline.outline(actor_of(request), on=on)
    ]
    return render(request, "organization/tree.html", {"lines": lines, "on": on, "form": form, "today": today()})


@guarded(OrganizationRight.READ)
def unit(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """An entity shows its legal and billing data, a site its rooms and closed days, every unit what is below it."""
    actor, on = actor_of(request), today()
    shown = directory.unit_for(actor, unit_id)
    context = {
        "unit": shown,
        "kind": UNIT_KINDS[UnitKind(shown.kind)],
        "parent": directory.parent_of(shown, on=on),
        "placements": directory.placements_of(shown),
        "children": [(UNIT_KINDS[UnitKind(child.kind)], child) for child in directory.children_of(shown, on=on)],
        "relations": [(RELATION_KINDS[one.kind], one) for one in directory.relations_of(shown)],  # type: ignore[index]
        "may_manage": holds_at(actor, OrganizationRight.MANAGE, shown),
        "may_bill": holds_at(actor, OrganizationRight.BILLING, shown),
        "child_kind": _child_kind(shown),
        "panels": panels_of(actor, shown),
        "today": on,
    }
    if shown.kind == UnitKind.ENTITY:
        return render(request, "organization/entity.html", context | _entity(request, shown))
    if shown.kind == UnitKind.SITE:
        return render(request, "organization/site.html", context | _site(request, shown))
    return render(request, "organization/unit.html", context)


def _child_kind(shown: Unit) -> object:
    kinds = list(UnitKind)
    place = kinds.index(UnitKind(shown.kind)) + 1
    return UNIT_KINDS[kinds[place]] if place < len(kinds) else None


def _entity(request: HttpRequest, shown: Unit) -> dict[str, object]:
    actor, on = actor_of(request), today()
    legal = LegalEntity.objects.filter(unit=shown).first()
    bills = holds_at(actor, OrganizationRight.BILLING, shown)
    return {
        "legal": legal,
        "legal_kind": ENTITY_KINDS.get(legal.kind, "") if legal else "",  # type: ignore[call-overload]
        "ein": "" if legal is None else (f"{legal.ein[:2]}-{legal.ein[2:]}" if bills else masked(legal.ein)),
        "verdict": is_a_group(shown, on=on),
        "clinicians": [
            (CLINICIAN_KINDS.get(one.kind, ""), specialty_words(one.specialty), one)  # type: ignore[call-overload]
            for one in directory.clinicians_of(shown, on=on)
        ],
        "circle": directory.circle_of(shown, on=on),
        "identities": list(directory.identities_of(actor, shown)) if bills else [],
        "conversions": [
            (conversion, specialty_words(conversion.specialty))
            for conversion in (directory.still_to_convert(shown, on=on) if bills else [])
        ],
    }


def _site(request: HttpRequest, shown: Unit) -> dict[str, object]:
    actor, on = actor_of(request), today()
    site = Site.objects.filter(unit=shown).first()
    manages = holds_at(actor, OrganizationRight.MANAGE, shown)
    things = directory.things_at(actor, shown, on=on)
    used = held_by([thing.pk for thing, _shares in things], on=on)
    return {
        "site": site,
        "specialty": specialty_words(site.specialty) if site and site.specialty else "",
        "things": [
            (
                RESOURCE_KINDS[ResourceKind(one.kind)],
                one,
                [(part, part.share / 100) for part in shares],
                used.get(one.pk, []),
            )
            for one, shares in things
        ],
        "closures": directory.closures_of(shown, since=on),
        "thing_url": reverse("organization:new_thing", args=[shown.pk]) if manages else "",
        "clinicians": [
            (CLINICIAN_KINDS.get(one.kind, ""), specialty_words(one.specialty), one)  # type: ignore[call-overload]
            for one in clinicians_at([shown.pk], on=on)
        ],
    }
