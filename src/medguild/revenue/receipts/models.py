"""Drawers, receipts, and what each receipt settled. Receipts and allocations are final; a void adds, never removes."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from medguild.foundation.kernel.models import ScopedModel, one_of
from medguild.foundation.kernel.phi import NO_PHI, Phi
from medguild.foundation.kernel.scoping import Scoping
from medguild.foundation.ledger.models import Entry
from medguild.foundation.organization.models import Unit
from medguild.operations.visits.models import Visit
from medguild.patients.accounts.models import GuarantorAccount
from medguild.patients.identity.models import Patient
from medguild.revenue.charges.models import Charge
from medguild.revenue.receipts.rules import LARGEST, DrawerStatus, Method, Purpose
from medguild.revenue.receipts.words import METHODS

_CLOSED_IS_FINAL = """
    if old.status = 'closed' then
        raise exception 'a closed drawer stays as it was counted'
            using errcode = 'integrity_constraint_violation', constraint = 'drawer_closed_is_final';
    end if;
    return coalesce(new, old);
"""
# Only a void may come to a receipt, and only while its drawer is open; the money in it would not fit the count else.
_RECEIPT_IS_FINAL = """
    if tg_op = 'DELETE' or old.voided_at is not null
       or to_jsonb(new) - array['voided_at', 'voided_by', 'void_reason']
          is distinct from to_jsonb(old) - array['voided_at', 'voided_by', 'void_reason'] then
        raise exception 'a receipt stays as it was written'
            using errcode = 'integrity_constraint_violation', constraint = 'receipt_is_final';
    end if;
    return new;
"""
_IN_OPEN_DRAWER = """
    if new.drawer_id is not null and not exists (
        select from revenue_drawer d
         where d.id = new.drawer_id and d.status = 'open' and d.site_id = new.site_id) then
        raise exception 'money goes into an open drawer of the site'
            using errcode = 'integrity_constraint_violation', constraint = 'receipt_in_open_drawer';
    end if;
    return new;
"""
_ALLOCATION_IS_FINAL = """
    raise exception 'an allocation is taken back by another one'
        using errcode = 'integrity_constraint_violation', constraint = 'allocation_is_final';
"""
# Once per statement, for all of its rows. The receipts are locked first, so that two at once do not each see room for
# themselves.
_WITHIN_RECEIPT = """
    perform from revenue_receipt r
      where r.id in (select f.receipt_id from fresh f) order by r.id for no key update;
    if exists (
        select from (select distinct f.receipt_id from fresh f) touched
          join revenue_receipt r on r.id = touched.receipt_id
         where (select coalesce(sum(a.amount), 0) from revenue_allocation a where a.receipt_id = r.id)
               not between 0 and r.amount) then
        raise exception 'a receipt settles at most its own amount'
            using errcode = 'integrity_constraint_violation', constraint = 'allocation_within_receipt';
    end if;
    if exists (
        select from fresh f
          join revenue_receipt r on r.id = f.receipt_id
          left join revenue_charge c on c.id = f.charge_id
         where f.account_id <> r.account_id or f.account_id <> c.account_id) then
        raise exception 'receipt, charge and allocation belong to one account'
            using errcode = 'integrity_constraint_violation', constraint = 'allocation_one_account';
    end if;
    return null;
