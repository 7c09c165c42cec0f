"""`medguild edi diff A B`: what differs between two X12 files, claim by claim."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError

from medguild.exchange.edi.words import SETS
from medguild.x12 import Unreadable, inspect_files
from medguild.x12.compare import compare

NOT_READABLE = 2


class Command(BaseCommand):
    help = (
        "Say what differs between two X12 files, claim by claim; wrapping and control numbers do not count. "
        f"Takes {SETS}. "
        "Exit code 0: they say the same; 1: they differ; 2: one is unreadable."
    )
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django declares it

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("first", metavar="A")
        parser.add_argument("second", metavar="B")
        parser.add_argument("--json", action="store_true", help="print the differences as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with Path(options["first"]).open("rb") as first, Path(options["second"]).open("rb") as second:
                found = list(compare(first, second))
        except OSError as wrong:
            text = f"{wrong.filename} cannot be opened: {wrong.strerror}."
            raise CommandError(text, returncode=NOT_READABLE) from wrong
        except Unreadable as wrong:
            which = [
                name for name in (options["first"], options["second"]) if not inspect_files([name]).files[0].readable
            ]
            raise CommandError(f"{', '.join(which)}: {wrong}", returncode=NOT_READABLE) from wrong
        if options["json"]:
            differences = [{"piece": one.piece, "lines": list(one.lines)} for one in found]
            self.stdout.write(orjson.dumps({"same": not found, "differences": differences}).decode())
        else:
            self._human(found)
        if found:
            raise SystemExit(1)

    def _human(self, found: list[Any]) -> None:
        if not found:
            self.stdout.write("Both files say the same.")
        for one in found:
            where = (
                " (only in the first)" if one.only_in_first else " (only in the second)" if one.only_in_second else ""
            )
            self.stdout.write(f"{one.piece}{where}")
            for line in one.lines:
                self.stdout.write(f"  {line}")
