"""`medguild edi inspect FILE...`: read X12 files and say what is in them."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

import orjson
from django.core.management.base import BaseCommand

from medguild.x12 import exit_code, human, inspect_files


class Command(BaseCommand):
    help = (
        "Read X12 files (835 and 837P whole, others counted): control numbers, totals, balance, and all that is wrong. "
        "Exit code 0: nothing is wrong; 1: something is; 2: a file is unreadable."
    )
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django declares it

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--json", action="store_true", help="print the whole report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        report = inspect_files(options["files"])
        if options["json"]:
            self.stdout.write(orjson.dumps(report.to_json(), option=orjson.OPT_INDENT_2).decode())
        else:
            self.stdout.write(human(report))
        code = exit_code(report)
        if code:
            raise SystemExit(code)
