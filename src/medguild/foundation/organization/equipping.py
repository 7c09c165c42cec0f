"""What rooms, devices and people can be used for: kinds and skills, given from a day on and ended on another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.capabilities import Capability, ResourceCapability
from medguild.foundation.organization.models import Resource
from medguild.foundation.organization.rules import ResourceKind, can_have

CAPABILITY_ADDED = declare_event("capability.added", gettext_lazy("Kind or skill added"), icon="tag")
CAPABILITY_GIVEN = declare_event("resource.equipped", gettext_lazy("Can be used for something new"), icon="plus")
CAPABILITY_ENDED = declare_event("resource.unequipped", gettext_lazy("No longer used for something"), icon="minus")


@transaction.atomic
def add_capability(*, kind: ResourceKind, code: str, name: str, by: Actor) -> Capability:
    """Name a kind of room or device, or a skill of staff. A code that is taken is refused."""
    code = code.strip().lower()
    if not code or not name.strip():
        raise Refusal(_("Give it a name and a code."), code="name_needed", field="name")
    if Capability.objects.filter(code=code).exists():
        raise Refusal(_("Another kind or skill has this code."), code="code_taken", field="code")
    capability = Capability.objects.create(kind=kind, code=code, name=name.strip())
    record(CAPABILITY_ADDED, subject=SubjectRef("capability", capability.pk, capability.name), by=by)
    return capability


@transaction.atomic
def equip(
    *, resource: Resource, capability: Capability, by: Actor, start: dt.date, end: dt.date | None = None
) -> ResourceCapability:
    """From a day on a room is of a kind, a device does something, a person has a skill; until `end`, where one is known
    (a training that must be renewed)."""
    if not can_have(resource.kind, capability.kind):
        raise Refusal(
            _("%(what)s is not something that %(name)s can be used for.")
            % {"what": capability.name, "name": resource.name},
            code="capability_of_other_kind", field="capability",
        )  # fmt: skip
    if end is not None and end <= start:
        raise Refusal(_("It must end after it starts."), field="end")
    period = DateRange(start, end)
    held = ResourceCapability.objects.unscoped("overlap, whoever asks")
    if held.filter(resource=resource, capability=capability, period__overlap=period).exists():
        raise Refusal(_("This is recorded already for that time."), code="equipped_already", field="capability")
    row = ResourceCapability.objects.create(resource=resource, capability=capability, period=period)
    record(
        CAPABILITY_GIVEN, subject=SubjectRef("resource", resource.pk, resource.name), by=by, unit_id=resource.unit_id,
        data={"capability": capability.code, "start": start, "end": end},
    )  # fmt: skip
    return row


@transaction.atomic
def unequip(*, held: ResourceCapability, on: dt.date, by: Actor) -> None:
    """From a day on no longer. Visits that are booked stay booked."""
    row = ResourceCapability.objects.unscoped("the caller sees it").select_for_update().get(pk=held.pk)
    if row.period.upper is not None and row.period.upper <= on:
        raise Refusal(_("It has ended by then already."), field="on")
    if row.period.lower >= on:
        row.delete()
    else:
        row.period = DateRange(row.period.lower, on)
        row.save(update_fields=["period"])
    resource = held.resource
    record(
        CAPABILITY_ENDED, subject=SubjectRef("resource", resource.pk, resource.name), by=by, unit_id=resource.unit_id,
        data={"capability": held.capability.code, "on": on},
    )  # fmt: skip


def capabilities(kinds: Collection[str] | None = None) -> QuerySet[Capability]:
    """Kinds of rooms and devices and skills of staff, by kind and name."""
    rows = Capability.objects.order_by("kind", "name")
    return rows if kinds is None else rows.filter(kind__in=kinds)


def counts(actor: Actor, *, on: dt.date) -> dict[UUID, int]:
    """How many resources that the actor may see have each capability on a day."""
    rows = ResourceCapability.objects.visible_to(actor).filter(period__contains=on, resource__period__contains=on)
    return dict(rows.order_by().values_list("capability").annotate(Count("pk")))


def held_by(resources: Collection[UUID], *, on: dt.date) -> dict[UUID, list[ResourceCapability]]:
    """What these resources can be used for on a day or later; the caller sees the resources."""
    rows = (
        ResourceCapability.objects.unscoped("the caller sees the resources")
        .filter(Q(period__endswith__gt=on) | Q(period__endswith__isnull=True), resource__in=list(resources))
        .select_related("capability", "resource")
        .order_by("capability__name", "period")
    )
    found: dict[UUID, list[ResourceCapability]] = {}
    for row in rows:
        found.setdefault(row.resource_id, []).append(row)
    return found
