"""`medguild patients import FILE.csv`: load patients from a CSV file."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from django.core.management.base import BaseCommand, CommandError

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.rules import UnitKind
from medguild.patients.identity.rules.likeness import Reason
from medguild.patients.identity.words import PROBLEMS, REASONS
from medguild.patients.imports.rules import Bad, UnusableFile
from medguild.patients.imports.services import Duplicate, ImportReport, import_patients

_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Load patients from a CSV file (UTF-8, with a header). All or nothing, unless --skip-bad; whoever is on file "
        "already is left out and reported. Exit code 1: rows could not be kept; 2: the file cannot be read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="CSV file; its first line names the columns")
        parser.add_argument("--unit", help="id or name of the unit where the patients are registered")
        parser.add_argument("--skip-bad", action="store_true", help="load the good rows although others are bad")
        parser.add_argument("--accept-similar", action="store_true", help="load rows that only resemble somebody")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
        parser.add_argument("--json", action="store_true", help="print the whole report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        unit = _unit(options["unit"])
        started = time.perf_counter()
        report = _load(options, unit)
        seconds = time.perf_counter() - started
        if options["json"]:
            self.stdout.write(orjson.dumps(_as_json(report, seconds), option=orjson.OPT_INDENT_2).decode())
        else:
            self.stdout.write("\n".join(_as_text(report, seconds)))
        if report.bad:
            raise SystemExit(1)


def _load(options: dict[str, Any], unit: Unit) -> ImportReport:
    try:
        with options["file"].open(encoding="utf-8-sig", newline="") as lines:
            return import_patients(
                lines=lines,
                unit_id=unit.pk,
                by=Actor.job("patients import"),
                skip_bad=options["skip_bad"],
                accept_similar=options["accept_similar"],
                dry_run=options["dry_run"],
            )
    except OSError as error:
        raise CommandError(f"{options['file'].name} cannot be opened: {error.strerror}", returncode=2) from None
    except (UnusableFile, UnicodeDecodeError) as error:
        reason = 'it is not UTF-8; save it as "CSV UTF-8"' if isinstance(error, UnicodeDecodeError) else str(error)
        raise CommandError(f"{options['file'].name} cannot be imported: {reason}.", returncode=2) from None
    except Refusal as refusal:
        raise CommandError(refusal.message, returncode=2) from None


def _unit(named: str | None) -> Unit:
    """The unit by id or name; without one, the only entity of the house."""
    if named is None:
        units = Unit.objects.filter(kind=UnitKind.ENTITY)[:2]
        if len(units) == 1:
            return units[0]
        names = ", ".join(f'"{unit.name}"' for unit in Unit.objects.filter(kind=UnitKind.ENTITY).order_by("name")[:9])
        raise CommandError(f"say with --unit where these patients are registered, like {names}.", returncode=2)
    try:
        found = list(Unit.objects.filter(pk=UUID(named)))
    except ValueError:
        found = list(Unit.objects.filter(name__iexact=named)[:2])
    if len(found) == 1:
        return found[0]
    how = "no unit is" if not found else "several units are"
    raise CommandError(f"{how} called {named!r}; give the unit's id.", returncode=2)


def _as_json(report: ImportReport, seconds: float) -> dict[str, Any]:
    return {
        "read": report.read,
        "imported": report.imported,
        "refused": report.refused,
        "dry_run": report.dry_run,
        "seconds": round(seconds, 3),
        "rows_per_second": round(report.read / seconds) if seconds else None,
        "ignored_columns": report.ignored_columns,
        "duplicates": [{**asdict(row), "reason": _reason(row)} for row in report.duplicates],
        "bad": [
            {"line": row.line, "problems": [{**asdict(p), "message": _problem(p.code)} for p in row.problems]}
            for row in report.bad
        ],
    }


def _as_text(report: ImportReport, seconds: float) -> list[str]:
    lines = [_bad_line(row) for row in report.bad[:_SHOWN]]
    lines += [_duplicate_line(row) for row in report.duplicates[:_SHOWN]]
    hidden = max(len(report.bad) - _SHOWN, 0) + max(len(report.duplicates) - _SHOWN, 0)
    if hidden:
        lines.append(f"... and {hidden} more; --json lists all of them")
    if report.ignored_columns:
        lines.append(f"columns left out: {', '.join(report.ignored_columns)}")
    lines.append(
        f"{report.read} rows read, {report.imported} imported, {len(report.duplicates)} on file already or alike, "
        f"{len(report.bad)} bad, in {seconds:.1f} s"
    )
    if report.refused:
        lines.append("nothing was imported: mend the bad rows, or load the good ones with --skip-bad")
    elif report.dry_run:
        lines.append("dry run: nothing was changed")
    return lines


def _bad_line(row: Bad) -> str:
    return f"line {row.line}: " + " ".join(f"{p.field.replace('_', ' ')}: {_problem(p.code)}" for p in row.problems)


def _duplicate_line(row: Duplicate) -> str:
    where = f"line {row.of_line}" if row.of_line else f"record {row.mrn}"
    return f"line {row.line}: left out, {_reason(row).lower()} as {where}"


def _reason(row: Duplicate) -> str:
    return str(REASONS[Reason(row.code)])


def _problem(code: str) -> str:
    return str(PROBLEMS[code])
