"""Changing the shape of the group. Every change keeps the closure of the tree in step."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.kernel.ids import normal_ein, valid_ein
from medguild.foundation.kernel.periods import Period
from medguild.foundation.organization import rules
from medguild.foundation.organization.models import (
    CircleMember,
    LegalEntity,
    Resource,
    ResourceShare,
    SharingCircle,
    Site,
    Unit,
    UnitPath,
    UnitPlacement,
    UnitRelation,
)
from medguild.foundation.organization.ports import tell_tree_changed
from medguild.foundation.organization.rules import EntityKind, RelationKind, ResourceKind, UnitKind

UNIT_OPENED = declare_event("unit.opened", gettext_lazy("Unit opened"), icon="building")
UNIT_MOVED = declare_event("unit.moved", gettext_lazy("Unit moved"), icon="arrows-move")
UNIT_RELATED = declare_event("unit.related", gettext_lazy("Relation recorded"), icon="link")
CIRCLE_CHANGED = declare_event("circle.changed", gettext_lazy("Sharing circle changed"), icon="circles")
RESOURCE_ADDED = declare_event("resource.added", gettext_lazy("Room or equipment added"), icon="door")
RESOURCE_SHARED = declare_event("resource.shared", gettext_lazy("Room or equipment shared"), icon="share")


def _range(start: dt.date, end: dt.date | None = None) -> DateRange:
    return DateRange(start, end)


def _subject(unit: Unit) -> SubjectRef:
    return SubjectRef("unit", unit.pk, unit.name)


@transaction.atomic
def open_unit(
    *,
    kind: UnitKind,
    name: str,
    by: Actor,
    parent: Unit | None = None,
    start: dt.date,
    end: dt.date | None = None,
    short_name: str = "",
) -> Unit:
    """Add a unit under a parent of the kind above it; an enterprise has none."""
    _refuse_wrong_parent(kind, parent)
    if not name.strip():
        raise Refusal(_("Give it a name."), field="name")
    if end is not None and end <= start:
        raise Refusal(_("It must close after it opens."), field="end")
    if parent is not None and not open_on(parent, start):
        raise Refusal(_("%(name)s is not open on that day.") % {"name": parent.name}, code="closed", field="start")
    unit = Unit.objects.create(kind=kind, name=name.strip(), short_name=short_name, period=_range(start, end))
    if parent is not None:
        UnitPlacement.objects.create(unit=unit, parent=parent, period=_range(start, end))
    rebuild_closure()
    record(UNIT_OPENED, subject=_subject(unit), by=by, unit_id=unit.pk, data={"kind": kind})
    return unit


def _refuse_wrong_parent(kind: UnitKind, parent: Unit | None) -> None:
    wanted = rules.PARENT_KIND.get(kind)
    if wanted is None and parent is None:
        return
    if parent is None or parent.kind != wanted:
        raise Refusal(
            _("A %(kind)s stands under a unit of kind %(wanted)s.") % {"kind": kind, "wanted": wanted or _("none")},
            code="wrong_parent",
            field="parent",
        )


@transaction.atomic
def move_unit(*, unit: Unit, to: Unit, on: dt.date, by: Actor) -> None:
    """From a day on the unit stands under another parent; what was before stays as it was, and so do later moves."""
    _refuse_wrong_parent(UnitKind(unit.kind), to)
    _lock_tree()
    for concerned in (unit, to):
        if not open_on(concerned, on):
            raise Refusal(_("%(name)s is not open on that day.") % {"name": concerned.name}, code="closed", field="on")
    current = UnitPlacement.objects.select_for_update().filter(unit=unit, period__contains=on).first()
    if current is not None and current.parent_id == to.pk:
        raise Refusal(_("It stands there already on that day."), code="there_already", field="to")
    until = _until(unit, current, on)
    if current is not None:
        if current.period.lower == on:
            current.delete()
        else:
            current.period = _range(current.period.lower, on)
            current.save(update_fields=["period"])
    UnitPlacement.objects.create(unit=unit, parent=to, period=_range(on, until))
    rebuild_closure()
    record(UNIT_MOVED, subject=_subject(unit), by=by, unit_id=unit.pk, data={"to": to.pk, "on": on.isoformat()})


def open_on(unit: Unit, day: dt.date) -> bool:
    """Whether a unit is there on a day."""
    return Period(unit.period.lower, unit.period.upper).holds(day)


def _until(unit: Unit, current: UnitPlacement | None, on: dt.date) -> dt.date | None:
    """Where the new placement ends: as the one that it replaces, else at the next one, else with the unit."""
    later = UnitPlacement.objects.filter(unit=unit, period__startswith__gt=on).order_by("period").first()
    end: dt.date | None = unit.period.upper
    if current is not None:
        end = current.period.upper
    elif later is not None:
        end = later.period.lower
    return end


def _lock_tree() -> None:
    """Changes of the tree wait for each other, because the closure is computed from all of it."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('medguild.tree'))")


