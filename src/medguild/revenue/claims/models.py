"""Claims, their lines, what the edits found, and the files in which they were sent. What was sent stays as sent."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from medguild.foundation.kernel.models import OpenModel, ScopedModel, one_of
from medguild.foundation.kernel.phi import NO_PHI, Phi
from medguild.foundation.kernel.scoping import Scoping
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.people import BillingIdentity, Clinician
from medguild.patients.accounts.models import GuarantorAccount
from medguild.patients.coverage.models import Coverage
from medguild.patients.identity.models import Patient
from medguild.payers.payers.models import Payer
from medguild.revenue.charges.models import Charge
from medguild.revenue.claims.rules import MOST_LINES, OPEN, ClaimStatus, Frequency

_OPEN = sorted(status.value for status in OPEN)
_OPEN_SQL = ", ".join(f"'{status}'" for status in _OPEN)

# After sending only the status and what the payer answered may move.
_SENT_IS_FROZEN = f"""
    if old.status not in ({_OPEN_SQL}) and (
        to_jsonb(new) - array['status', 'payer_control', 'adjudicated_at', 'revision']
        is distinct from to_jsonb(old) - array['status', 'payer_control', 'adjudicated_at', 'revision']
        or new.status in ({_OPEN_SQL})) then
        raise exception 'a sent claim stays as sent'
            using errcode = 'integrity_constraint_violation', constraint = 'claim_sent_is_frozen';
    end if;
    return new;
"""
_LINES_OF_OPEN_CLAIM = f"""
    if tg_op = 'UPDATE' and to_jsonb(new) - 'live' = to_jsonb(old) - 'live' then
        return new;
    end if;
    if exists (
        select from revenue_claim c
         where c.id in (coalesce(new.claim_id, old.claim_id), coalesce(old.claim_id, new.claim_id))
           and c.status not in ({_OPEN_SQL})) then
        raise exception 'lines of a sent claim stay as sent'
            using errcode = 'integrity_constraint_violation', constraint = 'claim_line_sent_is_frozen';
    end if;
    return coalesce(new, old);
"""
_NEVER_DELETED = f"""
    if old.status not in ({_OPEN_SQL}) then
        raise exception 'a sent claim is never deleted'
            using errcode = 'integrity_constraint_violation', constraint = 'claim_sent_is_kept';
    end if;
    return old;
