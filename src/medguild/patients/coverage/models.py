"""Coverages: which payer answers for a patient, in which order, for which period."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from medguild.foundation.documents.models import Document
from medguild.foundation.kernel.models import ScopedModel, no_overlap, one_of, whole_period
from medguild.foundation.kernel.phi import Phi
from medguild.foundation.kernel.scoping import Scoping
from medguild.patients.coverage.rules import Line, Rank, SubscriberRelation
from medguild.patients.identity.models import Patient
from medguild.patients.identity.rules.sex import Sex
from medguild.payers.payers.models import Payer, Plan

_SUBSCRIBER_FIELDS = (
    "subscriber_family_name", "subscriber_given_name", "subscriber_middle_name", "subscriber_birth_date",
    "subscriber_line1", "subscriber_line2", "subscriber_city", "subscriber_state", "subscriber_postal_code",
)  # fmt: skip


class Coverage(ScopedModel):
    """A policy under which a patient is covered; the subscriber's fields are filled when that is somebody else."""

    SCOPING = Scoping(right="coverage.read", circle="patient__circle_id", patient="patient_id")
    PHI = {
        **dict.fromkeys(_SUBSCRIBER_FIELDS, Phi.IDENTIFIER),
        "patient": Phi.LINK,
        "member_id": Phi.IDENTIFIER,
        "group_number": Phi.IDENTIFIER,
        "claim_number": Phi.IDENTIFIER,
        "injured_on": Phi.CLINICAL,
        "subscriber_sex": Phi.CLINICAL,
        "front": Phi.LINK,
        "back": Phi.LINK,
        "payer": Phi.FINANCIAL,
        "plan": Phi.FINANCIAL,
    }

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="coverages")
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    line = models.TextField(choices=[(line.value, line.value) for line in Line], default=Line.HEALTH)
    rank = models.TextField(choices=[(rank.value, rank.value) for rank in Rank])
    member_id = models.TextField()
    group_number = models.TextField(default="", blank=True)
    relation = models.TextField(choices=[(relation.value, relation.value) for relation in SubscriberRelation])
    subscriber_family_name = models.TextField(default="", blank=True)
    subscriber_given_name = models.TextField(default="", blank=True)
    subscriber_middle_name = models.TextField(default="", blank=True)
    subscriber_birth_date = models.DateField(null=True, blank=True)
    subscriber_sex = models.TextField(default="", blank=True)
    subscriber_line1 = models.TextField(default="", blank=True)
    subscriber_line2 = models.TextField(default="", blank=True)
    subscriber_city = models.TextField(default="", blank=True)
    subscriber_state = models.TextField(default="", blank=True)
    subscriber_postal_code = models.TextField(default="", blank=True)
    claim_number = models.TextField(default="", blank=True, help_text="of an injury, from its payer")
    injured_on = models.DateField(null=True, blank=True)
    front = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    back = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    verified_at = models.DateTimeField(null=True, blank=True)
    period = DateRangeField()

    class Meta:
        constraints = [
            one_of("rank", list(Rank), name="coverage_rank_known"),
            one_of("line", list(Line), name="coverage_line_known"),
            one_of("relation", list(SubscriberRelation), name="coverage_relation_known"),
            one_of("subscriber_sex", ["", *[sex.value for sex in Sex]], name="coverage_subscriber_sex_known"),
            models.CheckConstraint(name="coverage_has_member_id", condition=~Q(member_id="")),
            models.CheckConstraint(
                name="coverage_subscriber_when_not_self",
                condition=Q(relation=SubscriberRelation.SELF, subscriber_family_name="", subscriber_given_name="")
                | (~Q(relation=SubscriberRelation.SELF) & ~Q(subscriber_family_name="") & ~Q(subscriber_given_name="")),
            ),
            no_overlap(name="coverage_one_per_rank", keys=["patient_id"], texts=["line", "rank"]),
            whole_period(name="coverage_period_whole"),
        ]

    def label(self) -> str:
        return f"{self.payer.name} {self.member_id}"