"""


class Drawer(ScopedModel):
    """A cash drawer of one person at a site, from opening to count. Over or short is counted minus expected."""

    SCOPING = Scoping(right="receipts.take", unit="site_id")
    PHI = NO_PHI

    site = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="drawers", db_index=False)
    entity = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    opened_by = models.UUIDField()
    opened_by_label = models.TextField()
    opened_at = models.DateTimeField()
    float_amount = models.BigIntegerField(help_text="cents that lay in it at the beginning")
    status = models.TextField(default=DrawerStatus.OPEN)
    counted = models.BigIntegerField(null=True, blank=True)
    expected = models.BigIntegerField(null=True, blank=True)
    difference_reason = models.TextField(default="", blank=True)
    closed_by = models.UUIDField(null=True, blank=True)
    closed_by_label = models.TextField(default="", blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            one_of("status", list(DrawerStatus), name="drawer_status_known"),
            models.UniqueConstraint(
                fields=["site", "opened_by"],
                condition=Q(status=DrawerStatus.OPEN),
                name="drawer_one_open_per_user_and_site",
            ),
            models.CheckConstraint(name="drawer_float_not_negative", condition=Q(float_amount__gte=0)),
            models.CheckConstraint(
                name="drawer_counted_not_negative", condition=Q(counted__isnull=True) | Q(counted__gte=0)
            ),
            models.CheckConstraint(
                name="drawer_closed_is_counted",
                condition=(
                    ~Q(status=DrawerStatus.CLOSED) & Q(counted=None, expected=None, closed_at=None, closed_by=None)
                )
                | Q(
                    status=DrawerStatus.CLOSED,
                    counted__isnull=False,
                    expected__isnull=False,
                    closed_at__isnull=False,
                    closed_at__gte=F("opened_at"),
                ),
            ),
            models.CheckConstraint(
                name="drawer_difference_has_reason",
                condition=Q(counted__isnull=True) | Q(counted=F("expected")) | ~Q(difference_reason=""),
            ),
        ]
        indexes = [models.Index(fields=["site", "opened_at"], name="drawer_of_site")]
        triggers = [
            pgtrigger.Trigger(
                name="drawer_closed_is_final",
                operation=pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=_CLOSED_IS_FINAL,
            )
        ]

    def label(self) -> str:
        return f"{self.opened_by_label} {self.opened_at:%Y-%m-%d}"

    @property
    def difference(self) -> int | None:
        """Cents over (positive) or short (negative)."""
        return None if self.counted is None or self.expected is None else self.counted - self.expected


class Receipt(ScopedModel):
    """Money taken from a patient or guarantor. `entity` received it; the account may be another entity's."""

    SCOPING = Scoping(right="receipts.read", unit="site_id", patient="patient_id")
    PHI = {
        "number": Phi.IDENTIFIER,
        "patient": Phi.LINK,
        "account": Phi.LINK,
        "visit": Phi.LINK,
        "amount": Phi.FINANCIAL,
        "reference": Phi.FINANCIAL,
        "void_reason": Phi.FINANCIAL,
    }

    number = models.TextField()
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="receipts", db_index=False)
    account = models.ForeignKey(GuarantorAccount, on_delete=models.PROTECT, related_name="receipts", db_index=False)
    entity = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    site = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="receipts", db_index=False)
    visit = models.ForeignKey(
        Visit, on_delete=models.PROTECT, null=True, blank=True, related_name="receipts", db_index=False
    )
    amount = models.BigIntegerField()
    method = models.TextField()
    reference = models.TextField(default="", blank=True, help_text="check number or authorisation of the card")
    purpose = models.TextField()
    drawer = models.ForeignKey(
        Drawer, on_delete=models.PROTECT, null=True, blank=True, related_name="receipts", db_index=False
    )
    taken_at = models.DateTimeField()
    taken_by = models.UUIDField(null=True, blank=True)
    taken_by_label = models.TextField()
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_by = models.UUIDField(null=True, blank=True)
    void_reason = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="receipt_number_once"),
            models.CheckConstraint(name="receipt_number_form", condition=Q(number__regex=r"^R[0-9]{8,}$")),
            models.CheckConstraint(name="receipt_amount_in_range", condition=Q(amount__gte=1, amount__lte=LARGEST)),
            one_of("method", list(Method), name="receipt_method_known"),
            one_of("purpose", list(Purpose), name="receipt_purpose_known"),
            models.CheckConstraint(
                name="receipt_cash_has_drawer", condition=~Q(method=Method.CASH) | Q(drawer__isnull=False)
            ),
            models.CheckConstraint(
                name="receipt_copay_has_visit", condition=~Q(purpose=Purpose.COPAY) | Q(visit__isnull=False)
            ),
            models.CheckConstraint(
                name="receipt_void_is_whole",
                condition=Q(voided_at=None, voided_by=None, void_reason="")
                | (Q(voided_at__isnull=False, voided_at__gte=F("taken_at")) & ~Q(void_reason="")),
            ),
        ]
        indexes = [
            models.Index(fields=["account", "taken_at"], name="receipt_of_account"),
            models.Index(fields=["site", "taken_at"], name="receipt_of_site"),
            models.Index(fields=["patient", "taken_at"], name="receipt_of_patient"),
            models.Index(fields=["drawer"], name="receipt_of_drawer", condition=Q(drawer__isnull=False)),
            models.Index(fields=["visit"], name="receipt_of_visit", condition=Q(visit__isnull=False)),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="receipt_is_final",
                operation=pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=_RECEIPT_IS_FINAL,
            ),
            pgtrigger.Trigger(
                name="receipt_in_open_drawer",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=_IN_OPEN_DRAWER,
            ),
        ]

    def label(self) -> str:
        return self.number

    @property
    def is_void(self) -> bool:
        return self.voided_at is not None

    @property
    def method_words(self) -> str:
        return str(METHODS[self.method])


class Allocation(ScopedModel):
    """A part of a receipt that settles a charge (or, without one, a balance that no charge explains).

    Negative where a part came free again. The rows of a receipt sum to what of it is applied.
    """

    SCOPING = Scoping(right="receipts.read", unit="receipt__site_id", patient="receipt__patient_id")
    PHI = {"receipt": Phi.LINK, "account": Phi.LINK, "charge": Phi.LINK, "amount": Phi.FINANCIAL}

    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="allocations")
    account = models.ForeignKey(GuarantorAccount, on_delete=models.PROTECT, related_name="allocations")
    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, null=True, blank=True, related_name="allocations")
    amount = models.BigIntegerField()
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="allocation_amount_not_zero", condition=~Q(amount=0))]
        triggers = [
            pgtrigger.Trigger(
                name="allocation_is_final",
                operation=pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=_ALLOCATION_IS_FINAL,
            ),
            pgtrigger.Trigger(
                name="allocation_fits",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                level=pgtrigger.Statement,
                referencing=pgtrigger.Referencing(new="fresh"),  # type: ignore[no-untyped-call]
                func=_WITHIN_RECEIPT,
            ),
        ]
