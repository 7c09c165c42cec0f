"""Questions about the shape of the group on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.verdict import Verdict, no, unknown, yes
from medguild.foundation.organization.models import CircleMember, Resource, Site, Unit, UnitPath, UnitRelation
from medguild.foundation.organization.people import Affiliation, BillingIdentity, Clinician, Licence
from medguild.foundation.organization.rules import FEWEST_PROFESSIONALS, MAJORITY, RelationKind, UnitKind, within_walls


def units_below(unit_ids: Iterable[UUID], *, on: dt.date) -> frozenset[UUID]:
    """The units themselves and all that stand under them on the day."""
    paths = UnitPath.objects.filter(ancestor_id__in=list(unit_ids), period__contains=on)
    return frozenset(paths.values_list("descendant_id", flat=True))


def units_within_walls(unit_ids: Iterable[UUID], *, on: dt.date) -> frozenset[UUID]:
    """As `units_below`, without offices of IPA members that stand under a unit given: what is theirs stays theirs.

    A member that is named itself is within. The wall outlasts the membership, because leaving an IPA opens nothing; it
    falls where a unit above the office owns most of it.
    """
    ids = set(unit_ids)
    joined = UnitRelation.objects.filter(kind=RelationKind.MEMBER_OF, period__startswith__lte=on)
    bought = UnitRelation.objects.filter(
        kind=RelationKind.OWNS, share__gt=MAJORITY, period__contains=on, target=OuterRef("descendant"),
        source__paths_down__descendant=F("target"), source__paths_down__period__contains=on,
    )  # fmt: skip
    paths = UnitPath.objects.filter(period__contains=on)
    walls = paths.filter(ancestor_id__in=ids, depth__gt=0, descendant_id__in=joined.values("source_id"))
    walled = list(walls.filter(~Exists(bought)).values_list("ancestor_id", "descendant_id"))
    if not walled:
        return units_below(ids, on=on)
    members = {member_id for _, member_id in walled}
    below: dict[UUID, set[UUID]] = {}
    for above, under in paths.filter(ancestor_id__in=ids | members).values_list("ancestor_id", "descendant_id"):
        below.setdefault(above, set()).add(under)
    return within_walls(ids, walled, below)


def units_above(unit_id: UUID, *, on: dt.date) -> list[UUID]:
    """The unit itself first, then its parents up to the enterprise."""
    paths = UnitPath.objects.filter(descendant_id=unit_id, period__contains=on).order_by("depth")
    return list(paths.values_list("ancestor_id", flat=True))


def entity_of(unit_id: UUID, *, on: dt.date) -> Unit | None:
    """The legal entity over (or at) a unit on a day."""
    return Unit.objects.filter(
        kind=UnitKind.ENTITY, paths_down__descendant_id=unit_id, paths_down__period__contains=on
    ).first()


def circles_of(unit_ids: Iterable[UUID], *, on: dt.date) -> frozenset[UUID]:
    """Sharing circles of the entities at, above or below the units."""
    ids = list(unit_ids)
    entities = Unit.objects.filter(kind=UnitKind.ENTITY).filter(
        Q(pk__in=ids) | Q(paths_down__descendant_id__in=ids, paths_down__period__contains=on)
    )
    members = CircleMember.objects.filter(entity__in=entities.values("pk"), period__contains=on)
    return frozenset(members.values_list("circle_id", flat=True))


def circle_of_unit(unit_id: UUID, *, on: dt.date) -> UUID | None:
    """The sharing circle into which a record made at this unit belongs."""
    entity = entity_of(unit_id, on=on)
    if entity is None:
        return None
    member = CircleMember.objects.filter(entity=entity, period__contains=on).first()
    return member.circle_id if member else None


def units_visible(actor: Actor, right: str, *, kind: UnitKind | None = None) -> QuerySet[Unit]:
    """Units on which the actor holds a right, by name."""
    scope = actor.scope(right)
    units = Unit.objects.all() if scope.everything else Unit.objects.filter(pk__in=scope.units)
    return (units.filter(kind=kind) if kind else units).order_by("name")


def sites_visible(actor: Actor, right: str) -> QuerySet[Site]:
    """Sites on which the actor holds a right."""
    scope = actor.scope(right)
    sites = Site.objects.select_related("unit").order_by("unit__name")
    return sites if scope.everything else sites.filter(unit_id__in=scope.units)


def clinicians_at(unit_ids: Iterable[UUID], *, on: dt.date) -> QuerySet[Clinician]:
    """Clinicians affiliated with any of the units on the day."""
    held = Affiliation.objects.filter(unit_id__in=list(unit_ids), period__contains=on)
    return (
        Clinician.objects.filter(person__in=held.values("person"))
        .select_related("person")
        .order_by("person__family_name", "person__given_name")
    )


def may_practise(clinician: Clinician, state: str, on: dt.date) -> Verdict:
    """Whether the clinician holds a licence of the state on the day."""
    licences = Licence.objects.filter(clinician=clinician, state=state)
    if licences.filter(period__contains=on).exists():
        return yes("licensed")
    if licences.exists():
        return no("licence_expired", _("The %(state)s licence is not valid on this day.") % {"state": state})
    return no("no_licence", _("There is no %(state)s licence on file.") % {"state": state})


def is_a_group(entity: Unit, *, on: dt.date) -> Verdict:
    """A medical group has two or more active licensed professionals."""
    units = units_below([entity.pk], on=on)
    licensed = Licence.objects.filter(period__contains=on).values("clinician_id")
    active = clinicians_at(units, on=on).filter(pk__in=licensed).distinct().count()
    if active >= FEWEST_PROFESSIONALS:
        return yes("group")
    return no(
        "too_few_professionals",
        _("Active licensed professionals: %(number)s. A medical group has two or more.") % {"number": active},
    )


def billing_identity(
    *, entity_id: UUID, site_id: UUID, payer_id: UUID | None, specialty: str, on: dt.date
) -> BillingIdentity | None:
    """Under which numbers a service is billed: the row that names most of payer, site and specialty, in that order."""
    rows = (
        BillingIdentity.objects.unscoped("a claim needs its numbers whoever prepares it")
        .filter(entity_id=entity_id, period__contains=on)
        .filter(Q(site_id=site_id) | Q(site_id__isnull=True))
        .filter(Q(payer_id=payer_id) | Q(payer_id__isnull=True))
        .filter(Q(specialty=specialty) | Q(specialty=""))
    )
    ranked = sorted(rows, key=lambda row: (row.payer_id is None, row.site_id is None, row.specialty == ""))
    return ranked[0] if ranked else None


def billing_state(*, entity_id: UUID, site_id: UUID, on: dt.date) -> Verdict:
    """Whether an entity can bill at a site on a day."""
    found = billing_identity(entity_id=entity_id, site_id=site_id, payer_id=None, specialty="", on=on)
    return yes() if found else unknown("no_billing_identity", _("No billing identity covers this site on this day."))


def resources_at(actor: Actor, unit_id: UUID, *, on: dt.date) -> QuerySet[Resource]:
    """Bookable rooms and equipment at a unit that the actor may see."""
    return Resource.objects.visible_to(actor).filter(unit_id=unit_id, period__contains=on).order_by("name")
