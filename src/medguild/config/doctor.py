"""Checks of a running house; each says what to do when it fails."""

from __future__ import annotations

import datetime as dt
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import django
from django.conf import settings
from django.core.management.base import CommandError
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor

from medguild.config import embedded
from medguild.config.database import uses_embedded, what_to_do
from medguild.config.state import STATE
from medguild.foundation.events.partitions import month_start

_OLDEST_POSTGRES = 150_000
_LEAST_FREE = 1 << 30
_MOST_SKEW = dt.timedelta(seconds=5)
_MOST_WAITING = 1000
_MOST_SILENT = 60  # seconds; a worker speaks every ten


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: `advice` says what to do when it is not ok."""

    check: str
    ok: bool
    detail: str
    advice: str = ""


def examine() -> list[Finding]:
    """Run every check; what asks a database that cannot be reached or has no tables is left out."""
    reached = _guarded("database", _database)
    findings = [reached]
    if reached.ok and _one("select to_regclass('foundation_event')") is None:
        findings.append(Finding("migrations", False, "no tables yet", "Run `medguild migrate`."))
    elif reached.ok:
        findings += [
            _guarded("migrations", _migrations),
            _guarded("clock", _clock),
            _guarded("event log", _partitions),
            _guarded("events owed", _deliveries),
            _guarded("jobs", _jobs),
            _guarded("worker", _worker),
        ]
    return [*findings, _assets(), _disk(), _versions()]


def as_json(findings: list[Finding]) -> dict[str, Any]:
    checks = [asdict(finding) | ({"advice": ""} if finding.ok else {}) for finding in findings]
    return {"ok": all(finding.ok for finding in findings), "checks": checks}


def _guarded(check: str, examine_one: Callable[[], Finding]) -> Finding:
    try:
        return examine_one()
    except Error as error:
        reason = " ".join(str(error).split())
        if connection.connection is None:
            return Finding(check, False, reason, _advice_for_unreachable(reason))
        return Finding(check, False, type(error).__name__, "Run `medguild migrate`, then this again.")


def _advice_for_unreachable(reason: str) -> str:
    if uses_embedded():
        return f"The embedded PostgreSQL did not start; {embedded.log_file()} says why."
    return f"MEDGUILD_DATABASE_URL: {what_to_do(reason)}."


def _one(sql: str, *parameters: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        row = cursor.fetchone()
    return row[0] if row else None


def _database() -> Finding:
    version = int(_one("show server_version_num"))
    detail = f"PostgreSQL {version // 10_000}"
    return Finding("database", version >= _OLDEST_POSTGRES, detail, "PostgreSQL 15 or newer is needed.")


def _missing_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def refuse_old_database() -> None:
    """For what would only show errors on a database of an older version. Raises CommandError."""
    if _missing_migrations():
        raise CommandError("the database is not up to date: run `medguild migrate`")


def _migrations() -> Finding:
    missing = _missing_migrations()
    return Finding("migrations", missing == 0, f"{missing} not applied", "Run `medguild migrate`.")


def _clock() -> Finding:
    skew = abs(_one("select clock_timestamp()") - dt.datetime.now(dt.UTC))
    advice = "This machine and the database disagree about the time; switch on time synchronisation on both."
    return Finding("clock", skew < _MOST_SKEW, f"{skew.total_seconds():.1f} s apart", advice)


def _partitions() -> Finding:
    coming = month_start(dt.datetime.now(dt.UTC).date(), 1)
    name = f"foundation_event_{coming:%Y%m}"
    there = _one("select to_regclass(%s)", name) is not None
    return Finding(
        "event log", there, f"partition of next month {'there' if there else 'missing'}", "Run `medguild worker`."
    )


def _deliveries() -> Finding:
    failed = int(_one("select count(*) from foundation_delivery where status = 'failed'"))
    waiting = int(_one("select count(*) from foundation_delivery where status = 'pending'"))
    advice = "Is `medguild worker` running? Failed deliveries are in the work list with their cause."
    return Finding(
        "events owed", failed == 0 and waiting < _MOST_WAITING, f"{waiting} waiting, {failed} failed", advice
    )


def _jobs() -> Finding:
    failed = int(
        _one(
            "select count(*) from procrastinate_jobs where status = 'failed'"
            " and scheduled_at > now() - interval '1 day'"
        )
        or 0
    )
    waiting = int(_one("select count(*) from procrastinate_jobs where status = 'todo'"))
    advice = "Is `medguild worker` running? Its log names the jobs that failed."
    return Finding("jobs", failed == 0 and waiting < _MOST_WAITING, f"{waiting} waiting, {failed} failed today", advice)


def _worker() -> Finding:
    """A worker that ends well takes itself off the list; one that was killed falls silent."""
    silent = _one("select extract(epoch from now() - max(last_heartbeat)) from procrastinate_workers")
    advice = "Run `medguild worker` beside the web server, or `medguild serve --with-worker`."
    if silent is None:
        return Finding("worker", False, "not running", advice)
    return Finding("worker", silent < _MOST_SILENT, f"heard of {silent:.0f} s ago", advice)


def _assets() -> Finding:
    built = any(any(folder.glob("medguild/dist/*")) for folder in settings.STATICFILES_DIRS)
    return Finding("assets", built, "built" if built else "not built", "Run `make assets` (needs node and npm).")


def _disk() -> Finding:
    STATE.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(STATE).free
    return Finding("disk", free > _LEAST_FREE, f"{free / (1 << 30):.1f} GB free", "Less than 1 GB is free; make room.")


def _versions() -> Finding:
    python = ".".join(str(part) for part in sys.version_info[:3])
    detail = f"Python {python}, Django {django.get_version()}"
    return Finding("versions", sys.version_info >= (3, 11), detail, "Python 3.11 or newer is needed.")
