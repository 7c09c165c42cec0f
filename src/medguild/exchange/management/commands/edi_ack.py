"""`medguild edi ack FILE`: answer an X12 file with a 999 and, if asked for, a TA1."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from medguild.exchange.edi.answering import answer_to
from medguild.exchange.edi.words import SETS
from medguild.x12 import CountingNumbers, Unreadable

NOT_READABLE = 2


class Command(BaseCommand):
    help = (
        "Answer an X12 file as its receiver: a 999 for each group, a TA1 if it is asked for or the envelope is wrong. "
        f"Takes {SETS}; a 999 or TA1 itself is never answered. "
        "Exit code 0: all was accepted; 1: something was rejected; 2: the file is unreadable."
    )
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django declares it

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--out", metavar="ANSWER", help="write the answer here instead of printing it")
        parser.add_argument("--ta1", action="store_true", help="write a TA1 in any case")
        parser.add_argument("--control", type=int, default=1, metavar="N", help="first control number of the answer")

    def handle(self, *args: Any, **options: Any) -> None:
        data = _read(options["file"])
        try:
            answer = answer_to(data, CountingNumbers(options["control"]), always_ta1=options["ta1"])
        except Unreadable as wrong:
            raise CommandError(f"{options['file']}: {wrong}", returncode=NOT_READABLE) from wrong
        if not answer.content:
            self.stderr.write("Nothing to answer: the file holds only acknowledgments.")
            return
        if options["out"]:
            Path(options["out"]).write_bytes(answer.content)
        else:
            self.stdout.write(answer.content.decode("ascii"))
        if answer.rejected:
            raise SystemExit(1)


def _read(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as wrong:
        raise CommandError(f"{name} cannot be opened: {wrong.strerror}.", returncode=NOT_READABLE) from wrong
