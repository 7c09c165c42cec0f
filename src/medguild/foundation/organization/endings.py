"""What ends: units close, relations and affiliations end, things are retired, days are closed. Nothing is deleted
that has held for a day, so that every past date can still be asked.
"""

from __future__ import annotations

import datetime as dt
from typing import Protocol
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.models import (
    Closure,
    Resource,
    ResourceShare,
    Unit,
    UnitPath,
    UnitPlacement,
    UnitRelation,
)
from medguild.foundation.organization.people import Affiliation, BillingIdentity
from medguild.foundation.organization.ports import tell_tree_changed
from medguild.foundation.organization.services import open_on, rebuild_closure

UNIT_CLOSED = declare_event("unit.closed", gettext_lazy("Unit closed"), icon="archive")
RELATION_ENDED = declare_event("unit.relation_ended", gettext_lazy("Relation ended"), icon="unlink")
RESOURCE_RETIRED = declare_event("resource.retired", gettext_lazy("Room or equipment retired"), icon="archive")
SPLIT_ENDED = declare_event("resource.split_ended", gettext_lazy("Cost split ended"), icon="unlink")
DAY_CLOSED = declare_event("unit.day_closed", gettext_lazy("Closed day recorded"), icon="calendar-off")
DAY_OPENED = declare_event("unit.day_opened", gettext_lazy("Closed day taken back"), icon="calendar")
AFFILIATION_ENDED = declare_event("person.affiliation_ended", gettext_lazy("Affiliation ended"), icon="unlink")
BILLING_ENDED = declare_event("billing_identity.ended", gettext_lazy("Billing identity ended"), icon="receipt-off")


class _Dated(Protocol):
    period: DateRange

    def save(self, *, update_fields: list[str]) -> None: ...
    def delete(self) -> object: ...


def _subject(unit: Unit) -> SubjectRef:
    return SubjectRef("unit", unit.pk, unit.name)


def _shorten(row: _Dated, on: dt.date) -> None:
    """End a row on a day; one that would never have held is removed. Raises Refusal where it ended before."""
    upper = row.period.upper
    if upper is not None and upper <= on:
        raise Refusal(_("It has ended by that day already."), code="ended_already", field="on")
    if row.period.lower is not None and row.period.lower >= on:
        row.delete()
        return
    row.period = DateRange(row.period.lower, on)
    row.save(update_fields=["period"])


@transaction.atomic
def close_unit(*, unit: Unit, on: dt.date, by: Actor) -> None:
    """The unit is gone from a day on. Refused while others stand below it then."""
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    if not open_on(unit, on) or unit.period.lower == on:
        raise Refusal(_("Choose a day after it opened and before it closes."), code="not_open", field="on")
    below = UnitPath.objects.filter(ancestor=unit, depth__gt=0, period__overlap=DateRange(on, None))
    standing = below.select_related("descendant").order_by("depth").first()
    if standing is not None:
        raise Refusal(
            _("%(name)s still stands below it: close or move it first.") % {"name": standing.descendant.name},
            code="units_below",
            field="on",
        )
    unit.period = DateRange(unit.period.lower, on)
    unit.save(update_fields=["period"])
    for placement in UnitPlacement.objects.filter(unit=unit, period__overlap=DateRange(on, None)):
        _shorten(placement, on)
    rebuild_closure()
    record(UNIT_CLOSED, subject=_subject(unit), by=by, unit_id=unit.pk, data={"on": on.isoformat()})


@transaction.atomic
def end_relation(*, relation: UnitRelation, on: dt.date, by: Actor) -> None:
    """A relation holds until a day (not including it)."""
    _shorten(relation, on)
    data = {"kind": relation.kind, "target": relation.target_id, "on": on.isoformat()}
    record(RELATION_ENDED, subject=_subject(relation.source), by=by, unit_id=relation.source_id, data=data)
    tell_tree_changed()


@transaction.atomic
def retire_resource(*, resource: Resource, on: dt.date, by: Actor) -> None:
    """A room or device can no longer be booked from a day on; its cost split ends with it."""
    unit_id, subject = resource.unit_id, SubjectRef("resource", resource.pk, resource.name)
    if resource.period.lower is not None and resource.period.lower >= on:
        raise Refusal(_("Choose a day after it was added."), code="not_open", field="on")
    _shorten(resource, on)
    _end_split(resource.pk, on)
    record(RESOURCE_RETIRED, subject=subject, by=by, unit_id=unit_id, data={"on": on.isoformat()})


@transaction.atomic
def end_split(*, resource: Resource, on: dt.date, by: Actor) -> None:
    """The cost split of a resource holds until a day; then another may be made."""
    if not _end_split(resource.pk, on):
        raise Refusal(_("No split holds on that day."), code="no_split", field="on")
    subject = SubjectRef("resource", resource.pk, resource.name)
    record(SPLIT_ENDED, subject=subject, by=by, unit_id=resource.unit_id, data={"on": on.isoformat()})


def _end_split(resource_id: UUID, on: dt.date) -> int:
    shares = ResourceShare.objects.unscoped("all parts of a split end together")
    held = list(shares.filter(resource_id=resource_id, period__overlap=DateRange(on, None)))
    for share in held:
        _shorten(share, on)
    return len(held)


@transaction.atomic
def close_day(*, unit: Unit, day: dt.date, reason: str, by: Actor) -> Closure:
    """A day on which the unit and all below it are closed."""
    if not reason.strip():
        raise Refusal(_("Say why, so that callers can be told."), field="reason")
    if Closure.objects.filter(unit=unit, day=day).exists():
        raise Refusal(_("This day is closed already."), code="closed_already", field="day")
    closure = Closure.objects.create(unit=unit, day=day, reason=reason.strip())
    record(DAY_CLOSED, subject=_subject(unit), by=by, unit_id=unit.pk, data={"day": day.isoformat()})
    return closure


@transaction.atomic
def reopen_day(*, closure: Closure, by: Actor) -> None:
    """Take a closed day back."""
    record(DAY_OPENED, subject=_subject(closure.unit), by=by, unit_id=closure.unit_id, data={"day": str(closure.day)})
    closure.delete()


@transaction.atomic
def end_affiliation(*, affiliation: Affiliation, on: dt.date, by: Actor) -> None:
    """A person works there until a day (not including it)."""
    person, unit_id = affiliation.person, affiliation.unit_id
    _shorten(affiliation, on)
    subject = SubjectRef("person", person.pk, person.label())
    record(AFFILIATION_ENDED, subject=subject, by=by, unit_id=unit_id, data={"on": on.isoformat()})


@transaction.atomic
def end_billing_identity(*, identity: BillingIdentity, on: dt.date, by: Actor) -> None:
    """Services from a day on are no longer billed under these numbers; those before still are."""
    entity = identity.entity
    _shorten(identity, on)
    record(BILLING_ENDED, subject=_subject(entity), by=by, unit_id=entity.pk, data={"on": on.isoformat()})
