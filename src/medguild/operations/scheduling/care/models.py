"""What a kind of visit asks of its clinician and what it costs; and answers of patients told: out of network."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from medguild.foundation.kernel.models import OpenModel, ScopedModel, one_of
from medguild.foundation.kernel.phi import NO_PHI, Phi
from medguild.foundation.kernel.scoping import Scoping
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.people import Clinician
from medguild.operations.scheduling.models import Appointment, VisitType
from medguild.operations.scheduling.network.rules import AnswerKind, AskedBy
from medguild.patients.identity.models import Patient
from medguild.payers.payers.models import Plan
from medguild.people.credentialing.models import PrivilegeType

_ANSWER_IS_KEPT = """
    raise exception 'an answer of a patient is kept as it was given'
        using errcode = 'integrity_constraint_violation', constraint = 'network_answer_is_kept';
"""


class VisitTypeTerms(OpenModel):
    """The privilege that a kind of visit asks for, and the service whose list price stands for it."""

    OPEN_REASON = "what a kind of visit needs is told to everybody who books"
    PHI = NO_PHI

    visit_type = models.OneToOneField(VisitType, on_delete=models.CASCADE, related_name="terms")
    privilege = models.ForeignKey(PrivilegeType, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    service_code = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="visit_type_terms_code_form",
                condition=Q(service_code="") | Q(service_code__regex=r"^[A-Z0-9]{5}$"),
            ),
            models.CheckConstraint(
                name="visit_type_terms_say_something", condition=Q(privilege__isnull=False) | ~Q(service_code="")
            ),
        ]


class NetworkAnswer(ScopedModel):
    """What a patient said when told that a visit is out of network: who asked, when, how, in which words.

    Kept as given; a later answer is a row of its own. Only who wants another clinician has no visit.
    """

    SCOPING = Scoping(right="scheduling.read", unit="unit_id", patient="patient_id")
    PHI = {
        "patient": Phi.LINK,
        "appointment": Phi.LINK,
        "plan": Phi.FINANCIAL,
        "day": Phi.CLINICAL,
        "answer": Phi.FINANCIAL,
        "words": Phi.FINANCIAL,
        "reason": Phi.CLINICAL,
        "price": Phi.FINANCIAL,
    }

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, null=True, blank=True, related_name="network_answers"
    )
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+", db_index=False)
    clinician = models.ForeignKey(Clinician, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    entity = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    answer = models.TextField()
    channel = models.TextField(default="", blank=True)
    words = models.TextField(default="", blank=True)
    reason = models.TextField(default="", blank=True)
    price = models.BigIntegerField(null=True, blank=True, help_text="cents of the list price that was told")
    asked_by = models.UUIDField(null=True, blank=True)
    asked_by_label = models.TextField()
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            one_of("answer", list(AnswerKind), name="network_answer_known"),
            one_of("channel", ["", *AskedBy], name="network_answer_channel_known"),
            models.CheckConstraint(
                name="network_answer_whole",
                condition=Q(answer=AnswerKind.NOT_ASKED, channel="") & ~Q(reason="")
                | ~Q(answer=AnswerKind.NOT_ASKED) & ~Q(channel="") & ~Q(words=""),
            ),
            models.CheckConstraint(
                name="network_answer_has_visit",
                condition=Q(appointment__isnull=False) | Q(answer=AnswerKind.OTHER_CLINICIAN),
            ),
            models.CheckConstraint(
                name="network_answer_price_positive", condition=Q(price__isnull=True) | Q(price__gte=0)
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="network_answer_is_kept",
                operation=pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=_ANSWER_IS_KEPT,
            ),
        ]
