"""Pages of fee schedules and contracts: lists scoped to the actor's entities."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medguild.foundation.access.guard import guarded
from medguild.foundation.ui import tables
from medguild.payers.pricing import selectors
from medguild.payers.pricing.permissions import FeesRight


class ScheduleTable(tables.Table):
    name = tables.Column(_("Name"), linkify=lambda record: reverse("payers:fee_schedule", args=[record.pk]))
    entity = tables.Column(_("Entity"), accessor="entity__name")
    kind = tables.Column(_("Kind"))
    starts = tables.DateColumn(_("From"), accessor="period__lower", orderable=False)
    ends = tables.DateColumn(_("Until"), accessor="period__upper", orderable=False)
    line_count = tables.NumberColumn(_("Codes"))

    key = "fee-schedules"
    caption = _("Fee schedules")
    empty = tables.Empty(_("No fee schedules"), _("Fees of your own entities are listed here."))


class FeeLineFilters(tables.FilterSet):
    q = tables.SearchFilter(fields=["code__istartswith"], label=_("Code"))


class FeeLineTable(tables.Table):
    code = tables.Column(_("Code"))
    modifier = tables.Column(_("Modifier"))
    amount = tables.MoneyColumn(_("Fee"))

    class Meta:
        order_by = ("code",)

    key = "fees"
    caption = _("Fees")
    filters = FeeLineFilters
    empty = tables.Empty(_("No fees yet"), _("Load the fees of this schedule."))


class ContractTable(tables.Table):
    payer = tables.Column(_("Payer"), accessor="payer__name")
    name = tables.Column(_("Contract"))
    entity = tables.Column(_("Entity"), accessor="entity__name")
    starts = tables.DateColumn(_("From"), accessor="period__lower", orderable=False)
    ends = tables.DateColumn(_("Until"), accessor="period__upper", orderable=False)
    rate_count = tables.NumberColumn(_("Rates"))

    key = "contracts"
    caption = _("Payer contracts")
    empty = tables.Empty(_("No contracts"), _("Contracts of your own entities are listed here."))


@guarded(FeesRight.READ)
def fee_schedule_list(request: HttpRequest) -> HttpResponseBase:
    rows = selectors.fee_schedules(request.actor)  # type: ignore[attr-defined]
    return tables.table_response(request, ScheduleTable, rows, "pricing/fees.html", {})


@guarded(FeesRight.READ)
def fee_schedule_detail(request: HttpRequest, schedule_id: UUID) -> HttpResponseBase:
    schedule = selectors.fee_schedule(request.actor, schedule_id)  # type: ignore[attr-defined]
    rows = selectors.fee_lines(request.actor, schedule_id)  # type: ignore[attr-defined]
    return tables.table_response(request, FeeLineTable, rows, "pricing/fee_schedule.html", {"schedule": schedule})


@guarded(FeesRight.READ)
def contract_list(request: HttpRequest) -> HttpResponseBase:
    rows = selectors.contracts(request.actor)  # type: ignore[attr-defined]
    return tables.table_response(request, ContractTable, rows, "pricing/contracts.html", {})
