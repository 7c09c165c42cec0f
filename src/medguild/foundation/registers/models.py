"""The base of every register, and the two that the house keeps from its first day."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from medguild.foundation.access.models import User
from medguild.foundation.kernel.models import ScopedModel, one_of
from medguild.foundation.kernel.phi import NO_PHI
from medguild.foundation.kernel.scoping import Scoping
from medguild.foundation.organization.models import Unit
from medguild.foundation.registers.rules import AdoptionStatus, RegulationStatus


class RegisterEntry(ScopedModel):
    """A line of a list that the group must keep: whose it is, how it stands, when it is looked at again, the proof.

    A subclass is a real model of its wing: it declares SCOPING and PHI, its own fields, and constraints on its status.
    """

    title = models.TextField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    status = models.TextField()
    review_on = models.DateField(null=True)
    reviewed_on = models.DateField(null=True)
    evidence = models.TextField(default="", blank=True)
    evidence_url = models.TextField(default="", blank=True)
    added_at = models.DateTimeField()

    class Meta:
        abstract = True

    def label(self) -> str:
        return self.title


class RegulatoryChange(RegisterEntry):
    """A change from CMS, DOJ, a state or a payer: what it changes for us, and until when we are done."""

    SCOPING = Scoping(right="regulations.read", unit="unit_id")
    PHI = NO_PHI

    source = models.TextField()
    citation = models.TextField(default="", blank=True)
    change = models.TextField()
    effect = models.TextField(default="", blank=True)
    effective_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    done_on = models.DateField(null=True)

    class Meta:
        constraints = [
            one_of("status", list(RegulationStatus), name="regulation_status_known"),
            models.CheckConstraint(name="regulation_has_words", condition=~Q(title="") & ~Q(source="") & ~Q(change="")),
            models.CheckConstraint(
                name="regulation_done_has_date_and_proof",
                condition=(Q(status=RegulationStatus.DONE, done_on__isnull=False) & ~Q(evidence=""))
                | (~Q(status=RegulationStatus.DONE) & Q(done_on__isnull=True)),
            ),
            models.CheckConstraint(
                name="regulation_underway_is_owned",
                condition=~Q(status__in=[RegulationStatus.IN_PROGRESS, RegulationStatus.DONE])
                | (Q(owner__isnull=False, due_on__isnull=False) & ~Q(effect="")),
            ),
        ]


class TechnologyAdoption(RegisterEntry):
    """A tool that the group takes up. It goes live once four questions are answered, never before."""

    SCOPING = Scoping(right="technology.read", unit="unit_id")
    PHI = NO_PHI

    vendor = models.TextField(default="", blank=True)
    changes_work = models.TextField(default="", blank=True)
    who_uses = models.TextField(default="", blank=True)
    metrics = models.TextField(default="", blank=True)
    new_risk = models.TextField(default="", blank=True)
    live_on = models.DateField(null=True)
    retired_on = models.DateField(null=True)

    class Meta:
        constraints = [
            one_of("status", list(AdoptionStatus), name="technology_status_known"),
            models.CheckConstraint(name="technology_has_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="technology_live_answers_all_four",
                condition=~Q(status__in=[AdoptionStatus.LIVE, AdoptionStatus.RETIRED])
                | (
                    Q(changes_work__regex=r"\S", who_uses__regex=r"\S", metrics__regex=r"\S", new_risk__regex=r"\S")
                    & Q(owner__isnull=False, live_on__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="technology_retired_has_date",
                condition=Q(status=AdoptionStatus.RETIRED, retired_on__isnull=False)
                | (~Q(status=AdoptionStatus.RETIRED) & Q(retired_on__isnull=True)),
            ),
        ]
