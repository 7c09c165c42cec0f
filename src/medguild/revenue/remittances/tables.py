"""Lists of payments, of what they say of claims, of what waits, and of denials."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from medguild.foundation.ui import tables
from medguild.payers.payers.models import Payer
from medguild.revenue.remittances.models import Denial, Remittance, RemittanceClaim
from medguild.revenue.remittances.rules import ClaimState
from medguild.revenue.remittances.words import CATEGORIES, CLAIM_STATUS, HOLDS, STATUS, TONES, UNMATCHED


def _page(record: Remittance) -> str:
    return reverse("remittances:show", args=[record.pk])


class RemittanceFilters(tables.FilterSet):
    q = tables.SearchFilter(fields=["trace_number__istartswith", "payer_name__icontains"], label=_("Number or payer"))
    status = tables.ChoiceFilter(choices=list(STATUS.items()), label=_("State"))
    payer = tables.ModelChoiceFilter(queryset=lambda request: Payer.objects.order_by("name"), label=_("Payer"))
    payment_date = tables.DateRangeFilter(field_name="payment_date", label=_("Paid on"))


class RemittanceTable(tables.Table):
    trace_number = tables.Column(_("Check or EFT number"), linkify=_page, empty_values=())
    payer_name = tables.Column(_("Payer"))
    entity = tables.Column(_("Payee"), accessor="entity__name")
    payment_date = tables.DateColumn(_("Paid on"))
    claim_count = tables.NumberColumn(_("Claims"))
    amount = tables.MoneyColumn(_("Payment"), total=True)
    status = tables.StatusColumn(_("State"), tones=TONES, labels=STATUS)
    received_at = tables.DateTimeColumn(_("Received"))

    class Meta:
        order_by = ("-received_at",)

    key = "remittances"
    caption = _("Remittances")
    filters = RemittanceFilters
    empty = tables.Empty(_("No remittances yet"), _("Payers send them as 835 files; take the first one in."))

    def render_trace_number(self, record: Remittance) -> str:
        return record.label() or "–"


class WaitingTable(tables.Table):
    trace_number = tables.Column(_("Check or EFT number"), linkify=_page, empty_values=())
    payer_name = tables.Column(_("Payer"))
    entity = tables.Column(_("Received by"), accessor="entity__name")
    amount = tables.MoneyColumn(_("Payment"))
    difference = tables.MoneyColumn(_("Difference"))
    hold = tables.Column(_("Why it waits"))
    status = tables.StatusColumn(_("State"), tones=TONES, labels=STATUS)
    received_at = tables.DateTimeColumn(_("Received"))

    class Meta:
        order_by = ("received_at",)

    key = "quarantine"
    caption = _("Remittances that wait")
    empty = tables.Empty(
        _("Nothing waits"), _("What does not balance, is damaged, or has the key of another payment would be here.")
    )

    def render_trace_number(self, record: Remittance) -> str:
        return record.label() or "–"

    def render_hold(self, value: str) -> Any:
        return HOLDS.get(value, value)


class ClaimFilters(tables.FilterSet):
    q = tables.SearchFilter(
        fields=["patient_control__istartswith", "patient_name__icontains"], label=_("Claim or name")
    )
    state = tables.ChoiceFilter(
        choices=[(ClaimState.APPLIED.value, _("Posted to the claim")), (ClaimState.SUSPENSE.value, _("In suspense"))],
        label=_("Where it went"),
    )
    denied = tables.FlagFilter(field_name="denied__gt", value=0, label=_("With denials"))
    shared = tables.FlagFilter(field_name="patient_share__gt", value=0, label=_("With patient share"))


class AnswerTable(tables.Table):
    """What one remittance says of its claims."""

    patient_control = tables.Column(
        _("Claim"), linkify=lambda record: reverse("remittances:claim", args=[record.remittance_id, record.pk])
    )
    patient = tables.Column(_("Patient"), accessor="patient_name", orderable=False, empty_values=())
    claim_status = tables.Column(_("The payer says"))
    charge = tables.MoneyColumn(_("Charge"), total=True)
    allowed = tables.MoneyColumn(_("Allowed"), total=True)
    paid = tables.MoneyColumn(_("Paid"), total=True)
    patient_share = tables.MoneyColumn(_("Patient share"), total=True)
    denied = tables.MoneyColumn(_("Denied"), total=True)
    state = tables.StatusColumn(
        _("Where it went"),
        tones={ClaimState.APPLIED: "ok", ClaimState.SUSPENSE: "warn"},
        labels={ClaimState.APPLIED: _("Posted"), ClaimState.SUSPENSE: _("In suspense")},
    )

    class Meta:
        order_by = ("number",)

    key = "answers"
    caption = _("Claims of this remittance")
    filters = ClaimFilters
    patient_id = "claim__patient_id"
    empty = tables.Empty(_("No claims"), _("This payment speaks of no claim."))

    def render_patient(self, record: RemittanceClaim) -> str:
        return record.claim.patient.label() if record.claim else record.patient_name or "–"

    def render_claim_status(self, value: str) -> Any:
        return CLAIM_STATUS.get(value, value)


class SuspenseTable(tables.Table):
    patient_control = tables.Column(
        _("Claim number"), linkify=lambda record: reverse("remittances:place", args=[record.pk])
    )
    patient_name = tables.Column(_("Patient, as the payer says"))
    payer = tables.Column(_("Payer"), accessor="remittance__payer_name")
    entity = tables.Column(_("Received by"), accessor="remittance__entity__name")
    trace = tables.Column(
        _("Payment"), accessor="remittance__trace_number", linkify=lambda record: _page(record.remittance)
    )
    charge = tables.MoneyColumn(_("Charge"))
    paid = tables.MoneyColumn(_("Paid"), total=True)
    unmatched = tables.Column(_("Why it waits"))

    class Meta:
        order_by = ("adjudicated_on",)

    key = "suspense"
    caption = _("Claims in suspense")
    empty = tables.Empty(_("Nothing in suspense"), _("Every claim that payers answered was found."))

    def render_unmatched(self, value: str) -> Any:
        return UNMATCHED.get(value, value)


class PayeeTable(tables.Table):
    trace_number = tables.Column(_("Check or EFT number"), linkify=_page, empty_values=())
    payee_name = tables.Column(_("Payee, as the payer says"))
    payee_identifier = tables.Column(_("Payee number"))
    payer_name = tables.Column(_("Payer"))
    amount = tables.MoneyColumn(_("Payment"), total=True)

    class Meta:
        order_by = ("received_at",)

    key = "unknown-payees"
    caption = _("Payments whose payee is not known")
    empty = tables.Empty(_("All payees are known"))

    def render_trace_number(self, record: Remittance) -> str:
        return record.label() or "–"


class DenialFilters(tables.FilterSet):
    category = tables.ChoiceFilter(choices=list(CATEGORIES.items()), label=_("Category"))
    payer = tables.ModelChoiceFilter(
        field_name="claim__payer", queryset=lambda request: Payer.objects.order_by("name"), label=_("Payer")
    )
    reason = tables.SearchFilter(fields=["reason__iexact"], label=_("Reason code"))


class DenialTable(tables.Table):
    claim = tables.Column(
        _("Claim"), accessor="claim__number", linkify=lambda record: reverse("claims:show", args=[record.claim_id])
    )
    patient = tables.Column(_("Patient"), accessor="claim__patient__label", orderable=False)
    payer = tables.Column(_("Payer"), accessor="claim__payer__name")
    site = tables.Column(_("Site"), accessor="claim__site__name")
    category = tables.Column(_("Category"))
    reason = tables.Column(
        _("Reason"), accessor="label", order_by=("reason",),
        linkify=lambda record: reverse("remittances:denial", args=[record.pk]),
    )  # fmt: skip
    amount = tables.MoneyColumn(_("Denied"), total=True)
    source = tables.Column(_("Work"), orderable=False, in_csv=False)

    class Meta:
        order_by = ("-amount",)

    key = "denials"
    caption = _("Open denials")
    filters = DenialFilters
    patient_id = "claim__patient_id"
    empty = tables.Empty(_("No open denials"), _("What payers refuse is listed here until they decide anew."))

    work: dict[str, Any]

    def render_category(self, value: str) -> Any:
        return CATEGORIES.get(value, value)

    def render_source(self, value: str, record: Denial) -> Any:
        item = getattr(self.request, "denial_work", {}).get(value)
        if item is None:
            return _("Nobody owns it yet")
        return format_html('<a href="{}">{}</a>', reverse("work:item", args=[item.pk]), _("Open the work"))
