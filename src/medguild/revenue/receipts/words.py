"""Words of receipts."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.revenue.receipts.rules import Method, Purpose

METHODS: dict[str, Promise] = {
    Method.CASH: _("Cash"),
    Method.CARD: _("Card"),
    Method.CHECK: _("Check"),
    Method.OTHER: _("Other"),
}
PURPOSES: dict[str, Promise] = {
    Purpose.COPAY: _("Co-pay"),
    Purpose.BALANCE: _("Balance"),
    Purpose.PREPAYMENT: _("Prepayment"),
}
METHOD_CHOICES = [(method.value, METHODS[method]) for method in Method]
# A co-pay is taken at a visit, from its check-in list.
DESK_PURPOSES = [(purpose.value, PURPOSES[purpose]) for purpose in (Purpose.BALANCE, Purpose.PREPAYMENT)]
