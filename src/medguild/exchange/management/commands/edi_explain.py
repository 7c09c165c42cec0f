"""`medguild edi explain FILE`: say in plain words what an X12 file says."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from medguild.exchange.edi.words import SETS
from medguild.x12 import Unreadable
from medguild.x12.explain import explain

NOT_READABLE = 2


class Command(BaseCommand):
    help = (
        f"Say in plain words, loop by loop, what an X12 file says: all of {SETS}. "
        "Whether it is right, `edi inspect` tells."
    )
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django declares it

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--claim", default="", metavar="ID", help="only the claim with this number")

    def handle(self, *args: Any, **options: Any) -> None:
        told = 0
        try:
            with Path(options["file"]).open("rb") as stream:
                for line in explain(stream, options["claim"]):
                    self.stdout.write(line)
                    told += line.startswith(" " * 4)
        except OSError as wrong:
            text = f"{options['file']} cannot be opened: {wrong.strerror}."
            raise CommandError(text, returncode=NOT_READABLE) from wrong
        except Unreadable as wrong:
            raise CommandError(f"{options['file']}: {wrong}", returncode=NOT_READABLE) from wrong
        if options["claim"] and not told:
            raise CommandError(f"No claim {options['claim']} is in {options['file']}.")
