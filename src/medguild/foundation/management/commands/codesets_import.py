"""`medguild codesets_import SYSTEM FILE`: load a licensed code set that the group supplies."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from medguild.foundation.codesets.rules import System
from medguild.foundation.codesets.services import FileRefused, import_codes
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import Refusal


class Command(BaseCommand):
    help = (
        "Load a code set from a CSV with the columns code, label, and where wanted valid_from, valid_to (exclusive),"
        " selectable (no for headings) and further ones, which are kept as attributes."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("system", choices=[system.value for system in System])
        parser.add_argument("file", type=Path)
        # `--version` is Django's own; an edition is what people call it anyway.
        parser.add_argument("--edition", required=True, help="name of the edition, like 2027-Q1")
        parser.add_argument(
            "--from", dest="start", required=True, type=dt.date.fromisoformat, help="first day in force"
        )
        parser.add_argument("--source", default="supplied by the group")
        parser.add_argument("--dry-run", action="store_true", help="only say what would change")
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"cannot read {options['file']}: {error.strerror}", returncode=2) from error
        try:
            found = import_codes(
                system=System(options["system"]), version=options["edition"], content=content,
                start=options["start"], source=options["source"], by=Actor.job("codesets_import"),
                dry_run=options["dry_run"],
            )  # fmt: skip
        except FileRefused as refused:
            lines = [f"line {error.line}: {error.message}" for error in refused.errors]
            raise CommandError("\n".join([refused.message, *lines])) from refused
        except Refusal as refused:
            raise CommandError(refused.message) from refused
        if options["json"]:
            self.stdout.write(json.dumps({"added": found.added, "removed": found.removed, "changed": found.changed}))
            return
        verb = "would be" if options["dry_run"] else "were"
        self.stdout.write(f"{found.added} codes {verb} added, {found.removed} removed, {found.changed} changed")
