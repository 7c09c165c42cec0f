"""`medguild audit verify`: proves that no sealed event was edited, deleted or slipped in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from medguild.foundation.events.anchors import anchor_file, read_anchors
from medguild.foundation.events.proofs import outcome
from medguild.foundation.events.sealing import last_seal, seal_all
from medguild.foundation.events.verification import Verification, verify

CHANGED = 1


class Command(BaseCommand):
    help = "Prove that no recorded event was edited or deleted. Exit 0: proved; 1: the first broken place is named."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
        parser.add_argument("--anchors", type=Path, help="file of exported anchors (default: the worker's)")
        parser.add_argument("--seal", action="store_true", help="seal what waits before the proof")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["seal"]:
            seal_all()
        file: Path = options["anchors"] or anchor_file()
        if options["anchors"] and not file.is_file():
            raise CommandError(f"{file} is no file of anchors", returncode=2)
        anchors = read_anchors(file)
        if options["anchors"] and not anchors:
            raise CommandError(f"{file} holds no anchors", returncode=2)
        found = verify(anchors)
        last = last_seal()
        report = {**outcome(found), "anchors": len(anchors), "sealed_at": last.sealed_at.isoformat() if last else None}
        self.stdout.write(json.dumps(report) if options["json"] else _in_words(found, len(anchors)))
        if not found.ok:
            raise SystemExit(CHANGED)


def _in_words(found: Verification, anchors: int) -> str:
    if found.broken is None:
        return (
            f"The log is as it was written: {found.events} events under {found.seals} seals, {anchors} of them"
            f" anchored; {found.unsealed} events wait for the next seal."
        )
    place = found.broken
    where = f"seal {place.seal}" + (f", event {place.index} of it" if place.index else "")
    named = f" ({place.event_id})" if place.event_id else ""
    return f"THE LOG WAS CHANGED at {where}{named}: {found.fault}. {found.events} events before it are as written."
