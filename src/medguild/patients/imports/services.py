"""Importing patients: one transaction, set-based, every constraint on, one event per patient."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from medguild.foundation.events.events import Happening, SubjectRef
from medguild.foundation.events.services import record_many
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import day_of, now
from medguild.foundation.kernel.ids import new_id
from medguild.patients.identity.events import REGISTERED
from medguild.patients.identity.numbering import pass_numbers, take_numbers
from medguild.patients.identity.permissions import PatientsRight
from medguild.patients.identity.rules import mrn as numbers
from medguild.patients.identity.rules.names import full_name
from medguild.patients.identity.rules.person import Problem
from medguild.patients.identity.services import circle_for, columns_of
from medguild.patients.imports import sql
from medguild.patients.imports.rules import Bad, Good, read_rows

_CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A row that was left out because somebody is there already: on file (`mrn`) or earlier in the file (`of_line`)."""

    line: int
    code: str
    of_line: int | None
    mrn: str | None


@dataclass(slots=True)
class ImportReport:
    """What became of a file. Nothing was written unless `imported` is above zero."""

    read: int = 0
    imported: int = 0
    duplicates: list[Duplicate] = field(default_factory=list)
    bad: list[Bad] = field(default_factory=list)
    ignored_columns: tuple[str, ...] = ()
    refused: bool = False
    dry_run: bool = False


@transaction.atomic
def import_patients(
    *,
    lines: Iterable[str],
    unit_id: UUID,
    by: Actor,
    skip_bad: bool = False,
    accept_similar: bool = False,
    dry_run: bool = False,
    at: dt.datetime | None = None,
) -> ImportReport:
    """Register everybody in a CSV file at a unit, except who is on file already in the unit's sharing circle.

    All or nothing: a row that cannot be kept refuses the file, unless `skip_bad`. Rows that look like somebody else
    (sound, phone) are left out too, unless `accept_similar`. Importing a file again changes nothing.
    Raises UnusableFile, NotAllowed, Refusal.
    """
    moment = at or now()
    circle_id = circle_for(unit_id, by, day_of(moment), right=PatientsRight.IMPORT)
    table, rows = read_rows(lines, today=day_of(moment))
    report = ImportReport(ignored_columns=table.ignored, dry_run=dry_run)
    _run(sql.TABLES)
    _copy(rows, report)
    _run(sql.INDEX)
    take_numbers(circle_id, 0)  # from here on nobody else registers in this circle
    _find_duplicates(circle_id, report, similar=not accept_similar)
    if report.bad and not skip_bad:
        report.refused = True
    if report.refused or dry_run:
        transaction.set_rollback(True)
        return report
    report.imported = _keep(circle_id, unit_id, by, moment)
    return report


def _copy(rows: Iterator[Good | Bad], report: ImportReport) -> None:
    with connection.cursor() as cursor, cursor.copy(sql.COPY) as copy:
        for row in rows:
            report.read += 1
            if isinstance(row, Bad):
                report.bad.append(row)
                continue
            values = columns_of(row.details)
            copy.write_row((row.line, new_id(), row.mrn, *[values[column] for column in sql.COLUMNS]))


def _find_duplicates(circle_id: UUID, report: ImportReport, *, similar: bool) -> None:
    with connection.cursor() as cursor:
        for statement in sql.FINDINGS:
            cursor.execute(statement, {"circle": circle_id})
        cursor.execute(sql.TOLD, {"similar": similar})
        told = cursor.fetchall()
        cursor.execute(sql.LEAVE_OUT, {"lines": [line for line, *_ in told]})
    for line, code, other_line, mrn in told:
        if code in sql.ERRORS:
            report.bad.append(Bad(line, (Problem("mrn", code),)))
        else:
            report.duplicates.append(Duplicate(line, code, other_line, mrn))
    report.bad.sort(key=lambda row: row.line)


def _keep(circle_id: UUID, unit_id: UUID, by: Actor, moment: dt.datetime) -> int:
    _go_above_given_numbers(circle_id)
    _run(sql.NUMBERS)
    for chunk in _chunks():
        _number(circle_id, chunk)
        record_many(REGISTERED, (_happening(row, unit_id) for row in chunk), by=by, occurred_at=moment)
    with connection.cursor() as cursor:
        cursor.execute(sql.INSERT, {"circle": circle_id, "unit": unit_id, "moment": moment})
        return int(cursor.rowcount)


def _go_above_given_numbers(circle_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.HIGHEST, {"first": numbers.FIRST})
        highest: int = cursor.fetchone()[0]
    if highest:
        pass_numbers(circle_id, highest)


_Row = tuple[int, UUID, str, str, str, str, str]


def _chunks() -> Iterator[list[_Row]]:
    after = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(sql.CHUNK, {"after": after, "size": _CHUNK})
            rows: list[_Row] = cursor.fetchall()
        if not rows:
            return
        yield rows
        after = rows[-1][0]


def _number(circle_id: UUID, rows: list[_Row]) -> None:
    bare = [row[1] for row in rows if not row[2]]
    if not bare:
        return
    fresh = take_numbers(circle_id, len(bare))
    with connection.cursor() as cursor, cursor.copy(sql.COPY_NUMBERS) as copy:
        for pair in zip(bare, fresh, strict=True):
            copy.write_row(pair)


def _happening(row: _Row, unit_id: UUID) -> Happening:
    line, patient_id, _mrn, family, given, middle, suffix = row
    subject = SubjectRef("patient", patient_id, full_name(family, given, middle, suffix))
    return Happening(subject, patient_id=patient_id, unit_id=unit_id, data={"imported_line": line})


def _run(statements: str, params: Any = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statements, params)
