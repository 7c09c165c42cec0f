"""`make bench`: one table on the screen, one JSON file under var/.

python -m bench [PART ...]        # api race scheduling (templates) import claims events codec pages; all when none is named
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_STATE = Path(os.environ.get("BENCH_STATE", "var/bench")).resolve()
os.environ["MEDGUILD_STATE"] = str(_STATE)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medguild.config.settings")
# One token makes all requests of the bench: counted as always, but never held back.
os.environ.setdefault("MEDGUILD_API_RATE", "100000000")

import django

from medguild.config import embedded
from medguild.config.database import uses_embedded

PARTS = ("api", "race", "scheduling", "import", "claims", "events", "codec", "pages")
ALONE = ("templates",)  # within "scheduling" when all are measured
_REAL, _FLOOR, _WHOLE = 18_100, 18_101, 18_102
_READY = "/api/v1/openapi.json"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("part", nargs="*", help=" ".join((*PARTS, *ALONE)))
    parts = parser.parse_args().part or PARTS
    if unknown := set(parts) - {*PARTS, *ALONE}:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    if uses_embedded():
        embedded.start()
        embedded.ensure_database("medguild")
    django.setup()
    from bench.data import ROWS, fill

    load = f"load {os.getloadavg()[0]:.1f}"
    print(f"Bench with {ROWS:,} patients on {platform.machine()}, {os.cpu_count()} cores, {load}", flush=True)
    fill(datetime.now(UTC).date())
    results: list[dict[str, Any]] = []
    for part in [one for one in (*PARTS, *ALONE) if one in parts]:
        random.seed(7)
        begun = time.monotonic()
        for rows in measured(part):
            keep(results := results + show(rows))
        print(f"     ({part}: {time.monotonic() - begun:.0f} s, load {os.getloadavg()[0]:.1f})", flush=True)


def measured(part: str) -> Iterator[list[dict[str, Any]]]:
    """The lines of one part, as they become known."""
    from bench import claims, codec, events, importing, measures, pages, scheduling, templates

    if part in ("api", "race"):
        yield from served(part)
    elif part == "scheduling":
        yield from scheduling.measure()
        yield from served(part)
    elif part == "templates":
        yield templates.measure()
    elif part == "import":
        yield importing.measure()
    elif part == "claims":
        yield claims.measure()
    elif part == "events":
        yield events.measure(measures.make_token())
    elif part == "codec":
        yield from codec.measure()
    else:
        yield pages.measure()


def served(part: str) -> Iterator[list[dict[str, Any]]]:
    """What goes through the web server; the floor is served in the same way beside it."""
    from bench import measures, scheduling
    from bench.processes import serve, serve_whole

    token = measures.make_token()
    if part in ("race", "scheduling"):
        run = measures.run_race if part == "race" else scheduling.served
        real = serve("medguild.config.wsgi.application", _REAL, _READY)
        try:
            yield from run(real, token)
        finally:
            real.stop()
        return
    whole = serve_whole(_WHOLE, _READY)
    whole.stop()
    floor = serve("bench.floor.application", _FLOOR, "/ping", {"DJANGO_SETTINGS_MODULE": "bench.floor_settings"})
    real = serve("medguild.config.wsgi.application", _REAL, _READY)
    try:
        yield measures.starts(real, whole)
        yield from measures.run(real, floor, token)
    finally:
        real.stop()
        floor.stop()


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
