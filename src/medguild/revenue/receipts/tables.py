"""Lists of receipts."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medguild.foundation.ui import tables
from medguild.patients.identity.filters import PatientSearch
from medguild.revenue.receipts.models import Receipt
from medguild.revenue.receipts.words import METHOD_CHOICES, METHODS, PURPOSES


class ReceiptFilters(tables.FilterSet):
    q = PatientSearch(fields=["number__iexact"], label=_("Number or patient"))
    method = tables.ChoiceFilter(choices=METHOD_CHOICES, label=_("Paid by"))
    taken = tables.DateRangeFilter(field_name="taken_at__date", label=_("Taken"))


class ReceiptTable(tables.Table):
    number = tables.Column(_("Receipt"), linkify=lambda record: reverse("receipts:show", args=[record.pk]))
    taken_at = tables.DateTimeColumn(_("Taken"), zone="site__site__time_zone")
    patient = tables.Column(
        _("Patient"), accessor="patient__label", order_by=("patient__family_key", "patient__given_key")
    )
    purpose = tables.Column(_("For"))
    method = tables.Column(_("Paid by"))
    amount = tables.MoneyColumn(_("Amount"))
    site = tables.Column(_("Site"), accessor="site__name")
    state = tables.Column(_("State"), accessor="is_void", orderable=False)

    class Meta:
        order_by = ("-taken_at",)

    key = "receipts"
    caption = _("Receipts")
    filters = ReceiptFilters
    patient_id = "patient_id"
    empty = tables.Empty(_("No receipts"), _("Receipts are written when a patient pays at the desk."))

    def render_purpose(self, value: str) -> Any:
        return PURPOSES.get(value, value)

    def render_method(self, value: str) -> Any:
        return METHODS.get(value, value)

    def render_state(self, record: Receipt) -> Any:
        return _("Void") if record.is_void else _("In force")
