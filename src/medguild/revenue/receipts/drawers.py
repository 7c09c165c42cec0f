"""Opening a drawer, counting and closing it."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date, now
from medguild.foundation.kernel.errors import NotAllowed, NotVisible, Refusal
from medguild.foundation.kernel.money import Cents, dollars
from medguild.foundation.ledger.ports import declare_entry_type
from medguild.foundation.ledger.rules import Chart, credit, debit, without_zeros
from medguild.foundation.ledger.services import post
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.selectors import entity_of
from medguild.revenue.receipts import rules
from medguild.revenue.receipts.errors import DifferenceNeedsReason, DrawerClosed, DrawerOpenAlready
from medguild.revenue.receipts.models import Drawer, Receipt
from medguild.revenue.receipts.permissions import ReceiptsRight
from medguild.revenue.receipts.recording import DRAWER_CLOSED, DRAWER_OPENED, tell_drawer
from medguild.revenue.receipts.rules import DrawerStatus, Method

DRAWER_COUNT = declare_entry_type("drawer_count", gettext_lazy("Drawer counted"))


@transaction.atomic
def open_drawer(*, site: Site, float_amount: Cents, by: Actor, at: dt.datetime | None = None) -> Drawer:
    """Begin a drawer at a site with the money that lies in it. Raises NotAllowed, DrawerOpenAlready, Refusal."""
    moment = at or now()
    scope = by.scope(ReceiptsRight.TAKE)
    if by.id is None or not (scope.everything or site.unit_id in scope.units):
        raise NotAllowed(_("You may not take money at this site."))
    if not 0 <= float_amount <= rules.LARGEST:
        raise Refusal(_("Write what lies in the drawer now, like 100.00."), field="float_amount")
    entity = entity_of(site.unit_id, on=local_date(moment, site.time_zone))
    if entity is None:
        raise Refusal(_("No legal entity stands over this site today. Ask the administrator."), code="no_entity")
    drawer = Drawer(
        site=site.unit, entity=entity, opened_by=by.id, opened_by_label=by.label, opened_at=moment,
        float_amount=float_amount,
    )  # fmt: skip
    try:
        with transaction.atomic():
            drawer.save(force_insert=True)
    except IntegrityError as error:  # two screens at the same moment: the constraint decides
        raise DrawerOpenAlready(_("You have an open drawer at this site already.")) from error
    tell_drawer(DRAWER_OPENED, drawer, by, moment, float_amount=float_amount)
    return drawer


def cash_in(drawer: Drawer) -> Cents:
    """What must lie in a drawer now. The caller has seen the drawer."""
    rows = Receipt.objects.unscoped("the drawer is visible").filter(drawer=drawer, method=Method.CASH)
    taken = rows.filter(voided_at__isnull=True).aggregate(sum=Sum("amount"))["sum"] or 0
    return rules.expected_cash(drawer.float_amount, int(taken))


@transaction.atomic
def close_drawer(
    *, drawer: Drawer, counted: Cents, by: Actor, reason: str = "", at: dt.datetime | None = None
) -> Drawer:
    """Count and close: the takings go on to the deposit, a difference to over and short, with its reason.

    By its owner or by who looks after the site's drawers. Raises NotVisible, NotAllowed, DrawerClosed,
    DifferenceNeedsReason, Refusal.
    """
    moment = at or now()
    held = _lock(drawer, by)
    if counted < 0:
        raise Refusal(_("Write what was counted, like 250.00."), field="counted")
    expected = cash_in(held)
    if counted != expected and not reason.strip():
        words = _("Expected are %(expected)s, counted %(counted)s. Count again, or write why they differ.")
        raise DifferenceNeedsReason(
            words % {"expected": dollars(expected), "counted": dollars(counted)}, field="reason"
        )
    held.status, held.counted, held.expected, held.closed_at = DrawerStatus.CLOSED, counted, expected, moment
    held.closed_by, held.closed_by_label = by.id, by.label
    held.difference_reason = reason.strip() if counted != expected else ""
    held.save()
    _post(held, counted, expected, by=by, at=moment)
    tell_drawer(DRAWER_CLOSED, held, by, moment, counted=counted, expected=expected)
    return held


def _lock(drawer: Drawer, by: Actor) -> Drawer:
    rows = Drawer.objects.visible_to(by, ReceiptsRight.TAKE).select_related("site__site")
    held: Drawer | None = rows.select_for_update(of=("self",), no_key=True).filter(pk=drawer.pk).first()
    if held is None:
        raise NotVisible
    close = by.scope(ReceiptsRight.CLOSE)
    if held.opened_by != by.id and not close.everything and held.site_id not in close.units:
        raise NotAllowed(_("Only its owner or the manager may close this drawer."))
    if held.status != DrawerStatus.OPEN:
        raise DrawerClosed(_("This drawer was counted and closed already."))
    return held


def _post(drawer: Drawer, counted: Cents, expected: Cents, *, by: Actor, at: dt.datetime) -> None:
    """The float stays in the drawer and was never in the books; what was taken leaves it."""
    entity_id, site = drawer.entity_id, {"site_id": drawer.site_id}
    lines = without_zeros(
        [
            debit(entity_id, Chart.UNDEPOSITED, counted - drawer.float_amount, **site),
            credit(entity_id, Chart.DRAWER, expected - drawer.float_amount, **site),
            debit(entity_id, Chart.OVER_SHORT, expected - counted, **site),
        ]
    )
    if lines:
        post(
            entry_type=DRAWER_COUNT, lines=lines, occurred_on=local_date(at, drawer.site.site.time_zone),
            source_key=f"drawer:{drawer.pk}", source_type="drawer", source_id=drawer.pk, by=by, at=at,
        )  # fmt: skip
