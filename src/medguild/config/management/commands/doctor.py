"""`medguild doctor`: is everything in order, and if not, what to do."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from medguild.config.doctor import as_json, examine


class Command(BaseCommand):
    help = "Check database, jobs, assets, clock, disk, versions; say what to do. Exit code 1 when something is wrong."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = examine()
        if options["json"]:
            self.stdout.write(json.dumps(as_json(findings), indent=2))
        else:
            for finding in findings:
                self.stdout.write(f"{'ok ' if finding.ok else 'BAD'}  {finding.check:<12} {finding.detail}")
                if not finding.ok:
                    self.stdout.write(f"     -> {finding.advice}")
        if not all(finding.ok for finding in findings):
            raise SystemExit(1)
