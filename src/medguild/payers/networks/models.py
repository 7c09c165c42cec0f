"""Networks of payers: which plans use them, and which groups and clinicians they list, each for a period."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from medguild.foundation.kernel.models import OpenModel, no_overlap, one_of, whole_period
from medguild.foundation.kernel.phi import NO_PHI
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.people import Clinician
from medguild.payers.networks.rules import Standing
from medguild.payers.payers.models import Payer, Plan

_PUBLIC = "who is in a network is printed in the payer's directory"


class Network(OpenModel):
    """A payer's list of groups and clinicians."""

    OPEN_REASON = _PUBLIC
    PHI = NO_PHI

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="networks", db_index=False)
    name = models.TextField()
    period = DateRangeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="network_has_name", condition=~Q(name="")),
            models.UniqueConstraint(fields=["payer", "name"], name="network_name_once_per_payer"),
            whole_period(name="network_period_whole"),
        ]

    def label(self) -> str:
        return self.name


class NetworkPlan(OpenModel):
    """A plan uses a network; tier 1 costs the member least."""

    OPEN_REASON = _PUBLIC
    PHI = NO_PHI

    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="plans")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="networks")
    tier = models.PositiveSmallIntegerField(default=1)
    period = DateRangeField()

    class Meta:
        constraints = [
            no_overlap(name="network_plan_once_at_a_time", keys=["network_id", "plan_id"]),
            models.CheckConstraint(name="network_plan_tier_known", condition=Q(tier__range=(1, 5))),
            whole_period(name="network_plan_period_whole"),
        ]


class NetworkGroup(OpenModel):
    """How a network lists an entity, at all of its sites or at one."""

    OPEN_REASON = _PUBLIC
    PHI = NO_PHI

    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="groups")
    entity = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    standing = models.TextField()
    period = DateRangeField()

    class Meta:
        constraints = [
            one_of("standing", list(Standing), name="network_group_standing_known"),
            no_overlap(
                name="network_group_once_at_a_time", keys=["network_id", "entity_id"], nullable=["site_id"]
            ),
            whole_period(name="network_group_period_whole"),
        ]  # fmt: skip


class NetworkClinician(OpenModel):
    """How a network lists a clinician under an entity, and whether new patients are taken."""

    OPEN_REASON = _PUBLIC
    PHI = NO_PHI

    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="clinicians")
    entity = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    clinician = models.ForeignKey(Clinician, on_delete=models.PROTECT, related_name="+")
    standing = models.TextField()
    open_panel = models.BooleanField(default=True)
    period = DateRangeField()

    class Meta:
        constraints = [
            one_of("standing", list(Standing), name="network_clinician_standing_known"),
            no_overlap(
                name="network_clinician_once_at_a_time", keys=["network_id", "entity_id", "clinician_id"]
            ),
            whole_period(name="network_clinician_period_whole"),
        ]  # fmt: skip


class PlanTerms(OpenModel):
    """What a plan asks of its members for a period, where it differs from its kind."""

    OPEN_REASON = "the terms of a plan are told to every member"
    PHI = NO_PHI

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="terms")
    needs_gatekeeper = models.BooleanField()
    needs_referral = models.BooleanField()
    covers_outside = models.BooleanField()
    has_tiers = models.BooleanField()
    period = DateRangeField()

    class Meta:
        constraints = [
            no_overlap(name="plan_terms_once_at_a_time", keys=["plan_id"]),
            whole_period(name="plan_terms_period_whole"),
        ]
