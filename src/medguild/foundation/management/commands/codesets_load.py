"""`medguild codesets_load`: load the bundled reference data and ICD-10-CM."""

from __future__ import annotations

import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from medguild.foundation.codesets import icd10cm
from medguild.foundation.codesets.rules import System
from medguild.foundation.codesets.services import load_edition, load_reference
from medguild.foundation.kernel.actor import Actor


class Command(BaseCommand):
    help = "Load the bundled code sets and ICD-10-CM; what is loaded already is left alone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        actor = Actor.job("codesets_load")
        loaded = load_reference(by=actor)
        loaded.append(
            load_edition(
                system=System.ICD10CM,
                version=icd10cm.RELEASE,
                rows=icd10cm.read_icd10cm(),
                start=icd10cm.SINCE,
                source=icd10cm.SOURCE,
                checksum=icd10cm.checksum(),
                by=actor,
                replace=True,
            )
        )
        if options["json"]:
            self.stdout.write(json.dumps({one.system: one.codes_count for one in loaded}))
            return
        for one in loaded:
            self.stdout.write(f"{one.system:<24}{one.version:<12}{one.codes_count:>8}")
        self.stdout.write(f"done in {time.monotonic() - began:.1f} s")
