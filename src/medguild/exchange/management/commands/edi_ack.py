"""`medguild edi ack FILE`: answer an X12 file with a 999 and, if asked for, a TA1."""

from __future__ import annotations

import io
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from medguild.x12 import CountingNumbers, Envelope, EnvelopeReader, Unreadable
from medguild.x12.acknowledge import acknowledge
from medguild.x12.records.acknowledgment import REJECTED

NOT_READABLE = 2


class Command(BaseCommand):
    help = (
        "Answer an X12 file as its receiver: a 999 for each group, a TA1 if it is asked for or the envelope is wrong. "
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
        out = io.BytesIO()
        try:
            answer = acknowledge(
                io.BytesIO(data),
                out,
                _envelope(data),
                CountingNumbers(options["control"]),
                always_ta1=options["ta1"],
            )
        except Unreadable as wrong:
            raise CommandError(f"{options['file']}: {wrong}", returncode=NOT_READABLE) from wrong
        if answer.written is None:
            self.stderr.write("Nothing to answer: the file holds only acknowledgments.")
            return
        if options["out"]:
            Path(options["out"]).write_bytes(out.getvalue())
        else:
            self.stdout.write(out.getvalue().decode("ascii"))
        rejected = any(not note.accepted for note in answer.interchanges)
        if rejected or any(g.verdict is None or g.verdict.code == REJECTED for g in answer.groups):
            raise SystemExit(1)


def _read(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as wrong:
        raise CommandError(f"{name} cannot be opened: {wrong.strerror}.", returncode=NOT_READABLE) from wrong


def _envelope(data: bytes) -> Envelope:
    """The answer goes back: sender and receiver change places."""
    reader = EnvelopeReader(io.BytesIO(data))
    next(iter(reader), None)
    asked = reader.interchanges[0]
    return Envelope(
        sender_id=asked.receiver,
        receiver_id=asked.sender,
        created=timezone.localtime(),
        sender_qualifier=asked.receiver_qualifier or "ZZ",
        receiver_qualifier=asked.sender_qualifier or "ZZ",
        usage=asked.usage if asked.usage in ("P", "T") else "P",
        extended=True,
    )