@transaction.atomic
def rebuild_closure() -> None:
    """Compute the closure anew and write what differs. Units are few, so the whole tree is cheap."""
    _lock_tree()
    ids = list(Unit.objects.values_list("pk", flat=True))
    placements = [
        rules.Placement(unit_id, parent_id, Period(period.lower, period.upper))
        for unit_id, parent_id, period in UnitPlacement.objects.values_list("unit_id", "parent_id", "period")
    ]
    wanted = rules.closure(ids, placements)
    held = {
        rules.Path(p.ancestor_id, p.descendant_id, p.depth, Period(p.period.lower, p.period.upper)): p.pk
        for p in UnitPath.objects.all()
    }
    UnitPath.objects.filter(pk__in=[pk for path, pk in held.items() if path not in wanted]).delete()
    UnitPath.objects.bulk_create(
        UnitPath(
            ancestor_id=path.ancestor,
            descendant_id=path.descendant,
            depth=path.depth,
            period=DateRange(path.period.start, path.period.end),
        )
        for path in wanted
        if path not in held
    )
    tell_tree_changed()


@transaction.atomic
def incorporate(*, unit: Unit, kind: EntityKind, legal_name: str, ein: str, state: str, by: Actor) -> LegalEntity:
    """Say what an entity node is by law. A wrong or used EIN is refused."""
    if unit.kind != UnitKind.ENTITY:
        raise Refusal(_("Only an entity has a tax id."), field="unit")
    if not valid_ein(ein):
        raise Refusal(_("This is not a valid EIN: nine digits with a prefix that the IRS assigns."), field="ein")
    if LegalEntity.objects.filter(ein=normal_ein(ein)).exists():
        raise Refusal(_("Another entity has this EIN."), code="ein_taken", field="ein")
    if LegalEntity.objects.filter(unit=unit).exists():
        raise Refusal(_("The legal data of this entity are recorded already."), code="incorporated_already")
    entity = LegalEntity.objects.create(
        unit=unit, kind=kind, legal_name=legal_name, ein=normal_ein(ein), state=state.upper()
    )
    record(UNIT_OPENED, subject=_subject(unit), by=by, unit_id=unit.pk, data={"entity_kind": kind})
    return entity


@transaction.atomic
def furnish_site(
    *,
    unit: Unit,
    line1: str,
    city: str,
    state: str,
    postal_code: str,
    time_zone: str,
    by: Actor,
    phone: str = "",
    place_of_service: str = "11",
    specialty: str = "",
) -> Site:
    """Give a site its address, time zone and place-of-service code."""
    if unit.kind != UnitKind.SITE:
        raise Refusal(_("Only a site has an address."), field="unit")
    if Site.objects.filter(unit=unit).exists():
        raise Refusal(_("The address of this site is recorded already."), code="furnished_already")
    site = Site.objects.create(
        unit=unit, line1=line1, city=city, state=state.upper(), postal_code=postal_code.replace("-", ""),
        time_zone=time_zone, phone=phone, place_of_service=place_of_service, specialty=specialty,
    )  # fmt: skip
    record(UNIT_OPENED, subject=_subject(unit), by=by, unit_id=unit.pk, data={"site": True})
    return site


