"""`medguild edi inspect FILE...`: read X12 files and say what is in them."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError

from medguild.exchange.edi.words import SETS
from medguild.x12 import exit_code, human, inspect_files
from medguild.x12.check.partners import BadPartnerRules, PartnerRules, load_partner_rules

NOT_READABLE = 2


class Command(BaseCommand):
    help = (
        "Read X12 files and say what is in them: control numbers, counts, totals, balance, and all that is wrong, with "
        f"its place and what to do. All of {SETS}; other sets are counted. "
        "Exit code 0: nothing is wrong; 1: something is; 2: a file is unreadable."
    )
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django declares it

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--json", action="store_true", help="print the whole report as JSON")
        parser.add_argument(
            "--rules", metavar="RULES.toml", help="check claims (837P, 837I) against payers' own rules too"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        report = inspect_files(options["files"], _rules(options["rules"]))
        if options["json"]:
            self.stdout.write(orjson.dumps(report.to_json(), option=orjson.OPT_INDENT_2).decode())
        else:
            self.stdout.write(human(report))
        code = exit_code(report)
        if code:
            raise SystemExit(code)


def _rules(name: str | None) -> PartnerRules | None:
    if not name:
        return None
    try:
        return load_partner_rules(Path(name).read_text(encoding="utf-8"))
    except OSError as wrong:
        raise CommandError(f"{name} cannot be opened: {wrong.strerror}.", returncode=NOT_READABLE) from wrong
    except UnicodeDecodeError as wrong:
        raise CommandError(f"{name} is no text in UTF-8.", returncode=NOT_READABLE) from wrong
    except BadPartnerRules as wrong:
        raise CommandError(f"{name}: {wrong}", returncode=NOT_READABLE) from wrong
