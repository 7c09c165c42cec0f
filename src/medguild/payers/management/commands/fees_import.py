"""`medguild fees import FILE.csv`: load the fees of an entity, or the rates of a contract."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from django.core.management.base import BaseCommand, CommandError

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.rules import UnitKind
from medguild.payers.pricing import selectors
from medguild.payers.pricing.file_rules import Change
from medguild.payers.pricing.loading import PricesRefused, load_fees, load_rates
from medguild.payers.pricing.rules import ScheduleKind
from medguild.payers.pricing.words import row_error

_JOB = Actor.job("fees import")
_SHOWN = 200


class Command(BaseCommand):
    help = (
        "Load fees from a CSV (UTF-8, with a header: code, modifier, amount in dollars) into the newest fee schedule of"
        " an entity, or rates (code, modifier, allowed or percent) into a contract. All or nothing; the same file again"
        " changes nothing. Exit code 1: rows have errors; 2: the file or the schedule cannot be found."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        target = parser.add_mutually_exclusive_group()
        target.add_argument("--entity", help="id or name of the legal entity; not needed where there is one only")
        target.add_argument("--schedule", type=UUID, help="id of the fee schedule (the end of its page's address)")
        target.add_argument("--contract", type=UUID, help="id of the contract whose rates these are")
        parser.add_argument("--dry-run", action="store_true", help="say what would change and change nothing")
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file'].name} cannot be opened: {error.strerror}.", returncode=2) from None
        try:
            found = _load(content, options)
        except PricesRefused as refused:
            self._refuse(refused, as_json=options["json"])
            return
        except NotVisible:
            raise CommandError("there is no such fee schedule or contract.", returncode=2) from None
        counts = {"added": found.added, "changed": found.changed, "same": found.same}
        if options["json"]:
            self.stdout.write(orjson.dumps({**counts, "dry_run": options["dry_run"], "errors": []}).decode())
            return
        verb = "would be" if options["dry_run"] else "were"
        self.stdout.write(f"{found.added} {verb} added, {found.changed} changed; {found.same} are the same")

    def _refuse(self, refused: PricesRefused, *, as_json: bool) -> None:
        lines = [row_error(error) for error in refused.errors]
        if as_json:
            errors = [{"line": error.line, "code": error.code, "cell": error.cell} for error in refused.errors]
            self.stdout.write(orjson.dumps({"added": 0, "changed": 0, "same": 0, "errors": errors}).decode())
            raise SystemExit(1)
        more = [f"and {len(lines) - _SHOWN} more"] if len(lines) > _SHOWN else []
        raise CommandError("\n".join([refused.message, *lines[:_SHOWN], *more]))


def _load(content: bytes, options: dict[str, Any]) -> Change:
    dry_run = options["dry_run"]
    if options["contract"]:
        contract = selectors.contract(_JOB, options["contract"])
        return load_rates(contract=contract, content=content, by=_JOB, dry_run=dry_run)
    if options["schedule"]:
        schedule = selectors.fee_schedule(_JOB, options["schedule"])
        return load_fees(schedule=schedule, content=content, by=_JOB, dry_run=dry_run)
    entity = _entity(options["entity"])
    newest = selectors.latest_schedule(_JOB, entity.pk, ScheduleKind.STANDARD)
    if newest is None:
        raise CommandError(f"{entity.name} has no fee schedule yet; open one on the page Fee schedules.", returncode=2)
    return load_fees(schedule=newest, content=content, by=_JOB, dry_run=dry_run)


def _entity(named: str | None) -> Unit:
    """The entity by id or name; without one, the only entity of the house."""
    entities = {unit.pk: unit for unit in Unit.objects.filter(kind=UnitKind.ENTITY)}
    if named is None:
        found = list(entities.values())
    else:
        found = [unit for unit in entities.values() if named in (str(unit.pk), unit.name)]
    if len(found) != 1:
        names = ", ".join(sorted(unit.name for unit in entities.values()))
        raise CommandError(f"say with --entity whose fees these are: {names}", returncode=2)
    return found[0]
