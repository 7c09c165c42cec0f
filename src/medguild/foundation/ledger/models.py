"""The books: accounts per legal entity, months, entries, postings.

Entries and postings are final: triggers refuse to change them, to add to an entry of an earlier transaction, to post
into a closed month, and, once at commit per entry, to leave any entity out of balance. See docs/algorithms/posting.md.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from medguild.foundation.kernel.models import ScopedModel, one_of
from medguild.foundation.kernel.phi import NO_PHI, Phi
from medguild.foundation.kernel.scoping import Scoping
from medguild.foundation.ledger.permissions import LedgerRight
from medguild.foundation.ledger.rules import AccountKind, PeriodStatus, Side
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.people import Clinician


class LedgerAccount(ScopedModel):
    """One account of one legal entity. (The account of a guarantor is another thing: a dimension of postings.)"""

    SCOPING = Scoping(right=LedgerRight.READ, unit="entity_id")
    PHI = NO_PHI

    entity = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="ledger_accounts", db_index=False)
    code = models.TextField()
    name = models.TextField()
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in AccountKind])
    side = models.TextField(choices=[(side.value, side.value) for side in Side])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entity", "code"], name="ledger_account_code_once"),
            models.UniqueConstraint(fields=["id", "entity"], name="ledger_account_with_entity"),
            one_of("kind", list(AccountKind), name="ledger_account_kind_known"),
            one_of("side", list(Side), name="ledger_account_side_known"),
            models.CheckConstraint(name="ledger_account_has_code", condition=~Q(code="") & ~Q(name="")),
        ]

    def label(self) -> str:
        return f"{self.code} {self.name}"


class AccountingPeriod(ScopedModel):
    """A month of an entity's books, named by its first day. The closed months are those before the open ones."""

    SCOPING = Scoping(right=LedgerRight.READ, unit="entity_id")
    PHI = NO_PHI

    entity = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="accounting_periods", db_index=False)
    month = models.DateField()
    status = models.TextField(default=PeriodStatus.OPEN)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.UUIDField(null=True, blank=True, help_text="user; empty when a job closed it")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entity", "month"], name="period_once_per_month"),
            models.UniqueConstraint(fields=["id", "entity"], name="period_with_entity"),
            models.CheckConstraint(name="period_begins_on_the_first", condition=Q(month__day=1)),
            one_of("status", list(PeriodStatus), name="period_status_known"),
            models.CheckConstraint(
                name="period_closed_has_time",
                condition=Q(status=PeriodStatus.CLOSED, closed_at__isnull=False)
                | Q(status=PeriodStatus.OPEN, closed_at__isnull=True, closed_by__isnull=True),
            ),
        ]

    def label(self) -> str:
        return f"{self.month:%Y-%m}"


class Entry(ScopedModel):
    """One thing that happened to money, in the books of one or several entities; seen by readers of any of them.

    `source_key` makes posting exactly-once. A column `xid` (xid8), set by trigger, names the transaction that made
    the entry; postings of another transaction are refused.
    """

    SCOPING = Scoping(right=LedgerRight.READ, unit="postings__entity_id")
    PHI = {"source_id": Phi.LINK, "source_key": Phi.LINK}

    type = models.TextField()
    description = models.TextField(default="", blank=True, help_text="words for accountants; no patient data")
    occurred_on = models.DateField()
    posted_at = models.DateTimeField()
    posted_by = models.UUIDField(null=True, blank=True, help_text="user or token; empty when a job posted it")
    source_type = models.TextField(default="", blank=True)
    source_id = models.UUIDField(null=True, blank=True)
    source_key = models.TextField()
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source_key"], name="entry_source_once"),
            models.CheckConstraint(name="entry_has_source_key", condition=~Q(source_key="")),
            models.CheckConstraint(name="entry_has_type", condition=~Q(type="")),
            models.CheckConstraint(
                name="entry_not_reversing_itself", condition=Q(reverses__isnull=True) | ~Q(reverses=F("id"))
            ),
        ]
        indexes = [
            models.Index(fields=["source_type", "source_id"], name="entry_of_source", condition=~Q(source_type="")),
        ]

    def label(self) -> str:
        return self.description or self.type


class Posting(ScopedModel):
    """Signed cents on one account: a debit is positive, a credit negative.

    The database holds entry, and account and period with their entity, by foreign keys made in SQL (composite, so
    that an account of another entity cannot be used). The ids of upper wings are checked each night.
    `booked_on` is the day on which it counts; `service_date` says which day's work the money is for.
    """

    SCOPING = Scoping(right=LedgerRight.READ, unit="entity_id")
    PHI = {
        "amount": Phi.FINANCIAL,
        "patient_id": Phi.LINK,
        "account_id": Phi.LINK,
        "claim_line_id": Phi.LINK,
        "service_date": Phi.CLINICAL,
    }

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="postings")
    entity = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    ledger_account = models.ForeignKey(
        LedgerAccount, on_delete=models.PROTECT, related_name="postings", db_constraint=False, db_index=False
    )
    period = models.ForeignKey(
        AccountingPeriod, on_delete=models.PROTECT, related_name="postings", db_constraint=False, db_index=False
    )
    booked_on = models.DateField()
    amount = models.BigIntegerField()
    site = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    clinician = models.ForeignKey(
        Clinician, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    counterparty = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    payer_id = models.UUIDField(null=True, blank=True)
    patient_id = models.UUIDField(null=True, blank=True)
    account_id = models.UUIDField(null=True, blank=True, help_text="the guarantor's account")
    claim_line_id = models.UUIDField(null=True, blank=True)
    service_date = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="posting_amount_not_zero", condition=~Q(amount=0)),
            models.CheckConstraint(
                name="posting_counterparty_is_another",
                condition=Q(counterparty__isnull=True) | ~Q(counterparty=F("entity")),
            ),
        ]
        indexes = [
            # Balances and receivables are summed from the index alone.
            models.Index(
                fields=["ledger_account", "booked_on"],
                include=["amount", "entity", "period"],
                name="posting_of_account",
            ),
            # In the order of those who owe, so that sums by debtor need no sorting.
            models.Index(
                fields=["ledger_account", "account_id", "payer_id"],
                include=["amount", "booked_on"],
                name="posting_of_debtor",
            ),
            models.Index(
                fields=["account_id"],
                include=["ledger_account", "amount"],
                name="posting_of_guarantor",
                condition=Q(account_id__isnull=False),
            ),
            models.Index(
                fields=["claim_line_id"], name="posting_of_claim_line", condition=Q(claim_line_id__isnull=False)
            ),
            models.Index(fields=["period", "entry"], name="posting_of_period"),
        ]
