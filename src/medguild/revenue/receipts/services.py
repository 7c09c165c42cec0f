"""Taking a payment, and taking it back."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date, now
from medguild.foundation.kernel.errors import Conflict, NotAllowed, NotVisible, Refusal
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.kernel.money import Cents, dollars
from medguild.foundation.ledger.models import Entry
from medguild.foundation.ledger.ports import PAYMENT
from medguild.foundation.ledger.services import post_between, reverse
from medguild.foundation.organization.models import Site, Unit
from medguild.foundation.organization.selectors import entity_of
from medguild.operations.visits.models import Visit
from medguild.patients.accounts.models import AccountMember, GuarantorAccount
from medguild.patients.identity.models import Patient
from medguild.patients.identity.selectors import alias_ids
from medguild.revenue.receipts import rules
from medguild.revenue.receipts.applying import allocate, apply_unapplied, placed_of, standing_of
from medguild.revenue.receipts.errors import DrawerClosed, NoDrawer, NotVoidable
from medguild.revenue.receipts.lines import kept, received, settling
from medguild.revenue.receipts.models import Drawer, Receipt
from medguild.revenue.receipts.permissions import ReceiptsRight
from medguild.revenue.receipts.recording import TAKEN, VOIDED, lock_account, next_number, tell
from medguild.revenue.receipts.rules import DrawerStatus, Method, Purpose, Share
from medguild.revenue.receipts.standing import SOURCE, debts


@transaction.atomic
def take_payment(
    *,
    account: GuarantorAccount,
    patient: Patient,
    site: Site,
    amount: Cents,
    method: Method,
    purpose: Purpose,
    by: Actor,
    visit: Visit | None = None,
    reference: str = "",
    receipt_id: UUID | None = None,
    at: dt.datetime | None = None,
) -> Receipt:
    """Take money at a site for an account, and settle what is owed, the oldest service first; the rest is kept.

    A co-pay waits for its own visit (`rules.within_reach`). Money for another entity's account makes due-to and
    due-from. With the `receipt_id` of an earlier call the same receipt comes back, so a form sent twice takes once.
    Raises NotAllowed, NoDrawer, Refusal (`other_circle`, `not_on_account`, `amount`), Conflict.
    """
    moment = at or now()
    _may_take(by, site)
    _belongs(account, patient, visit)
    held = lock_account(account.pk)
    taken = _taken_before(receipt_id, held, amount)
    if taken is not None:
        return taken
    if not 1 <= amount <= rules.LARGEST:
        most = dollars(rules.LARGEST)
        raise Refusal(_("Write an amount from $0.01 to %(most)s.") % {"most": most}, code="amount", field="amount")
    if purpose is Purpose.COPAY and visit is None:
        raise Refusal(_("A co-pay belongs to a visit; choose another purpose."), field="purpose")
    receipt = Receipt.objects.create(
        id=receipt_id or new_id(), number=rules.receipt_number(next_number("revenue_receipt_number")),
        patient=patient, account=held, entity=_receiving_entity(site, moment), site=site.unit, visit=visit,
        amount=amount, method=method, reference=reference.strip(), purpose=purpose,
        drawer=_drawer(by, site, method), taken_at=moment, taken_by=by.id, taken_by_label=by.label,
    )  # fmt: skip
    _post(receipt, by=by, day=local_date(moment, site.time_zone), at=moment)
    tell(TAKEN, receipt, by, moment, purpose=purpose)
    return receipt


def _may_take(by: Actor, site: Site) -> None:
    scope = by.scope(ReceiptsRight.TAKE)
    if not scope.everything and site.unit_id not in scope.units:
        raise NotAllowed(_("You may not take money at this site."))


def _belongs(account: GuarantorAccount, patient: Patient, visit: Visit | None) -> None:
    """The patient is on the account (or is the guarantor), and the visit is the patient's."""
    ids = alias_ids(patient.pk)
    if patient.circle_id != account.circle_id:
        raise Refusal(_("This account and the patient share no records."), code="other_circle")
    members = AccountMember.objects.unscoped("whether the patient is on the account")
    on_it = members.filter(account=account, patient_id__in=ids).exists()
    if not on_it and account.guarantor_patient_id not in ids:
        raise Refusal(_("This patient is not on this account."), code="not_on_account")
    if visit is not None and visit.patient_id not in ids:
        raise Refusal(_("This visit is another patient's."), code="not_on_account")


def _taken_before(receipt_id: UUID | None, account: GuarantorAccount, amount: Cents) -> Receipt | None:
    if receipt_id is None:
        return None
    rows = Receipt.objects.unscoped("a form sent twice takes once").select_related("account")
    found: Receipt | None = rows.filter(pk=receipt_id).first()
    if found is not None and (found.account_id != account.pk or found.amount != amount):
        raise Conflict(_("This form was used for another payment; open it again."))
    return found


