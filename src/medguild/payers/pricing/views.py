"""Pages of fee schedules and contracts: lists scoped to the actor's entities."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medguild.foundation.access.guard import guarded
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.payers.pricing import selectors
from medguild.payers.pricing.permissions import FeesRight
from medguild.payers.pricing.words import SCHEDULE_KINDS


class ScheduleTable(tables.Table):
    name = tables.Column(_("Name"), linkify=lambda record: reverse("payers:fee_schedule", args=[record.pk]))
    entity = tables.Column(_("Entity"), accessor="entity__name")
    kind = tables.Column(_("For whom"))
    starts = tables.DateColumn(_("From"), accessor="period__lower", orderable=False)
    ends = tables.DateColumn(_("Until"), accessor="period__upper", orderable=False)
    line_count = tables.NumberColumn(_("Codes"))

    key = "fee-schedules"
    caption = _("Fee schedules")
    empty = tables.Empty(_("No fee schedules"), _("Fees of your own entities are listed here."))

    def render_kind(self, value: str) -> str:
        return str(dict(SCHEDULE_KINDS).get(value, value))


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
    empty = tables.Empty(_("No fees yet"), _("Add a fee, or load the fees from a file."))


class KeptFeeLineTable(FeeLineTable):
    """For those who may change the fees: each opens."""

    code = tables.Column(_("Code"), linkify=lambda record: reverse("payers:fee", args=[record.pk]))


class ContractTable(tables.Table):
    payer = tables.Column(_("Payer"), accessor="payer__name")
    name = tables.Column(_("Contract"), linkify=lambda record: reverse("payers:contract", args=[record.pk]))
    entity = tables.Column(_("Entity"), accessor="entity__name")
    starts = tables.DateColumn(_("From"), accessor="period__lower", orderable=False)
    ends = tables.DateColumn(_("Until"), accessor="period__upper", orderable=False)
    rate_count = tables.NumberColumn(_("Rates"))

    key = "contracts"
    caption = _("Payer contracts")
    empty = tables.Empty(_("No contracts"), _("Contracts of your own entities are listed here."))


@guarded(FeesRight.READ)
def fee_schedule_list(request: HttpRequest) -> HttpResponseBase:
    rows = selectors.fee_schedules(actor_of(request))
    return tables.table_response(
        request, ScheduleTable, rows, "pricing/fees.html", {"keeps": actor_of(request).may(FeesRight.MANAGE)}
    )


@guarded(FeesRight.READ)
def fee_schedule_detail(request: HttpRequest, schedule_id: UUID) -> HttpResponseBase:
    schedule = selectors.fee_schedule(actor_of(request), schedule_id)
    rows = selectors.fee_lines(actor_of(request), schedule_id)
    scope = actor_of(request).scope(FeesRight.MANAGE)
    keeps = scope.everything or schedule.entity_id in scope.units
    context = {"schedule": schedule, "keeps": keeps}
    return tables.table_response(
        request, KeptFeeLineTable if keeps else FeeLineTable, rows, "pricing/fee_schedule.html", context
    )


@guarded(FeesRight.READ)
def contract_list(request: HttpRequest) -> HttpResponseBase:
    rows = selectors.contracts(actor_of(request))
    return tables.table_response(
        request, ContractTable, rows, "pricing/contracts.html", {"keeps": actor_of(request).may(FeesRight.MANAGE)}
    )
