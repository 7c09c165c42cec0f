"""Where the organization stands in the menu, and how people and units are found."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import today
from medguild.foundation.organization import directory
from medguild.foundation.organization.people import Person
from medguild.foundation.organization.rights import OrganizationRight
from medguild.foundation.organization.rules import UnitKind
from medguild.foundation.organization.selectors import units_visible
from medguild.foundation.organization.words import UNIT_ICONS, UNIT_KINDS
from medguild.foundation.ui.ports.menu import Area, MenuEntry, register
from medguild.foundation.ui.ports.search import SearchHit
from medguild.foundation.ui.ports.search import register as register_search

READ = OrganizationRight.READ
for _entry in (
    MenuEntry(Area.SETTINGS, gettext_lazy("Organization"), "organization:tree", READ, order=10, icon="sitemap"),
    MenuEntry(Area.SETTINGS, gettext_lazy("Sharing circles"), "organization:circles", READ, order=20, icon="circles"),
    MenuEntry(
        Area.SETTINGS, gettext_lazy("Kinds and skills"), "organization:capabilities", READ, order=15, icon="tool",
        in_menu=False,
    ),
    MenuEntry(Area.PEOPLE, gettext_lazy("People"), "organization:people", READ, order=10, icon="users-group"),
    MenuEntry(
        Area.PEOPLE, gettext_lazy("Add a person"), "organization:new_person", OrganizationRight.MANAGE, order=11,
        icon="user-plus", in_menu=False,
    ),
):  # fmt: skip
    register(_entry)


def find_units(actor: Actor, query: str, limit: int) -> list[SearchHit]:
    units = units_visible(actor, READ).filter(name__icontains=query, period__contains=today())[:limit]
    return [
        SearchHit(
            unit.name, UNIT_KINDS[UnitKind(unit.kind)], reverse("organization:unit", args=[unit.pk]), _("Units"),
            UNIT_ICONS[UnitKind(unit.kind)],
        )
        for unit in units
    ]  # fmt: skip


def find_people(actor: Actor, query: str, limit: int) -> list[SearchHit]:
    rows = directory.people(actor, on=today())
    for word in query.split():
        rows = rows.filter(family_name__istartswith=word) | rows.filter(given_name__istartswith=word)
    return [_hit(person) for person in rows.order_by("family_name")[:limit]]


def _hit(person: Person) -> SearchHit:
    page = reverse("organization:person", args=[person.pk])
    return SearchHit(person.label(), getattr(person, "works_at", ""), page, _("People"), "user")


register_search("units", find_units, READ)
register_search("people", find_people, READ)
