"""The rows behind the numbers."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medguild.foundation.ui import tables


class LagTable(tables.Table):
    code = tables.Column(_("Charge"), linkify=lambda record: reverse("charges:show", args=[record.pk]))
    patient = tables.Column(_("Patient"), accessor="patient__label", orderable=False)
    site = tables.Column(_("Site"), accessor="site__name")
    rendering = tables.Column(_("Clinician"), accessor="rendering__label", orderable=False)
    service_date = tables.DateColumn(_("Day of service"))
    captured_on = tables.DateColumn(_("Charged on"))
    lag = tables.NumberColumn(_("Days"))

    class Meta:
        order_by = ("-lag",)

    key = "charge-lag"
    caption = _("Charges posted")
    patient_id = "patient_id"
    empty = tables.Empty(_("No charges in this time"))

    def render_lag(self, value: Any) -> int:
        return int(value.days)


class CleanTable(tables.Table):
    number = tables.Column(_("Claim"), linkify=lambda record: reverse("claims:show", args=[record.pk]))
    patient = tables.Column(_("Patient"), accessor="patient__label", orderable=False)
    payer = tables.Column(_("Payer"), accessor="payer__name")
    site = tables.Column(_("Site"), accessor="site__name")
    rendering = tables.Column(_("Clinician"), accessor="rendering__label", orderable=False)
    created_at = tables.DateTimeColumn(_("Made"))
    charge = tables.MoneyColumn(_("Charge"), total=True)
    passed_first = tables.StatusColumn(
        _("At first"), tones={"True": "ok", "False": "warn"}, labels={"True": _("Clean"), "False": _("Touched")}
    )

    class Meta:
        order_by = ("passed_first",)

    key = "clean-claims"
    caption = _("Claims that met the edits")
    patient_id = "patient_id"
    empty = tables.Empty(_("No claims in this time"))


class FirstAnswerTable(tables.Table):
    claim = tables.Column(
        _("Claim"), accessor="claim__number", linkify=lambda record: reverse("claims:show", args=[record.claim_id])
    )
    patient = tables.Column(_("Patient"), accessor="claim__patient__label", orderable=False)
    payer = tables.Column(_("Payer"), accessor="claim__payer__name")
    site = tables.Column(_("Site"), accessor="claim__site__name")
    adjudicated_on = tables.DateColumn(_("Decided on"))
    charge = tables.MoneyColumn(_("Charge"), total=True)
    paid = tables.MoneyColumn(_("Paid"), total=True)
    patient_share = tables.MoneyColumn(_("Patient share"), total=True)
    denied = tables.MoneyColumn(_("Denied"), total=True)

    class Meta:
        order_by = ("-denied",)

    key = "first-answers"
    caption = _("First decisions of payers")
    patient_id = "claim__patient_id"
    empty = tables.Empty(_("No decisions in this time"))
