"""Looking codes up on a date of service, and finding them by their beginning or by words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from medguild.foundation.codesets import rules
from medguild.foundation.codesets.models import Code, CodeSet
from medguild.foundation.codesets.rules import System
from medguild.foundation.kernel.verdict import Verdict, no, unknown, yes

MOST = 100
# The edition in force that day, else the nearest one; nearness is measured in days.
_EDITION = """
select id, version, period @> %(on)s::date as in_force from foundation_codeset where system = %(system)s
 order by period @> %(on)s::date desc,
          case when lower(period) > %(on)s::date then lower(period) - %(on)s::date
               else %(on)s::date - coalesce(upper(period), %(on)s::date) end
 limit 1"""
_COLUMNS = "code, label_text, selectable, attributes, period @> %(on)s::date or period is null"
_BY_CODE = f"""
select {_COLUMNS} from foundation_code
 where code_set_id = %(set)s and key like %(prefix)s and (selectable or not %(leaves)s)
 order by key limit %(limit)s"""
# A word like "unspecified" stands in tens of thousands of labels; rows lie by rank, so the first thousand is enough.
# The inner query is planned for all its rows (and so by the index), though no more than those are fetched.
_BY_WORDS = f"""
with hits as materialized (
    select code, key, rank, label_text, selectable, attributes, period from foundation_code
     where code_set_id = %(set)s and to_tsvector('simple', words) @@ to_tsquery('simple', %(query)s)
       and (selectable or not %(leaves)s))
select {_COLUMNS} from (select * from hits limit 1000) as likely
 order by rank, key limit %(limit)s"""


@dataclass(frozen=True, slots=True)
class Edition:
    """The edition that answers for a day; `in_force` is False when none is loaded for it and the nearest stands in."""

    id: UUID
    version: str
    in_force: bool


@dataclass(frozen=True, slots=True)
class FoundCode:
    """A code as found; `valid` says whether it holds on the day asked, `selectable` is False for headings."""

    code: str
    label: str
    selectable: bool
    attributes: Mapping[str, Any]
    valid: bool


def edition_on(system: System, on: dt.date) -> Edition | None:
    """Which edition answers for a day; None when the system has none at all."""
    with connection.cursor() as cursor:
        cursor.execute(_EDITION, {"system": system, "on": on})
        row = cursor.fetchone()
    return Edition(*row) if row else None


def lookup_many(system: System, codes: Collection[str], on: dt.date) -> dict[str, FoundCode]:
    """Codes as given to what they mean on a day; unknown ones are left out. Dots and capitals do not matter."""
    edition = edition_on(system, on)
    if edition is None or not codes:
        return {}
    by_key = {rules.key_of(code): code for code in codes}
    rows = Code.objects.filter(code_set_id=edition.id, key__in=list(by_key))
    return {by_key[row.key]: _found(row, on) for row in rows}


def lookup(system: System, code: str, on: dt.date) -> FoundCode | None:
    """What a code means on a day; None when the edition that answers does not have it."""
    return lookup_many(system, [code], on).get(code)


def check(system: System, code: str, on: dt.date) -> Verdict:
    """Whether a code may be used on a day. Unknown (None) where no edition for that day can tell."""
    return check_many(system, [code], on)[code]


def check_many(system: System, codes: Collection[str], on: dt.date) -> dict[str, Verdict]:
    """`check` of many codes with two queries."""
    edition = edition_on(system, on)
    if edition is None:
        return dict.fromkeys(codes, unknown("no_code_set", "No edition of this code set is loaded."))
    rows = Code.objects.filter(code_set_id=edition.id, key__in={rules.key_of(code) for code in codes})
    by_key = {row.key: row for row in rows}
    return {code: _verdict(by_key.get(rules.key_of(code)), edition, on) for code in codes}


def _verdict(row: Code | None, edition: Edition, on: dt.date) -> Verdict:
    if row is None:
        if not edition.in_force:
            return unknown("edition_missing", f"The code is not in the nearest edition, {edition.version}.")
        return no("unknown_code", f"There is no such code in the edition of this day, {edition.version}.")
    found = _found(row, on)
    if not found.valid:
        return no("not_valid_that_day", "The code is not valid on this day.")
    if not found.selectable:
        return no("heading", "This is a heading; choose a more exact code.")
    return yes("valid" if edition.in_force else "valid_in_nearest_edition", found.label)


def search(
    system: System, text: str, on: dt.date, limit: int = 20, *, only_selectable: bool = False
) -> list[FoundCode]:
    """Codes whose code begins with the text, or whose label has words that begin with all words of the text."""
    edition = edition_on(system, on)
    if edition is None or not text.strip():
        return []
    wanted = {"set": edition.id, "on": on, "leaves": only_selectable, "limit": max(1, min(limit, MOST))}
    if rules.looks_like_code(text):
        found = _run(_BY_CODE, {**wanted, "prefix": _like(rules.key_of(text))})
        if found:
            return found
    query = rules.prefix_query(text)
    return _run(_BY_WORDS, {**wanted, "query": query}) if query else []


def editions() -> QuerySet[CodeSet]:
    """All loaded editions, by system, newest first."""
    return CodeSet.objects.order_by("system", "-period")


def codes_of(edition: CodeSet) -> QuerySet[Code]:
    """All codes of an edition."""
    return Code.objects.filter(code_set=edition).order_by("key")


def _like(prefix: str) -> str:
    escaped = prefix.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"{escaped}%"


def _run(sql: str, parameters: Mapping[str, Any]) -> list[FoundCode]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [FoundCode(*row) for row in cursor.fetchall()]


def _found(row: Code, on: dt.date) -> FoundCode:
    valid = row.period is None or (
        (row.period.lower is None or row.period.lower <= on) and (row.period.upper is None or on < row.period.upper)
    )
    return FoundCode(row.code, row.label_text, row.selectable, row.attributes, valid)
