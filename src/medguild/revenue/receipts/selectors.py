"""Questions about receipts and drawers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet, Sum

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import at_local
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.kernel.money import Cents
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.selectors import sites_visible
from medguild.operations.visits.ports import VisitRef
from medguild.patients.accounts.models import AccountMember
from medguild.patients.accounts.rules import AccountKind
from medguild.patients.coverage.selectors import coverages_on
from medguild.patients.identity.selectors import alias_ids
from medguild.payers.payers.rules import PayerKind
from medguild.revenue.receipts import rules
from medguild.revenue.receipts.drawers import cash_in
from medguild.revenue.receipts.models import Allocation, Drawer, Receipt
from medguild.revenue.receipts.permissions import ReceiptsRight
from medguild.revenue.receipts.rules import DrawerStatus, Method, Purpose
from medguild.revenue.receipts.standards import usual_copay

_SEEN = "the receipt or drawer is visible"


def receipts(actor: Actor, right: str = ReceiptsRight.READ) -> QuerySet[Receipt]:
    """Receipts that the actor may see, newest first."""
    rows = Receipt.objects.visible_to(actor, right)
    return rows.select_related("patient", "site__site", "account", "drawer").order_by("-taken_at", "-pk")


def receipt_for(actor: Actor, receipt_id: UUID, right: str = ReceiptsRight.READ) -> Receipt:
    """Raises NotVisible."""
    rows = receipts(actor, right).select_related(
        "account__entity__entity", "account__guarantor_patient", "entity__entity"
    )
    found = rows.filter(pk=receipt_id).first()
    if found is None:
        raise NotVisible
    return found


def settled_by(receipt: Receipt) -> list[Allocation]:
    """What a receipt that a selector gave out has settled, with the charges, in order."""
    rows = Allocation.objects.unscoped(_SEEN).filter(receipt=receipt)
    return list(rows.select_related("charge__patient").order_by("made_at", "pk"))


def site_for(actor: Actor, unit_id: UUID, right: str = ReceiptsRight.TAKE) -> Site:
    """A site on which the actor holds the right. Raises NotVisible."""
    site = sites_visible(actor, right).filter(unit_id=unit_id).first()
    if site is None:
        raise NotVisible
    return site


def my_drawer(actor: Actor, site_id: UUID) -> Drawer | None:
    """The actor's open drawer at a site."""
    if actor.id is None:
        return None
    rows = Drawer.objects.unscoped("one's own drawer")
    return rows.filter(site_id=site_id, opened_by=actor.id, status=DrawerStatus.OPEN).first()


def drawer_for(actor: Actor, drawer_id: UUID) -> Drawer:
    """One's own drawer, or any of a site whose drawers one looks after. Raises NotVisible."""
    rows = Drawer.objects.visible_to(actor, ReceiptsRight.TAKE).select_related("site__site")
    found = rows.filter(pk=drawer_id).first()
    if found is None:
        raise NotVisible
    close = actor.scope(ReceiptsRight.CLOSE)
    if found.opened_by != actor.id and not close.everything and found.site_id not in close.units:
        raise NotVisible
    return found


@dataclass(frozen=True, slots=True)
class DrawerView:
    """A drawer with its receipts and what must lie in it; `totals` are sums by method without void receipts."""

    drawer: Drawer
    receipts: Sequence[Receipt]
    totals: Mapping[str, Cents]
    expected: Cents

    @property
    def taken(self) -> Cents:
        return sum(self.totals.values())

    @property
    def cash(self) -> Cents:
        return self.totals[Method.CASH]


def drawer_view(drawer: Drawer) -> DrawerView:
    """A drawer that a selector gave out."""
    rows = Receipt.objects.unscoped(_SEEN).filter(drawer=drawer).select_related("patient", "account")
    found = list(rows.order_by("-taken_at", "-pk"))
    valid = [(receipt.method, receipt.amount) for receipt in found if not receipt.is_void]
    return DrawerView(
        drawer, found, rules.totals(valid), drawer.expected if drawer.expected is not None else cash_in(drawer)
    )


@dataclass(frozen=True, slots=True)
class DayClose:
    """The money of a site on a day: every drawer opened then or still open, and what was taken without one."""

    drawers: Sequence[DrawerView]
    without_drawer: Sequence[Receipt]
    totals: Mapping[str, Cents]

    @property
    def open_count(self) -> int:
        return sum(1 for view in self.drawers if view.drawer.status == DrawerStatus.OPEN)

    @property
    def taken(self) -> Cents:
        return sum(self.totals.values())

    @property
    def difference(self) -> Cents:
        return sum(view.drawer.difference or 0 for view in self.drawers)