@transaction.atomic
def relate_units(
    *,
    kind: RelationKind,
    source: Unit,
    target: Unit,
    by: Actor,
    start: dt.date,
    end: dt.date | None = None,
    share: int | None = None,
) -> UnitRelation:
    """Record a dated relation beside the tree, such as membership of an IPA. `share` in basis points, for owners."""
    if source.pk == target.pk:
        raise Refusal(_("A unit has no relation to itself."), field="target")
    owned = kind == RelationKind.OWNS
    if owned != (share is not None) or (share is not None and not 1 <= share <= rules.WHOLE_SHARE):
        raise Refusal(_("Give the share that is owned, above 0 and up to 100 %; only for ownership."), field="share")
    if end is not None and end <= start:
        raise Refusal(_("It must end after it starts."), field="end")
    period = _range(start, end)
    if UnitRelation.objects.filter(kind=kind, source=source, target=target, period__overlap=period).exists():
        raise Refusal(_("This relation is recorded already for that period."), code="related_already")
    relation = UnitRelation.objects.create(kind=kind, source=source, target=target, share=share, period=period)
    record(UNIT_RELATED, subject=_subject(source), by=by, unit_id=source.pk, data={"kind": kind, "target": target.pk})
    tell_tree_changed()
    return relation


@transaction.atomic
def form_circle(*, name: str, basis: str, entities: list[Unit], by: Actor, start: dt.date) -> SharingCircle:
    """Entities that may share charts, and the legal basis. An entity is in one circle at a time."""
    if not basis.strip():
        raise Refusal(_("Write on what basis these entities may share charts."), field="basis")
    circle = SharingCircle.objects.create(name=name, basis=basis)
    for entity in entities:
        if CircleMember.objects.filter(entity=entity, period__overlap=_range(start)).exists():
            raise Refusal(_("%(name)s is in another circle.") % {"name": entity.name}, code="in_other_circle")
        CircleMember.objects.create(circle=circle, entity=entity, period=_range(start))
        record(CIRCLE_CHANGED, subject=_subject(entity), by=by, unit_id=entity.pk, data={"circle_id": circle.pk})
    tell_tree_changed()
    return circle


@transaction.atomic
def add_resource(
    *, kind: ResourceKind, unit: Unit, name: str, by: Actor, start: dt.date, capacity: int = 1
) -> Resource:
    """Add a room or a device to a site or department, or the bookable side of a clinician."""
    if not name.strip():
        raise Refusal(_("Give it a name."), field="name")
    resource = Resource.objects.create(kind=kind, unit=unit, name=name.strip(), capacity=capacity, period=_range(start))
    record(RESOURCE_ADDED, subject=SubjectRef("resource", resource.pk, name), by=by, unit_id=unit.pk)
    return resource


@transaction.atomic
def share_resource(
    *, resource: Resource, shares: dict[UUID, int], by: Actor, start: dt.date, end: dt.date | None = None
) -> list[ResourceShare]:
    """Let practices use a resource and split its cost: basis points per practice, together 10,000."""
    if sum(shares.values()) != rules.WHOLE_SHARE or min(shares.values()) < 1:
        raise Refusal(_("The shares must add up to 100 %."), code="shares_not_whole", field="shares")
    period = _range(start, end)
    splits = ResourceShare.objects.unscoped("a new split must not overlap any")
    if splits.filter(resource=resource, period__overlap=period).exists():
        raise Refusal(_("Another split holds in that period; end it first."), code="split_overlaps")
    made = [
        ResourceShare.objects.create(resource=resource, practice_id=practice_id, share=share, period=period)
        for practice_id, share in shares.items()
    ]
    record(
        RESOURCE_SHARED,
        subject=SubjectRef("resource", resource.pk, resource.name),
        by=by,
        unit_id=resource.unit_id,
        data={"practices": [str(practice_id) for practice_id in shares]},
    )
    return made
