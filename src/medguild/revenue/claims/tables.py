"""Lists of claims and of the files in which they were sent."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medguild.foundation.ui import tables
from medguild.patients.identity.filters import PatientSearch
from medguild.payers.payers.models import Payer
from medguild.revenue.claims.models import Claim
from medguild.revenue.claims.selectors import with_open_denial
from medguild.revenue.claims.words import STATUS, TONES


class OpenDenialFilter(tables.FlagFilter):
    """A tick box: only claims with refused amounts that wait for a decision."""

    def filter(self, qs: QuerySet[Claim], value: bool) -> QuerySet[Claim]:
        return with_open_denial(qs) if value else qs


class ClaimFilters(tables.FilterSet):
    q = PatientSearch(fields=["number__istartswith"], label=_("Claim number or patient"))
    status = tables.ChoiceFilter(choices=list(STATUS.items()), label=_("State"))
    denial = OpenDenialFilter(label=_("Denial open"))
    payer = tables.ModelChoiceFilter(queryset=lambda request: Payer.objects.order_by("name"), label=_("Payer"))
    service_from = tables.DateRangeFilter(field_name="service_from", label=_("Day of service"))


class ClaimTable(tables.Table):
    number = tables.Column(_("Claim"), linkify=lambda record: reverse("claims:show", args=[record.pk]))
    patient = tables.Column(
        _("Patient"), accessor="patient__label", order_by=("patient__family_key", "patient__given_key")
    )
    payer = tables.Column(_("Payer"), accessor="payer__name")
    service_from = tables.DateColumn(_("Day of service"))
    rendering = tables.Column(_("Clinician"), accessor="rendering__label", orderable=False)
    charge = tables.MoneyColumn(_("Charge"), total=True)
    status = tables.StatusColumn(_("State"), tones=TONES, labels=STATUS)

    class Meta:
        order_by = ("-service_from",)

    key = "claims"
    caption = _("Claims")
    filters = ClaimFilters
    patient_id = "patient_id"
    empty = tables.Empty(_("No claims"), _("Claims are made of ready charges of insured patients."))


class FileTable(tables.Table):
    written_at = tables.DateTimeColumn(_("Written"))
    filename = tables.Column(_("File"), linkify=lambda record: reverse("documents:download", args=[record.document_id]))
    entity = tables.Column(_("Billed by"), accessor="entity__name")
    interchange_control = tables.NumberColumn(_("Control number"))
    claim_count = tables.NumberColumn(_("Claims"))
    charge = tables.MoneyColumn(_("Charge"))

    class Meta:
        order_by = ("-written_at",)

    key = "claim-files"
    caption = _("Files sent")
    empty = tables.Empty(_("No files yet"), _("A file is written when ready claims are sent."))
