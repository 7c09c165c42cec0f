"""`medguild attendance train`: learns the no-show model of each group anew, here and now."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import today
from medguild.operations.attendance.errors import LibraryMissing, TooFewVisits
from medguild.operations.attendance.models import NoShowModel
from medguild.operations.attendance.rules import Stage
from medguild.operations.attendance.selectors import units_to_train
from medguild.operations.attendance.training import train_model


class Command(BaseCommand):
    help = "Learn no-show models from the groups' own visits. Needs the extra `analytics` (make analytics)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--unit", help="only this one: id or name (default: each group and IPA member)")
        parser.add_argument("--json", action="store_true", help="one JSON array on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = options["unit"]
        units = [unit for unit in units_to_train(on=today()) if wanted in (None, unit.name, str(unit.pk))]
        if not units:
            raise CommandError(f"there is no group like '{wanted}'" if wanted else "there is no group", returncode=2)
        told = []
        for unit in units:
            for stage in Stage:
                try:
                    model = train_model(unit=unit, by=Actor.job("attendance train", cause="command line"), stage=stage)
                except LibraryMissing as missing:
                    raise CommandError(missing.message) from missing
                except TooFewVisits as few:
                    told.append({"unit": unit.name, "stage": stage.value, "problem": few.message})
                    continue
                told.append(_told(unit.name, model))
        self.stdout.write(json.dumps(told) if options["json"] else "\n".join(_line(one) for one in told))


def _told(name: str, model: NoShowModel) -> dict[str, Any]:
    found = model.evaluation
    return {
        "unit": name, "stage": model.stage, "version": model.version, "visits": model.visits, "missed": model.missed,
        "auc": found.whole.auc, "auc_without_same_day": found.later.auc, "brier": found.whole.brier,
        "log_loss": found.whole.log_loss, "ece10": found.whole.ece, "shortfalls": model.shortfalls,
        "cpu_seconds": model.cpu_seconds,
    }  # fmt: skip


def _line(one: dict[str, Any]) -> str:
    start = f"{one['unit']}, {one['stage']}: "
    if "problem" in one:
        return f"{start}{one['problem']}"
    return start + (
        f"version {one['version']} from {one['visits']:,} visits; AUC {one['auc']:.3f}, without same-day bookings"
        f" {one['auc_without_same_day']:.3f}; Brier {one['brier']:.4f}, ECE {one['ece10']:.4f};"
        f" {'no advice: ' + ', '.join(one['shortfalls']) if one['shortfalls'] else 'good enough for advice'}"
        f" ({one['cpu_seconds']:.1f} s)"
    )
