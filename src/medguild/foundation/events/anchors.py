"""Anchors: the hash of each seal, appended to a file outside the database.

Who can rewrite the database can rewrite rows and seals alike; an anchor that was copied away shows it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from django.conf import settings
from django.db import connection

from medguild.foundation.events.models import Seal

_TAIL = 4096


def anchor_file() -> Path:
    """The file of this database's anchors, in the folder that the settings name."""
    return Path(settings.ANCHOR_FOLDER) / f"{connection.settings_dict['NAME']}.jsonl"


def read_anchors(path: Path) -> dict[int, str]:
    """Hashes (hex) by seal number; empty where nothing has been exported. A torn last line is left out."""
    if not path.exists():
        return {}
    anchors: dict[int, str] = {}
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            held = json.loads(line)
            anchors.setdefault(int(held["seal"]), str(held["hash"]))
        except (ValueError, KeyError, TypeError):
            continue
    return anchors


def export_anchors(path: Path) -> int:
    """Append the seals that the file does not hold yet, and wait until the disk has them; returns how many."""
    after, torn = _end_of(path)
    rows = Seal.objects.filter(number__gt=after).order_by("number").values_list("number", "hash", "sealed_at")
    fresh = list(rows[:10_000])
    if not fresh:
        return 0
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lines = [
        json.dumps({"seal": number, "hash": bytes(hash_).hex(), "sealed_at": sealed_at.isoformat()}) + "\n"
        for number, hash_, sealed_at in fresh
    ]
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "ab") as file:
        file.write((("\n" if torn else "") + "".join(lines)).encode())
        file.flush()
        os.fsync(file.fileno())
    return len(fresh)


def _end_of(path: Path) -> tuple[int, bool]:
    """The last seal in the file, and whether its last line was cut off by a crash."""
    if not path.exists():
        return 0, False
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        tail = file.read().decode("utf-8", "replace")
    numbers = [number for number in map(_seal_number, tail.splitlines()) if number is not None]
    return max(numbers, default=0), bool(tail) and not tail.endswith("\n")


def _seal_number(line: str) -> int | None:
    try:
        return int(json.loads(line)["seal"])
    except (ValueError, KeyError, TypeError):
        return None
