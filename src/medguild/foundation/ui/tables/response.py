"""The answer to a request for a table: the page, its fragment, its CSV file, or a bulk act."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.core.paginator import InvalidPage
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django_tables2.rows import BoundRow
from django_tables2.utils import Accessor

from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.kernel.guard import note_reads
from medguild.foundation.ui.rules import csv_cell
from medguild.foundation.ui.seeking import opened
from medguild.foundation.ui.tables.filters import sought_fields
from medguild.foundation.ui.tables.paging import CappedPaginator
from medguild.foundation.ui.tables.table import EXPORT, Table, row_key
from medguild.foundation.ui.toasts import toast

CHUNK = 2_000


def table_response(
    request: HttpRequest,
    table_class: type[Table],
    rows: QuerySet[Any] | list[Any],
    template: str,
    context: dict[str, Any] | None = None,
    *,
    prefix: str = "",
) -> HttpResponseBase:
    """The page with `table` in its context; its fragment for HTMX; a CSV file for `?_export=`; a bulk act for POST.

    `rows` must already be scoped to the actor. Patients shown or exported are noted as read when the table names
    `patient_id`.
    """
    if request.method == "POST" and "_bulk" in request.POST:
        return _run_bulk(request, build(request, table_class, rows, prefix=prefix, paged=False))
    if request.GET.get(EXPORT) == table_class.key and table_class.exportable:
        return csv_response(build(request, table_class, rows, prefix=prefix, paged=False))
    table = build(request, table_class, rows, prefix=prefix)
    if request.headers.get("HX-Target", "").endswith(f"#{table.dom_id}"):
        answer = render(request, "ui/_table.html", {"table": table})
        if table.sought:  # the form was posted elsewhere, and led here
            answer["HX-Push-Url"] = request.get_full_path()
        return answer
    return render(request, template, {**(context or {}), "table": table})


def build(
    request: HttpRequest,
    table_class: type[Table],
    rows: QuerySet[Any] | list[Any],
    *,
    prefix: str = "",
    paged: bool = True,
) -> Table:
    """A table bound to the request: filtered, sorted, and (if `paged`) cut to its page. For pages with several tables
    give each its own class key and prefix."""
    filter_set = None
    if table_class.filters is not None:
        given = {"queryset": rows, "request": request, "prefix": prefix.rstrip("-") or None}
        filter_set = table_class.filters(request.GET, **given)
        if table_class.patient_id:
            filter_set = table_class.filters(opened(request, sought_fields(filter_set)), **given)
        rows = filter_set.qs
    table = table_class(rows, prefix=prefix)
    table.request = request
    table.filter_set = filter_set
    sort = request.GET.get(table.prefixed_order_by_field)
    if sort:
        table.order_by = sort
    _settle_ties(table)
    if paged:
        _cut(table, request.GET.get(table.prefixed_page_field, "1"))
        note_reads(request, _patients(table, table.records))
    return table


def _settle_ties(table: Table) -> None:
    """Rows that sort alike keep their order from page to page."""
    rows = table.data.data
    if isinstance(rows, QuerySet) and rows.query.order_by and not rows.query.is_sliced:
        table.data.data = rows.order_by(*rows.query.order_by, "pk")


def _cut(table: Table, page: str) -> None:
    try:
        table.paginate(paginator_class=CappedPaginator, page=page)
    except InvalidPage:
        table.paginate(paginator_class=CappedPaginator, page=1)


def _patients(table: Table, records: Iterable[Any]) -> list[UUID]:
    if not table.patient_id:
        return []
    path = Accessor(table.patient_id)
    found = (path.resolve(record, quiet=True) for record in records)
    return [patient for patient in found if isinstance(patient, UUID)]


class _Echo:
    """A file that hands back what is written, for the csv module."""

    def write(self, text: str) -> str:
        return text


def csv_response(table: Table) -> StreamingHttpResponse:
    """All filtered rows as a CSV file, streamed; starts with a byte order mark so that spreadsheets read accents."""
    rows = table.data.data
    if table.patient_id:
        note_reads(table.request, _all_patients(table, rows))
    response = StreamingHttpResponse(_csv_lines(table, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{table.key}-{now():%Y-%m-%d}.csv"'
    return response


def _all_patients(table: Table, rows: Any) -> list[UUID]:
    if isinstance(rows, QuerySet):
        path = table.patient_id.replace(".", "__")
        return [patient for patient in rows.order_by().values_list(path, flat=True).distinct() if patient is not None]
    return _patients(table, rows)


def _csv_lines(table: Table, rows: Any) -> Iterator[str]:
    writer = csv.writer(_Echo())
    columns = [bound for bound in table.columns if getattr(bound.column, "in_csv", True)]
    yield "\ufeff" + str(writer.writerow([csv_cell(bound.header) for bound in columns]))
    records = rows.iterator(chunk_size=CHUNK) if isinstance(rows, QuerySet) else rows
    for record in records:
        row = BoundRow(record, table=table)
        yield str(writer.writerow([csv_cell(row.get_cell_value(bound.name)) for bound in columns]))


def _run_bulk(request: HttpRequest, table: Table) -> HttpResponse:
    chosen = next((act for act in table.acts if act.key == request.POST.get("_bulk")), None)
    if chosen is None:
        raise PermissionDenied
    keys = set(request.POST.getlist("ids"))
    if not keys:
        toast(request, _("Select rows first."), tone="info")
        return redirect(request.get_full_path())
    try:
        toast(request, chosen.run(request, _chosen_rows(table, keys)))
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
    return redirect(request.get_full_path())


def _chosen_rows(table: Table, keys: set[str]) -> Any:
    rows = table.data.data
    if isinstance(rows, QuerySet):
        try:
            return rows.filter(pk__in=keys)
        except ValidationError:
            raise BadRequest("ids") from None
    return [row for row in rows if row_key(row) in keys]
