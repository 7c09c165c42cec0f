"""Remittances as they were received, and where each amount of them went."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from medguild.foundation.kernel.models import ScopedModel, one_of
from medguild.foundation.kernel.phi import Phi
from medguild.foundation.kernel.scoping import Scoping
from medguild.foundation.ledger.models import Entry
from medguild.foundation.organization.models import Unit
from medguild.payers.payers.models import Payer
from medguild.revenue.claims.models import Claim, ClaimLine
from medguild.revenue.remittances.rules import ClaimState, DenialOutcome, Hold, RemittanceStatus, Unmatched

_READ = "remittances.read"
_WAITING = [RemittanceStatus.QUARANTINED.value, RemittanceStatus.CONFLICT.value]
_KEY = ["payer_identifier", "payee_identifier", "trace_number", "payment_date", "amount"]

_POSTED_IS_FINAL = """
    if tg_op = 'DELETE' then
        if old.status = 'posted' then
            raise exception 'a posted remittance is kept'
                using errcode = 'integrity_constraint_violation', constraint = 'remittance_posted_is_final';
        end if;
        return old;
    end if;
    if old.status = 'posted' and (
        to_jsonb(new) - array['entity_id', 'payee_known'] is distinct from
        to_jsonb(old) - array['entity_id', 'payee_known'] or (old.payee_known and new.entity_id <> old.entity_id)) then
        raise exception 'a posted remittance stays as posted'
            using errcode = 'integrity_constraint_violation', constraint = 'remittance_posted_is_final';
    end if;
    return new;
