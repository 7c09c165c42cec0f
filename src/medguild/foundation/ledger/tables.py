"""Lists of postings."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medguild.foundation.ledger.ports import entry_types
from medguild.foundation.ui import tables


class PostingFilters(tables.FilterSet):
    booked = tables.DateRangeFilter(field_name="booked_on", label=_("Booked"))
    service = tables.DateRangeFilter(field_name="service_date", label=_("Service date"))
    kind = tables.ChoiceFilter(
        field_name="entry__type", label=_("Kind"), choices=lambda: [(one.name, one.label) for one in entry_types]
    )


class PostingTable(tables.Table):
    booked_on = tables.DateColumn(_("Booked"))
    account = tables.Column(
        _("Account"),
        accessor="ledger_account__code",
        linkify=lambda record: reverse("ledger:account", args=[record.ledger_account_id]),
    )
    kind = tables.Column(
        _("Entry"), accessor="entry__type", linkify=lambda record: reverse("ledger:entry", args=[record.entry_id])
    )
    description = tables.Column(_("Description"), accessor="entry__description")
    service_date = tables.DateColumn(_("Service date"))
    debit = tables.MoneyColumn(_("Debit"), accessor="amount", orderable=False)
    credit = tables.MoneyColumn(_("Credit"), accessor="amount", orderable=False)

    class Meta:
        order_by = ("-booked_on",)

    key = "postings"
    caption = _("Postings")
    filters = PostingFilters
    patient_id = "patient_id"
    empty = tables.Empty(_("No postings"), _("Nothing was posted here in this time."))

    def render_account(self, record: Any) -> str:
        return str(record.ledger_account.label())

    def render_kind(self, value: str) -> str:
        return _word(value)

    def render_debit(self, value: int) -> str:
        return tables.MoneyColumn().render(value) if value > 0 else ""

    def render_credit(self, value: int) -> str:
        return tables.MoneyColumn().render(-value) if value < 0 else ""

    def value_debit(self, value: int) -> str:
        return tables.MoneyColumn().value(value=value) if value > 0 else ""

    def value_credit(self, value: int) -> str:
        return tables.MoneyColumn().value(value=-value) if value < 0 else ""


def _word(entry_type: str) -> str:
    declared = entry_types.find(entry_type)
    return str(declared.label) if declared else entry_type


class EntryFilters(tables.FilterSet):
    posted = tables.DateRangeFilter(field_name="occurred_on", label=_("Happened on"))
    kind = tables.ChoiceFilter(
        field_name="type", label=_("Kind"), choices=lambda: [(one.name, one.label) for one in entry_types]
    )


class EntryTable(tables.Table):
    occurred_on = tables.DateColumn(_("Happened on"))
    type = tables.Column(_("Entry"), linkify=lambda record: reverse("ledger:entry", args=[record.pk]))
    description = tables.Column(_("Description"))
    posted_at = tables.DateColumn(_("Posted"))

    key = "journal"
    caption = _("Journal")
    filters = EntryFilters
    empty = tables.Empty(_("No entries"), _("Charges, payments and adjustments post themselves and stand here."))

    def render_type(self, value: str) -> str:
        return _word(value)
