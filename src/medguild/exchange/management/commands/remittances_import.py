"""`medguild remittances import FILE...`: read and post 835 files."""

from __future__ import annotations

import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from django.core.management.base import BaseCommand, CommandError

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.kernel.money import dollars, plain
from medguild.foundation.organization.models import Unit
from medguild.revenue.remittances.importing import FileOutcome, RemittanceOutcome, import_remittances
from medguild.revenue.remittances.words import HOLDS, OUTCOMES


class Command(BaseCommand):
    help = (
        "Take 835 files in. Each remittance posts whole and once, or waits and posts nothing. Exit code 0: all is "
        "posted, now or before; 1: something waits or was refused; 2: a file is unreadable."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--unit", help="id or name of the unit that received the files")
        parser.add_argument("--json", action="store_true", help="print the whole report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        unit_id = _unit(options["unit"])
        found = [_take(path, unit_id) for path in options["files"]]
        if options["json"]:
            report = {"ok": all(one.ok for one in found), "files": [_as_json(one) for one in found]}
            self.stdout.write(orjson.dumps(report, option=orjson.OPT_INDENT_2).decode())
        else:
            self.stdout.write("\n".join(line for one in found for line in _as_text(one)))
        if not all(one.readable for one in found):
            raise SystemExit(2)
        if not all(one.ok for one in found):
            raise SystemExit(1)


def _take(path: Path, unit_id: UUID | None) -> FileOutcome:
    """A file that cannot be opened or received is told like one that cannot be read; the others go on."""
    content = b""
    try:
        content = path.read_bytes()
        return import_remittances(
            content=content, filename=path.name, by=Actor.job("remittances import"), unit_id=unit_id
        )
    except OSError as error:
        return FileOutcome(path.name, "", readable=False, problem=f"It cannot be opened: {error.strerror}.")
    except Refusal as refusal:
        sha256 = hashlib.sha256(content).hexdigest()
        return FileOutcome(path.name, sha256, readable=True, problem=refusal.message)


def _unit(named: str | None) -> UUID | None:
    if named is None:
        return None
    try:
        found = list(Unit.objects.filter(pk=UUID(named)))
    except ValueError:
        found = list(Unit.objects.filter(name__iexact=named)[:2])
    if len(found) == 1:
        return found[0].pk
    how = "no unit is" if not found else "several units are"
    raise CommandError(f"{how} called {named!r}; give the unit's id.", returncode=2)


def _as_json(file: FileOutcome) -> dict[str, Any]:
    return {
        "file": file.name,
        "readable": file.readable,
        "ok": file.ok,
        "problem": file.problem,
        "kept": file.kept,
        "sha256": file.sha256,
        "other_transactions": list(file.other_kinds),
        "remittances": [_remittance(one) for one in file.remittances],
    }


def _remittance(one: RemittanceOutcome) -> dict[str, Any]:
    return {
        "position": one.position,
        "control": one.control,
        "outcome": one.outcome,
        "reason": one.hold,
        "text": _text(one),
        "difference": plain(one.difference),
        "payer": one.payer,
        "payee": one.payee,
        "payee_known": one.payee_known,
        "trace_number": one.trace_number,
        "payment_date": one.payment_date,
        "amount": plain(one.amount),
        "claims": one.claims,
        "matched": one.matched,
        "suspense": one.suspended,
        "denied": one.denied,
        "id": one.remittance_id,
    }


def _text(one: RemittanceOutcome) -> str:
    said = str(OUTCOMES[one.outcome])
    return f"{said}. {HOLDS[one.hold]}" if one.hold else f"{said}."


def _as_text(file: FileOutcome) -> list[str]:
    if file.problem:
        kept = " The file is kept in quarantine." if file.kept else ""
        return [f"{file.name}: {'unreadable. ' if not file.readable else ''}{file.problem}{kept}"]
    lines = [f"{file.name}:"]
    for one in file.remittances:
        who = one.payer or "payer not named"
        lines.append(f"  {one.control} {who}, {one.trace_number or 'no number'}, {dollars(one.amount)}: {_text(one)}")
        if one.difference:
            lines.append(f"    difference {dollars(one.difference)}")
        if one.suspended:
            lines.append(f"    {one.suspended} of {one.claims} claims wait in suspense")
        if one.denied:
            lines.append(f"    {one.denied} claims with denials became work")
    return lines