def _receiving_entity(site: Site, moment: dt.datetime) -> Unit:
    entity = entity_of(site.unit_id, on=local_date(moment, site.time_zone))
    if entity is None:
        raise Refusal(_("No legal entity stands over this site today. Ask the administrator."), code="no_entity")
    return entity


def _drawer(by: Actor, site: Site, method: Method) -> Drawer | None:
    """The taker's open drawer here, held so that nobody closes it before we commit; cash needs one."""
    rows = Drawer.objects.unscoped("the drawer of the one who takes").select_for_update(no_key=True)
    mine = rows.filter(site_id=site.unit_id, status=DrawerStatus.OPEN)
    found: Drawer | None = mine.filter(opened_by=by.id).first() if by.id else None
    if found is None and method is Method.CASH:
        raise NoDrawer(_("Open your drawer before you take cash."), field="method")
    return found


def _post(receipt: Receipt, *, by: Actor, day: dt.date, at: dt.datetime) -> None:
    reach = rules.within_reach(debts(receipt.account_id), purpose=receipt.purpose, visit_id=receipt.visit_id)
    shares = rules.allocate(receipt.amount, reach, most=standing_of(receipt.account_id).patient)
    entry = post_between(
        entry_type=PAYMENT,
        lines=[received(receipt), *settling(receipt, shares), kept(receipt, receipt.amount - rules.total(shares))],
        occurred_on=day,
        source_key=f"receipt:{receipt.pk}",
        source_type=SOURCE,
        source_id=receipt.pk,
        by=by,
        at=at,
    )
    allocate(receipt, shares, entry, at)


@transaction.atomic
def void_receipt(*, receipt: Receipt, reason: str, by: Actor, at: dt.datetime | None = None) -> Receipt:
    """Take a receipt back on its own day while its drawer is open: every entry of it is reversed.

    By the one who took it, or who looks after the site's drawers. Raises NotVisible, NotAllowed, NotVoidable,
    DrawerClosed, Refusal without a reason.
    """
    moment = at or now()
    lock_account(receipt.account_id)
    held = _lock(receipt, by)
    if not reason.strip():
        raise Refusal(_("Write why the receipt is voided."), field="reason")
    _refuse_late_void(held, by, moment)
    entries = Entry.objects.unscoped("the receipt's own entries").filter(source_type=SOURCE, source_id=held.pk)
    # The site's day, as when it was taken: in UTC an evening belongs to tomorrow, perhaps to another month.
    day = local_date(moment, held.site.site.time_zone)
    reversals = [
        reverse(entry=entry, by=by, reason="receipt voided", occurred_on=day, at=moment)
        for entry in entries.filter(reverses__isnull=True, reversed_by__isnull=True).order_by("pk")
    ]
    back = [Share(share.charge_id, -share.amount) for share in placed_of(held)]
    allocate(held, back, reversals[-1], moment)
    held.voided_at, held.voided_by, held.void_reason = moment, by.id, reason.strip()
    held.save(update_fields=["voided_at", "voided_by", "void_reason"])
    tell(VOIDED, held, by, moment)
    apply_unapplied(account_id=held.account_id, by=by, at=moment)
    return held


def _lock(receipt: Receipt, by: Actor) -> Receipt:
    rows = Receipt.objects.visible_to(by, ReceiptsRight.TAKE).select_related("account", "site__site", "drawer")
    held: Receipt | None = rows.select_for_update(of=("self",), no_key=True).filter(pk=receipt.pk).first()
    if held is None:
        raise NotVisible
    return held


def _refuse_late_void(held: Receipt, by: Actor, moment: dt.datetime) -> None:
    if held.is_void:
        raise NotVoidable(_("This receipt has been voided already."))
    close = by.scope(ReceiptsRight.CLOSE)
    if held.taken_by != by.id and not close.everything and held.site_id not in close.units:
        raise NotAllowed(_("Only the one who took the money, or the manager, may void this receipt."))
    if held.drawer_id is not None:
        drawers = Drawer.objects.unscoped("the drawer of this receipt").select_for_update(no_key=True)
        if drawers.get(pk=held.drawer_id).status != DrawerStatus.OPEN:
            raise DrawerClosed(_("The drawer of this receipt is closed; pay the money back as a refund instead."))
        return
    zone = held.site.site.time_zone
    if local_date(held.taken_at, zone) != local_date(moment, zone):
        raise NotVoidable(_("A receipt can be voided on its own day only; pay the money back as a refund instead."))
