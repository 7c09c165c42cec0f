"""The group: a dated tree of units, dated relations beside it, what stands in its sites, and its sharing circles."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q

from medguild.foundation.kernel.models import OpenModel, ScopedModel, no_overlap, one_of, whole_period
from medguild.foundation.kernel.phi import NO_PHI
from medguild.foundation.kernel.scoping import Scoping
from medguild.foundation.organization.rules import (
    PEOPLE,
    WHOLE_SHARE,
    EntityKind,
    RelationKind,
    ResourceKind,
    UnitKind,
)

_NAMES = "names of units are known to everybody who works in the house"


class Unit(OpenModel):
    """A node of the tree: enterprise, legal entity, practice, site or department."""

    OPEN_REASON = _NAMES
    PHI = NO_PHI

    kind = models.TextField(choices=[(kind.value, kind.value) for kind in UnitKind])
    name = models.TextField()
    short_name = models.TextField(default="", blank=True)
    period = DateRangeField()

    class Meta:
        constraints = [
            one_of("kind", list(UnitKind), name="unit_kind_known"),
            models.CheckConstraint(name="unit_has_name", condition=~Q(name="")),
            whole_period(name="unit_period_whole"),
        ]

    def label(self) -> str:
        return self.short_name or self.name


class UnitPlacement(OpenModel):
    """A unit stands under one parent at a time."""

    OPEN_REASON = _NAMES
    PHI = NO_PHI

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="placements")
    parent = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="placements_below")
    period = DateRangeField()

    class Meta:
        constraints = [
            no_overlap(name="placement_one_parent_at_a_time", keys=["unit_id"]),
            models.CheckConstraint(name="placement_not_under_itself", condition=~Q(unit=F("parent"))),
            whole_period(name="placement_period_whole"),
        ]


class UnitPath(OpenModel):
    """Closure of the tree, rebuilt with every placement: who stands under whom, how deep, when. Unbounded is open."""

    OPEN_REASON = _NAMES
    PHI = NO_PHI

    ancestor = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="paths_down")
    descendant = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="paths_up")
    depth = models.PositiveSmallIntegerField()
    period = DateRangeField()

    class Meta:
        constraints = [no_overlap(name="path_once_at_a_time", keys=["ancestor_id", "descendant_id"])]


class LegalEntity(OpenModel):
    """What an entity node is by law. The EIN is nine digits; demo and test entities use unassigned looking ones."""

    OPEN_REASON = _NAMES
    PHI = NO_PHI

    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="entity")
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in EntityKind])
    legal_name = models.TextField()
    ein = models.CharField(max_length=9)
    state = models.CharField(max_length=2)

    class Meta:
        constraints = [
            one_of("kind", list(EntityKind), name="entity_kind_known"),
            models.UniqueConstraint(fields=["ein"], name="entity_ein_once"),
            models.CheckConstraint(name="entity_ein_nine_digits", condition=Q(ein__regex=r"^[0-9]{9}$")),
            models.CheckConstraint(name="entity_state_two_letters", condition=Q(state__regex=r"^[A-Z]{2}$")),
        ]


class Site(OpenModel):
    """Where care is given: address, time zone, place-of-service code."""

    OPEN_REASON = _NAMES
    PHI = NO_PHI

    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="site")
    line1 = models.TextField()
    line2 = models.TextField(default="", blank=True)
    city = models.TextField()
    state = models.CharField(max_length=2)
    postal_code = models.CharField(max_length=9)
    phone = models.TextField(default="", blank=True)
    time_zone = models.TextField()
    place_of_service = models.CharField(max_length=2, default="11")
    specialty = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="site_postal_code_form", condition=Q(postal_code__regex=r"^[0-9]{5}([0-9]{4})?$")
            ),
            models.CheckConstraint(name="site_pos_two_digits", condition=Q(place_of_service__regex=r"^[0-9]{2}$")),
            models.CheckConstraint(name="site_state_two_letters", condition=Q(state__regex=r"^[A-Z]{2}$")),
            models.CheckConstraint(name="site_has_time_zone", condition=~Q(time_zone="")),
        ]


class UnitRelation(OpenModel):
    """A typed, dated relation beside the tree: owns (with a share), manages, member of (IPA), delegates to, ..."""

    OPEN_REASON = _NAMES
    PHI = NO_PHI

    kind = models.TextField(choices=[(kind.value, kind.value) for kind in RelationKind])
    source = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="relations_out")
    target = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="relations_in")
    share = models.PositiveIntegerField(null=True, blank=True, help_text="basis points, for ownership")
    period = DateRangeField()

    class Meta:
        constraints = [
            one_of("kind", list(RelationKind), name="relation_kind_known"),
            no_overlap(
                name="relation_once_at_a_time",
                keys=["source_id", "target_id"],
                texts=["kind"],
            ),
            models.CheckConstraint(name="relation_not_to_itself", condition=~Q(source=F("target"))),
            models.CheckConstraint(
                name="relation_share_only_for_owner",
                condition=Q(kind=RelationKind.OWNS, share__gte=1, share__lte=WHOLE_SHARE)
                | (~Q(kind=RelationKind.OWNS) & Q(share__isnull=True)),
            ),
            whole_period(name="relation_period_whole"),
        ]


class SharingCircle(OpenModel):
    """A set of entities whose staff may share charts: one covered entity, an affiliated one, or an arrangement."""

    OPEN_REASON = _NAMES
    PHI = NO_PHI

    name = models.TextField()
    basis = models.TextField(help_text="why these entities may share charts")

    class Meta:
        constraints = [models.CheckConstraint(name="circle_has_basis", condition=~Q(basis=""))]

    def label(self) -> str:
        return self.name


class CircleMember(OpenModel):
    """An entity belongs to one circle at a time."""

    OPEN_REASON = _NAMES
    PHI = NO_PHI

    circle = models.ForeignKey(SharingCircle, on_delete=models.PROTECT, related_name="members")
    entity = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="circles")
    period = DateRangeField()

    class Meta:
        constraints = [
            no_overlap(name="circle_one_at_a_time", keys=["entity_id"]),
            whole_period(name="circle_member_period_whole"),
        ]


class Resource(ScopedModel):
    """Something that can be booked at a site: a room, a device, a clinician, a member of the staff.

    A human being has one, whatever they do at however many sites, so that nobody is in two places at once.
    """

    SCOPING = Scoping(right="organization.read", unit="unit_id")
    PHI = NO_PHI

    kind = models.TextField(choices=[(kind.value, kind.value) for kind in ResourceKind])
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="resources")
    name = models.TextField()
    capacity = models.PositiveSmallIntegerField(default=1)
    person = models.OneToOneField(
        "foundation.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="resource"
    )
    period = DateRangeField()

    class Meta:
        constraints = [
            one_of("kind", list(ResourceKind), name="resource_kind_known"),
            models.CheckConstraint(name="resource_capacity_positive", condition=Q(capacity__gte=1)),
            models.CheckConstraint(name="resource_has_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="resource_is_person_or_thing",
                condition=Q(kind__in=PEOPLE, person__isnull=False) | ~Q(kind__in=PEOPLE) & Q(person__isnull=True),
            ),
            whole_period(name="resource_period_whole"),
        ]

    def label(self) -> str:
        return self.name


class ResourceShare(ScopedModel):
    """A practice uses a shared room, device or person and bears a part of its cost (basis points)."""

    SCOPING = Scoping(right="organization.read", unit="practice_id")
    PHI = NO_PHI

    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="shares")
    practice = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="resource_shares")
    share = models.PositiveIntegerField(help_text="basis points of the cost")
    period = DateRangeField()

    class Meta:
        constraints = [
            no_overlap(name="resource_share_once_at_a_time", keys=["resource_id", "practice_id"]),
            models.CheckConstraint(name="resource_share_in_range", condition=Q(share__gte=1, share__lte=WHOLE_SHARE)),
            whole_period(name="resource_share_period_whole"),
        ]


class Closure(OpenModel):
    """A day on which a unit and all below it are closed."""

    OPEN_REASON = _NAMES
    PHI = NO_PHI

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="closures", db_index=False)
    day = models.DateField()
    reason = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "day"], name="closure_once_per_day")]