def day_close(site: Site, day: dt.date) -> DayClose:
    """The caller has checked that the actor looks after the site's drawers."""
    begin = at_local(day, dt.time(), site.time_zone)
    end = at_local(day + dt.timedelta(days=1), dt.time(), site.time_zone)
    drawers = Drawer.objects.unscoped(_SEEN).filter(site_id=site.unit_id, opened_at__gte=begin, opened_at__lt=end)
    views = [drawer_view(drawer) for drawer in drawers.order_by("opened_at")]
    rows = Receipt.objects.unscoped(_SEEN).filter(site_id=site.unit_id, drawer=None)
    others = list(rows.filter(taken_at__gte=begin, taken_at__lt=end).select_related("patient").order_by("taken_at"))
    valid = [
        (one.method, one.amount)
        for one in [*others, *(receipt for view in views for receipt in view.receipts)]
        if not one.is_void
    ]
    return DayClose(views, others, rules.totals(valid))


def drawers_left_open(site: Site, before: dt.date) -> list[Drawer]:
    """Drawers of earlier days that nobody has closed."""
    begin = at_local(before, dt.time(), site.time_zone)
    rows = Drawer.objects.unscoped(_SEEN).filter(site_id=site.unit_id, status=DrawerStatus.OPEN, opened_at__lt=begin)
    return list(rows.order_by("opened_at"))


def expected_copay(ref: VisitRef) -> Cents:
    """What the patient of a visit is to pay at check-in; nothing without insurance."""
    coverages = coverages_on(alias_ids(ref.patient_id), ref.day)
    if not coverages or coverages[0].payer.kind == PayerKind.SELF_PAY:
        return 0
    return usual_copay(ref.site_id, coverages[0].payer_id, ref.day)


def copay_taken(visit_id: UUID | None) -> Cents:
    if visit_id is None:
        return 0
    rows = Receipt.objects.unscoped("the visit is visible").filter(visit_id=visit_id, purpose=Purpose.COPAY)
    return int(rows.filter(voided_at__isnull=True).aggregate(sum=Sum("amount"))["sum"] or 0)


def copays_left(refs: Collection[VisitRef]) -> dict[VisitRef, Cents]:
    """What is still to be taken of the co-pays of many visits: a standard is asked once per payer, not per visit."""
    visit_ids = [ref.visit_id for ref in refs if ref.visit_id is not None]
    rows = Receipt.objects.unscoped("the visits are visible").filter(visit_id__in=visit_ids, purpose=Purpose.COPAY)
    sums = rows.filter(voided_at__isnull=True).order_by().values_list("visit_id").annotate(sum=Sum("amount"))
    taken: dict[UUID, int] = dict(sums)
    usual: dict[tuple[UUID, UUID, dt.date], Cents] = {}
    left: dict[VisitRef, Cents] = {}
    for day in {ref.day for ref in refs}:
        of_day = [ref for ref in refs if ref.day == day]
        first: dict[UUID, UUID] = {}
        for coverage in coverages_on({ref.patient_id for ref in of_day}, day):
            if coverage.payer.kind != PayerKind.SELF_PAY:
                first.setdefault(coverage.patient_id, coverage.payer_id)
        for ref in of_day:
            payer_id = first.get(ref.patient_id)
            if payer_id is None:
                continue
            key = (ref.site_id, payer_id, day)
            if key not in usual:
                usual[key] = usual_copay(*key)
            left[ref] = max(0, usual[key] - (taken.get(ref.visit_id, 0) if ref.visit_id else 0))
    return left


def accounts_on(refs: Collection[VisitRef]) -> dict[VisitRef, UUID]:
    """The personal account of each visit's patient at the visit's entity on its day, in one query."""
    rows = AccountMember.objects.unscoped("accounts of visits that the caller may see").filter(
        kind=AccountKind.PERSONAL,
        patient_id__in={ref.patient_id for ref in refs},
        entity_id__in={ref.entity_id for ref in refs},
    )
    found: dict[VisitRef, UUID] = {}
    for member in rows:
        for ref in refs:
            same = member.patient_id == ref.patient_id and member.entity_id == ref.entity_id
            if same and ref.day in member.period:
                found[ref] = member.account_id
    return found
