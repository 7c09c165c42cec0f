"""`medguild claims export`: write ready claims as 837P files."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.kernel.money import plain
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.rules import UnitKind
from medguild.payers.payers.models import Payer
from medguild.revenue.claims.export import Exported, export_claims
from medguild.revenue.claims.services import make_claims


def _check_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK)
    except OSError:
        writable = False
    if not writable:
        raise CommandError(f"{folder} is no folder that can be written to; name another with --out", returncode=2)


class Command(BaseCommand):
    help = "Put ready charges on claims and write the clean ones as X12 837P files, one per legal entity."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, default=Path("."), help="folder for the files (default: here)")
        parser.add_argument("--entity", help="only this legal entity, by name")
        parser.add_argument("--payer", help="only this payer, by its payer id")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        by = Actor.job("claims export")
        entity, payer = self._entity(options["entity"]), self._payer(options["payer"])
        _check_folder(options["out"])  # before claims are frozen as sent
        make_claims(by=by)
        try:
            written = export_claims(
                by=by, entity_id=entity.pk if entity else None, payer_id=payer.pk if payer else None
            )
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self._report([self._save(one, options["out"]) for one in written], as_json=options["json"])

    def _entity(self, name: str | None) -> Unit | None:
        if name is None:
            return None
        found = Unit.objects.filter(kind=UnitKind.ENTITY, name=name).first()
        if found is None:
            raise CommandError(f"there is no legal entity called {name!r}", returncode=2)
        return found

    def _payer(self, payer_id: str | None) -> Payer | None:
        if payer_id is None:
            return None
        found = Payer.objects.filter(payer_id=payer_id.upper()).first()
        if found is None:
            raise CommandError(f"there is no payer with the id {payer_id!r}", returncode=2)
        return found

    def _save(self, one: Exported, folder: Path) -> dict[str, Any]:
        path = folder / one.file.filename
        path.write_bytes(one.content)
        path.chmod(0o600)
        return {"file": str(path), "claims": one.file.claim_count, "charge": plain(one.file.charge)}

    def _report(self, files: list[dict[str, Any]], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"files": files}, indent=2))
            return
        for file in files:
            self.stdout.write(f"{file['file']}  {file['claims']} claims  ${file['charge']}")
        if not files:
            self.stdout.write("Nothing to send: no claim is ready.")