"""


class ClaimFile(ScopedModel):
    """An 837P that was written: its bytes are a document, its control numbers are never used again."""

    SCOPING = Scoping(right="claims.read", unit="entity_id")
    PHI = {"document_id": Phi.LINK}

    entity = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    document_id = models.UUIDField()
    filename = models.TextField()
    digest = models.TextField()
    interchange_control = models.PositiveBigIntegerField()
    claim_count = models.PositiveIntegerField()
    charge = models.BigIntegerField()
    written_at = models.DateTimeField()
    written_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["interchange_control"], name="claim_file_control_once"),
            models.UniqueConstraint(fields=["digest"], name="claim_file_digest_once"),
            models.CheckConstraint(name="claim_file_has_claims", condition=Q(claim_count__gte=1)),
        ]

    def label(self) -> str:
        return self.filename


class Claim(ScopedModel):
    """A bill to one payer for one patient. `number` is CLM01. `sent` is what was sent, as it was sent."""

    SCOPING = Scoping(right="claims.read", unit="site_id", patient="patient_id")
    PHI = {
        "patient": Phi.LINK,
        "account": Phi.LINK,
        "coverage": Phi.LINK,
        "number": Phi.IDENTIFIER,
        "diagnoses": Phi.CLINICAL,
        "service_from": Phi.CLINICAL,
        "service_to": Phi.CLINICAL,
        "charge": Phi.FINANCIAL,
        "prior_authorization": Phi.IDENTIFIER,
        "place_of_service": Phi.CLINICAL,
        "payer_control": Phi.IDENTIFIER,
        "sent": Phi.CLINICAL,
    }

    number = models.TextField()
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="claims", db_index=False)
    account = models.ForeignKey(GuarantorAccount, on_delete=models.PROTECT, related_name="claims", db_index=False)
    coverage = models.ForeignKey(Coverage, on_delete=models.PROTECT, related_name="claims", db_index=False)
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="claims", db_index=False)
    entity = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    site = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="claims", db_index=False)
    billing_identity = models.ForeignKey(BillingIdentity, on_delete=models.PROTECT, related_name="+", db_index=False)
    rendering = models.ForeignKey(Clinician, on_delete=models.PROTECT, related_name="claims", db_index=False)
    frequency = models.TextField(default=Frequency.ORIGINAL)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    diagnoses = ArrayField(models.TextField(), default=list)
    service_from = models.DateField()
    service_to = models.DateField()
    charge = models.BigIntegerField()
    prior_authorization = models.TextField(default="", blank=True)
    place_of_service = models.TextField(
        default="",
        db_default="",
        blank=True,
        help_text="of a remote visit, as the payer asks; else empty, and the site's holds",
    )
    status = models.TextField(default=ClaimStatus.DRAFT)
    payer_control = models.TextField(default="", blank=True, help_text="the payer's number, CLP07")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    adjudicated_at = models.DateTimeField(null=True, blank=True)
    file = models.ForeignKey(ClaimFile, on_delete=models.PROTECT, null=True, blank=True, related_name="claims")
    sent = models.JSONField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    passed_first = models.BooleanField(
        null=True, blank=True, help_text="whether it passed the edits at once, touched by nobody"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="claim_number_once"),
            models.CheckConstraint(name="claim_number_form", condition=Q(number__regex=r"^[A-Z0-9-]{1,20}$")),
            one_of("status", list(ClaimStatus), name="claim_status_known"),
            one_of("frequency", list(Frequency), name="claim_frequency_known"),
            models.CheckConstraint(name="claim_place_form", condition=Q(place_of_service__regex=r"^([0-9]{2})?$")),
            models.CheckConstraint(name="claim_dates_in_order", condition=Q(service_to__gte=F("service_from"))),
            models.CheckConstraint(name="claim_charge_not_negative", condition=Q(charge__gte=0)),
            models.CheckConstraint(
                name="claim_sent_is_whole",
                condition=Q(status__in=[*_OPEN, ClaimStatus.VOID.value]) | Q(sent_at__isnull=False, sent__isnull=False),
            ),
            models.CheckConstraint(
                name="claim_replacement_names_its_claim",
                condition=Q(frequency=Frequency.ORIGINAL, replaces__isnull=True)
                | (~Q(frequency=Frequency.ORIGINAL) & Q(replaces__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["site", "status", "service_from"], name="claim_of_site"),
            models.Index(fields=["entity", "status"], name="claim_of_entity"),
            models.Index(fields=["patient", "service_from"], name="claim_of_patient"),
            models.Index(fields=["account"], name="claim_of_account"),
            models.Index(fields=["payer", "sent_at"], name="claim_of_payer"),
            models.Index(fields=["-service_from", "id"], include=["site", "status", "charge"], name="claim_newest"),
            models.Index(fields=["created_at"], include=["site", "frequency", "passed_first"], name="claim_made_on"),
            models.Index(OpClass(Upper("number"), name="text_pattern_ops"), name="claim_by_number"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="claim_sent_is_frozen", operation=pgtrigger.Update, when=pgtrigger.Before, func=_SENT_IS_FROZEN
            ),
            pgtrigger.Trigger(
                name="claim_sent_is_kept", operation=pgtrigger.Delete, when=pgtrigger.Before, func=_NEVER_DELETED
            ),
        ]

    def label(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


class ClaimLine(ScopedModel):
    """A service line. `control` is REF*6R; the payer returns it, and the remittance is matched by it first."""

    SCOPING = Scoping(right="claims.read", unit="claim__site_id", patient="claim__patient_id")
    PHI = {
        "claim": Phi.LINK,
        "charge": Phi.LINK,
        "control": Phi.IDENTIFIER,
        "code": Phi.CLINICAL,
        "amount": Phi.FINANCIAL,
        "service_date": Phi.CLINICAL,
    }

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="lines", db_index=False)
    number = models.PositiveSmallIntegerField()
    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="claim_lines")
    live = models.BooleanField(default=True, help_text="false once the claim is void, so that the charge may go again")
    control = models.TextField()
    code = models.TextField()
    modifiers = ArrayField(models.TextField(), default=list, blank=True)
    units = models.PositiveSmallIntegerField()
    amount = models.BigIntegerField()
    pointers = ArrayField(models.PositiveSmallIntegerField(), default=list)
    service_date = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["claim", "number"], name="claim_line_number_once"),
            models.UniqueConstraint(fields=["control"], name="claim_line_control_once"),
            models.UniqueConstraint(fields=["charge"], condition=Q(live=True), name="claim_line_charge_on_one_claim"),
            models.CheckConstraint(name="claim_line_number_range", condition=Q(number__range=(1, MOST_LINES))),
            models.CheckConstraint(name="claim_line_amount_not_negative", condition=Q(amount__gte=0)),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="claim_line_sent_is_frozen",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=_LINES_OF_OPEN_CLAIM,
            )
        ]

    def label(self) -> str:
        return f"{self.control} {self.code}"


class ClaimFinding(ScopedModel):
    """What an edit found: the rule, how grave, on which line, and where to mend it. Replaced at every check."""

    SCOPING = Scoping(right="claims.read", unit="claim__site_id", patient="claim__patient_id")
    PHI = {"claim": Phi.LINK}

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="findings")
    rule = models.TextField()
    severity = models.TextField()
    line = models.PositiveSmallIntegerField(null=True, blank=True)
    place = models.TextField(default="", blank=True, help_text="what is to be mended: patient, coverage, clinician")

    class Meta:
        constraints = [
            one_of("severity", ["error", "warning"], name="claim_finding_severity_known"),
            models.CheckConstraint(name="claim_finding_has_rule", condition=~Q(rule="")),
        ]


class ControlSequence(OpenModel):
    """The last control number of a kind (ISA13, GS06, ST02). Its row lock keeps numbers without gap or repeat."""

    OPEN_REASON = "a counter tells nothing of patients"
    PHI = NO_PHI

    kind = models.TextField()
    last = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind"], name="control_sequence_once"),
            models.CheckConstraint(name="control_sequence_nine_digits", condition=Q(last__lte=999_999_999)),
        ]