"""


class RemittanceFile(ScopedModel):
    """An 835 file as it came, kept as a document, under the entity that received it."""

    SCOPING = Scoping(right=_READ, unit="entity_id")
    PHI = {"document_id": Phi.LINK, "filename": Phi.IDENTIFIER}

    entity = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    sha256 = models.TextField()
    filename = models.TextField()
    size = models.PositiveIntegerField()
    document_id = models.UUIDField(null=True, blank=True, help_text="empty where the bytes could not be kept")
    remittance_count = models.PositiveIntegerField(default=0)
    other_kinds = ArrayField(models.TextField(), default=list, blank=True, help_text="transactions that are no 835")
    received_at = models.DateTimeField()
    received_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entity", "sha256"], name="remittance_file_once"),
            models.CheckConstraint(name="remittance_file_hash_form", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
        ]

    def label(self) -> str:
        return self.filename


class Remittance(ScopedModel):
    """A payment of a payer (an 835 transaction). Its key is payer, payee, trace number, date and amount.

    Belongs to the payee's entity, or to the entity that received it while the payee is unknown. `difference` is what
    is missing for its balance, in cents. Posted, it is final.
    """

    SCOPING = Scoping(right=_READ, unit="entity_id")
    PHI = {"trace_number": Phi.FINANCIAL, "amount": Phi.FINANCIAL}

    file = models.ForeignKey(RemittanceFile, on_delete=models.PROTECT, related_name="remittances", db_index=False)
    position = models.PositiveIntegerField(help_text="segment of the file at which it begins")
    control = models.TextField(default="", blank=True)
    entity = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="remittances", db_index=False)
    payee_known = models.BooleanField(default=True)
    payer = models.ForeignKey(
        Payer, on_delete=models.PROTECT, null=True, blank=True, related_name="remittances", db_index=False
    )
    payer_name = models.TextField(default="", blank=True)
    payer_identifier = models.TextField(default="", blank=True)
    payee_name = models.TextField(default="", blank=True)
    payee_identifier = models.TextField(default="", blank=True)
    trace_number = models.TextField(default="", blank=True)
    method = models.TextField(default="", blank=True)
    payment_date = models.DateField(null=True, blank=True)
    amount = models.BigIntegerField(default=0)
    claim_total = models.BigIntegerField(default=0)
    provider_total = models.BigIntegerField(default=0, help_text="sum of PLB; positive lowers the payment")
    claim_count = models.PositiveIntegerField(default=0)
    digest = models.TextField(default="", blank=True, help_text="empty where the content could not be read")
    status = models.TextField()
    hold = models.TextField(default="", blank=True)
    difference = models.BigIntegerField(default=0)
    issues = models.JSONField(default=list, blank=True)
    conflicts_with = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    note = models.TextField(default="", blank=True, help_text="why it was set aside or posted too; no patient data")
    twin_number = models.PositiveSmallIntegerField(
        default=1, db_default=1, help_text="above 1 where a person said that it is a payment of its own"
    )
    received_at = models.DateTimeField()
    posted_at = models.DateTimeField(null=True, blank=True)
    posted_by = models.UUIDField(null=True, blank=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            one_of("status", list(RemittanceStatus), name="remittance_status_known"),
            one_of("hold", ["", *Hold], name="remittance_hold_known"),
            models.UniqueConstraint(
                fields=[*_KEY, "twin_number"],
                name="remittance_posted_once",
                condition=Q(status=RemittanceStatus.POSTED),
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=[*_KEY, "digest"], name="remittance_content_once", condition=~Q(digest=""), nulls_distinct=False
            ),
            models.UniqueConstraint(fields=["file", "position"], name="remittance_place_in_file_once"),
            models.CheckConstraint(
                name="remittance_posted_balances",
                condition=~Q(status=RemittanceStatus.POSTED)
                | Q(difference=0, amount__gte=0, amount=F("claim_total") - F("provider_total")),
            ),
            models.CheckConstraint(
                name="remittance_posted_has_time",
                condition=Q(status=RemittanceStatus.POSTED, posted_at__isnull=False)
                | (~Q(status=RemittanceStatus.POSTED) & Q(posted_at__isnull=True, entry__isnull=True)),
            ),
            models.CheckConstraint(
                name="remittance_waiting_has_reason", condition=~Q(status__in=_WAITING) | ~Q(hold="")
            ),
            models.CheckConstraint(
                name="remittance_conflict_names_other",
                condition=~Q(status=RemittanceStatus.CONFLICT) | Q(conflicts_with__isnull=False),
            ),
            models.CheckConstraint(
                name="remittance_set_aside_has_note", condition=~Q(status=RemittanceStatus.SET_ASIDE) | ~Q(note="")
            ),
            models.CheckConstraint(
                name="remittance_twin_was_decided",
                condition=Q(twin_number=1) | (Q(twin_number__gt=1, conflicts_with__isnull=False) & ~Q(note="")),
            ),
        ]
        indexes = [
            models.Index(fields=["entity", "-received_at"], name="remittance_of_entity"),
            models.Index(fields=["entity"], name="remittance_waiting", condition=Q(status__in=_WAITING)),
            models.Index(fields=["payer", "payment_date"], name="remittance_of_payer"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="remittance_posted_is_final",
                operation=pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=_POSTED_IS_FINAL,
            )
        ]

    def label(self) -> str:
        return self.trace_number or self.control


class RemittanceClaim(ScopedModel):
    """What a posted remittance says of one claim (CLP). Amounts are cents; a reversal carries them negated.

    `claim` is empty while the money waits in suspense. `patient_share`, `denied`, `allowed` are as posting took them.
    """

    SCOPING = Scoping(right=_READ, unit="remittance__entity_id")
    PHI = {
        "claim": Phi.LINK,
        "patient_control": Phi.IDENTIFIER,
        "payer_control": Phi.IDENTIFIER,
        "patient_name": Phi.IDENTIFIER,
        "member_id": Phi.IDENTIFIER,
        "charge": Phi.FINANCIAL,
        "paid": Phi.FINANCIAL,
    }

    remittance = models.ForeignKey(Remittance, on_delete=models.PROTECT, related_name="claims", db_index=False)
    number = models.PositiveIntegerField()
    claim = models.ForeignKey(
        Claim, on_delete=models.PROTECT, null=True, blank=True, related_name="adjudications", db_index=False
    )
    state = models.TextField()
    unmatched = models.TextField(default="", blank=True, help_text="why it came into suspense")
    patient_control = models.TextField()
    payer_control = models.TextField(default="", blank=True)
    claim_status = models.TextField(help_text="CLP02")
    patient_name = models.TextField(default="", blank=True)
    member_id = models.TextField(default="", blank=True)
    charge = models.BigIntegerField()
    paid = models.BigIntegerField()
    patient_share = models.BigIntegerField(default=0)
    denied = models.BigIntegerField(default=0)
    allowed = models.BigIntegerField(default=0)
    first = models.BooleanField(default=False, help_text="the first adjudication of its claim")
    adjudicated_on = models.DateField(help_text="when it counts: the day of the payment")
    applied_at = models.DateTimeField(null=True, blank=True)
    applied_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["remittance", "number"], name="remittance_claim_number_once"),
            one_of("unmatched", ["", *Unmatched], name="remittance_claim_unmatched_known"),
            models.CheckConstraint(
                name="remittance_claim_applied_has_claim",
                condition=Q(state=ClaimState.APPLIED, claim__isnull=False, applied_at__isnull=False)
                | (Q(state=ClaimState.SUSPENSE, claim__isnull=True, applied_at__isnull=True) & ~Q(unmatched="")),
            ),
            models.UniqueConstraint(
                fields=["claim"], name="remittance_claim_first_once", condition=Q(first=True, claim__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["claim"], name="remittance_claim_of_claim"),
            models.Index(
                fields=["remittance"], name="remittance_claim_suspended", condition=Q(state=ClaimState.SUSPENSE)
            ),
            models.Index(fields=["adjudicated_on"], name="remittance_claim_first", condition=Q(first=True)),
        ]

    def label(self) -> str:
        return self.patient_control


class RemittanceLine(ScopedModel):
    """What was paid and adjusted on one service (SVC), or beside the services of a claim (`code` is empty).

    `adjustments` are objects with group, reason, amount (cents), effect, category, denial.
    """

    SCOPING = Scoping(right=_READ, unit="remittance_claim__remittance__entity_id")
    PHI = {
        "claim_line": Phi.LINK,
        "control": Phi.IDENTIFIER,
        "code": Phi.CLINICAL,
        "service_date": Phi.CLINICAL,
        "charge": Phi.FINANCIAL,
        "paid": Phi.FINANCIAL,
        "adjustments": Phi.FINANCIAL,
    }

    remittance_claim = models.ForeignKey(
        RemittanceClaim, on_delete=models.PROTECT, related_name="lines", db_index=False
    )
    number = models.PositiveIntegerField()
    claim_line = models.ForeignKey(
        ClaimLine, on_delete=models.PROTECT, null=True, blank=True, related_name="remittance_lines", db_index=False
    )
    control = models.TextField(default="", blank=True)
    code = models.TextField(default="", blank=True)
    modifiers = ArrayField(models.TextField(), default=list, blank=True)
    billed_code = models.TextField(default="", blank=True)
    service_date = models.DateField(null=True, blank=True)
    charge = models.BigIntegerField()
    paid = models.BigIntegerField()
    adjusted = models.BigIntegerField()
    allowed = models.BigIntegerField(default=0)
    adjustments = models.JSONField(default=list)
    remarks = ArrayField(models.TextField(), default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["remittance_claim", "number"], name="remittance_line_number_once"),
            models.CheckConstraint(name="remittance_line_balances", condition=Q(charge=F("paid") + F("adjusted"))),
        ]
        indexes = [
            models.Index(fields=["claim_line"], name="remittance_line_of_line", condition=Q(claim_line__isnull=False))
        ]

    def label(self) -> str:
        return self.code


class ProviderAdjustment(ScopedModel):
    """Money beside the claims (PLB): interest, recoupment, capitation. A positive amount lowers the payment."""

    SCOPING = Scoping(right=_READ, unit="remittance__entity_id")
    PHI = {"reference": Phi.IDENTIFIER, "amount": Phi.FINANCIAL}

    remittance = models.ForeignKey(
        Remittance, on_delete=models.PROTECT, related_name="provider_adjustments", db_index=False
    )
    number = models.PositiveIntegerField()
    provider_id = models.TextField(default="", blank=True)
    fiscal_period_end = models.DateField(null=True, blank=True)
    reason = models.TextField()
    reference = models.TextField(default="", blank=True)
    amount = models.BigIntegerField()
    account_code = models.TextField(help_text="where it was posted")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["remittance", "number"], name="provider_adjustment_number_once"),
            models.CheckConstraint(name="provider_adjustment_has_account", condition=~Q(account_code="")),
        ]

    def label(self) -> str:
        return self.reason


class Denial(ScopedModel):
    """An amount that a payer refused, for one reason, on one line (or the whole claim): what the denial lists count.

    `source` names the work that was opened for it.
    """

    SCOPING = Scoping(right=_READ, unit="remittance_claim__remittance__entity_id")
    PHI = {"claim": Phi.LINK, "amount": Phi.FINANCIAL}

    remittance_claim = models.ForeignKey(RemittanceClaim, on_delete=models.PROTECT, related_name="denials")
    line = models.ForeignKey(RemittanceLine, on_delete=models.PROTECT, related_name="denials", db_index=False)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="denials", db_index=False)
    group = models.TextField()
    reason = models.TextField()
    category = models.TextField()
    amount = models.BigIntegerField()
    source = models.TextField()
    settled_at = models.DateTimeField(null=True, blank=True, help_text="when it was over, whatever ended it")
    outcome = models.TextField(default="", db_default="", blank=True)
    settled_by = models.UUIDField(null=True, blank=True)
    note = models.TextField(default="", db_default="", blank=True, help_text="why; no patient data")

    class Meta:
        constraints = [
            models.CheckConstraint(name="denial_amount_positive", condition=Q(amount__gt=0)),
            one_of("outcome", ["", *DenialOutcome], name="denial_outcome_known"),
            models.CheckConstraint(
                name="denial_outcome_has_time", condition=Q(outcome="") | Q(settled_at__isnull=False)
            ),
            models.CheckConstraint(name="denial_has_category", condition=~Q(category="") & ~Q(reason="")),
            models.UniqueConstraint(fields=["line", "group", "reason"], name="denial_once_per_line"),
        ]
        indexes = [
            models.Index(fields=["claim"], name="denial_of_claim"),
            models.Index(fields=["category"], name="denial_open", condition=Q(settled_at__isnull=True)),
        ]

    def label(self) -> str:
        return f"{self.group}-{self.reason}"
