"""Tables: sort, filter, page, CSV, bulk acts. django-tables2 and django-filter work, this room dresses them.

Rooms declare a `Table` (and a `FilterSet`) and answer with `table_response`; see the README of this room.
"""

from __future__ import annotations

from medguild.foundation.ui.tables.columns import (
    Column,
    DateColumn,
    DateTimeColumn,
    MoneyColumn,
    NumberColumn,
    PeriodColumn,
    PersonColumn,
    StatusColumn,
)
from medguild.foundation.ui.tables.filters import (
    ChoiceFilter,
    DateRangeFilter,
    FilterSet,
    FlagFilter,
    LocalDayFilter,
    ModelChoiceFilter,
    SearchFilter,
)
from medguild.foundation.ui.tables.response import build, table_response
from medguild.foundation.ui.tables.table import BulkAct, Empty, Table

__all__ = [
    "BulkAct",
    "ChoiceFilter",
    "Column",
    "DateColumn",
    "DateRangeFilter",
    "DateTimeColumn",
    "Empty",
    "FilterSet",
    "FlagFilter",
    "LocalDayFilter",
    "ModelChoiceFilter",
    "MoneyColumn",
    "NumberColumn",
    "PeriodColumn",
    "PersonColumn",
    "SearchFilter",
    "StatusColumn",
    "Table",
    "build",
    "table_response",
]
