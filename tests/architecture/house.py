"""What the architecture tests look at: models, files and the order of wings and rooms."""

from __future__ import annotations

from pathlib import Path

from django.apps import apps
from django.db.models import Model

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "medguild"

# Lowest first.
WINGS = (
    "x12", "foundation", "group", "people", "payers", "patients", "operations", "revenue", "finance", "compliance",
    "experience", "improvement", "exchange", "desk", "demo", "config",
)  # fmt: skip
ROOMS = (
    "kernel", "events", "ui", "codesets", "organization", "access", "standards", "work", "documents", "ledger",
    "registers",
)  # fmt: skip


def own_models() -> list[type[Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("medguild.")]


def place(module: str) -> tuple[int, int]:
    """Height of a module: wing, and room within the foundation (rooms of other wings stand together)."""
    parts = module.split(".")
    wing = WINGS.index(parts[1])
    room = ROOMS.index(parts[2]) if parts[1] == "foundation" and len(parts) > 2 and parts[2] in ROOMS else 0
    return wing, room


def sources(suffix: str = ".py") -> list[Path]:
    """Files of ours; migrations and built files are made by tools."""
    made = ("migrations", "dist", "node_modules")
    return sorted(p for p in SOURCE.rglob(f"*{suffix}") if not any(part in p.parts for part in made))


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))
