"""`medguild payer_answer FILE --out DIR`: let the payers of the demo answer an 837P file."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from medguild.demo.payer_simulator import answer
from medguild.foundation.kernel.clock import today
from medguild.x12 import Unreadable


class Command(BaseCommand):
    help = "Answer the claims of an 837P file as payers would: 835 files that balance, the same for the same seed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--out", type=Path, default=Path(), help="folder for the answers")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--on", type=dt.date.fromisoformat, help="day of payment, like 2026-11-30; today if left out"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = options["file"].read_bytes()
            found = answer(content, seed=options["seed"], on=options["on"] or today())
        except OSError as error:
            raise CommandError(f"{options['file'].name} cannot be opened: {error.strerror}", returncode=2) from None
        except Unreadable as wrong:
            raise CommandError(f"{options['file'].name} cannot be read: {wrong.text}", returncode=2) from None
        if not found:
            raise CommandError("there are no claims in this file.", returncode=1)
        options["out"].mkdir(parents=True, exist_ok=True)
        for number, written in enumerate(found, start=1):
            path = options["out"] / f"{options['file'].stem}-{number:02d}.835"
            path.write_bytes(written)
            self.stdout.write(str(path))
