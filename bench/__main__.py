"""`make bench`: one table on the screen, one JSON file under var/."""

from __future__ import annotations

import json
import os
import platform
import random
import sys
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

_STATE = Path(os.environ.get("BENCH_STATE", "var/bench")).resolve()
os.environ["MEDGUILD_STATE"] = str(_STATE)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medguild.config.settings")

import django

from medguild.config import embedded
from medguild.config.database import uses_embedded

_REAL, _FLOOR = 18_100, 18_101


def main() -> None:
    if uses_embedded():
        embedded.start()
        embedded.ensure_database("medguild")
    django.setup()
    from bench import claims, codec, events, importing, measures
    from bench.data import ROWS, fill
    from bench.processes import serve

    print(f"Bench with {ROWS:,} patients on {platform.machine()}, {os.cpu_count()} cores", flush=True)
    fill(datetime.now(UTC).date())
    token = measures.make_token()
    # One token makes all requests of the bench: counted as always, but never held back.
    environment = {"MEDGUILD_STATE": str(_STATE), "MEDGUILD_API_RATE": "100000000"}
    floor = serve(
        "bench.floor.application", _FLOOR, "/ping", {**environment, "DJANGO_SETTINGS_MODULE": "bench.floor_settings"}
    )
    real = serve("medguild.config.wsgi.application", _REAL, "/api/v1/openapi.json", environment)
    results: list[dict[str, Any]] = []
    try:
        random.seed(7)
        for rows in measures.run(real, floor, token):
            keep(results := results + show(rows))
    finally:
        real.stop()
        floor.stop()
    for rows in codec.measure():
        keep(results := results + show(rows))
    for measure in (importing.measure, claims.measure, partial(events.measure, token)):
        keep(results := results + show(measure()))


def show(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines of the table, printed as soon as they are known."""
    for row in rows:
        mark = {True: "ok  ", False: "MISS", None: "    "}[row.get("ok")]
        print(f"{mark} {row['what']:<60} {row['value']:>12} {row['unit']:<10} {row.get('target', '')}", flush=True)
    return rows


def keep(results: list[dict[str, Any]]) -> None:
    """All lines so far as JSON, so that a run that is stopped has not been for nothing."""
    machine = {"machine": platform.machine(), "cores": os.cpu_count(), "python": sys.version.split()[0]}
    path = Path("var/bench.json")
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        json.dumps({"at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), **machine, "results": results}, indent=2)
    )


main()
