"""Pages of long lists: counted up to a limit, and found by their keys before whole rows are read."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable
from django.db.models.sql.where import WhereNode
from django_tables2.rows import BoundRows

COUNT_LIMIT = 10_000
# From here on the keys of a page are found first: the database then sorts and skips keys, not rows with all they name.
LONG = 200


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts at most COUNT_LIMIT rows, so that a list over a million rows stays quick."""

    @property
    def _source(self) -> Any:
        return self.object_list.data.data  # type: ignore[attr-defined]

    @cached_property
    def _few(self) -> list[Any] | None:
        """All keys in no order when they are few: what passed costly filters once is not asked again. Else None."""
        rows = self._source
        if not (isinstance(rows, QuerySet) and _is_of_models(rows)) or rows.query.combinator:
            return None
        keys = list(_keys(rows.order_by())[: LONG + 1])
        return keys if len(keys) <= LONG else None

    @cached_property
    def _rows(self) -> tuple[int, bool]:
        if self._few is not None:
            return len(self._few), False
        rows = self._source
        counted = _keys(rows.order_by())[: COUNT_LIMIT + 1].count() if isinstance(rows, QuerySet) else len(rows)
        return min(counted, COUNT_LIMIT), counted > COUNT_LIMIT

    @property
    def count(self) -> int:
        return self._rows[0]

    @property
    def capped(self) -> bool:
        return self._rows[1]

    def page(self, number: int | str) -> Page[Any]:
        rows = self._source
        if not (isinstance(rows, QuerySet) and _is_of_models(rows)) or rows.query.combinator:
            return super().page(number)
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        found = self._of_few(rows, first) if self._few is not None else self._of_many(rows, first)
        return Page(BoundRows(data=found, table=self.object_list.table), number, self)  # type: ignore[attr-defined]

    def _of_few(self, rows: QuerySet[Any], first: int) -> list[Model]:
        kept = _without_filters(rows).filter(pk__in=self._few or [])
        return list(kept[first : first + self.per_page])

    def _of_many(self, rows: QuerySet[Any], first: int) -> list[Model]:
        keys = list(_keys(rows)[first : first + self.per_page])
        by_key: dict[Any, Model] = {row.pk: row for row in _without_filters(rows.order_by()).filter(pk__in=keys)}
        return [by_key[key] for key in keys if key in by_key]


def _without_filters(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows whose keys have passed the filters need not pass them again; sums over a filtered join still need them."""
    bare = rows.all()
    if bare.query.group_by is None:
        bare.query.where = WhereNode()
    return bare


def _is_of_models(rows: QuerySet[Any]) -> bool:
    return issubclass(rows._iterable_class, ModelIterable) and not rows.query.is_sliced


def _keys(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Only the keys of rows: what is computed for each of them is left out, unless the order asks for it."""
    return rows.values_list("pk", flat=True) if _is_of_models(rows) else rows
