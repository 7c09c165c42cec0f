"""`medguild demo`: load the synthetic group where it is missing, and serve it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from medguild.config import assets, embedded, processes
from medguild.config.database import uses_embedded
from medguild.demo import load, plan, steps
from medguild.demo.advance import advance
from medguild.foundation.events.anchors import anchor_file
from medguild.foundation.kernel.clock import local_date, now

_LOADING = 0x6D67_6465_6D6F  # key of the advisory lock
_PATIENCE = 20  # seconds, in which a loader that was killed is noticed by the database


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two demos on one database must not load it at once. Raises CommandError."""
    until = time.monotonic() + _PATIENCE
    while not _ask("select pg_try_advisory_lock(%s)"):
        if time.monotonic() > until:
            raise CommandError("another `make demo` is loading this database: wait until it is done, or stop it")
        time.sleep(0.5)
    try:
        yield
    finally:
        _ask("select pg_advisory_unlock(%s)")


def _ask(sql: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(sql, [_LOADING])
        (answer,) = cursor.fetchone()
    return bool(answer)


class Command(BaseCommand):
    help = "Load the synthetic group where it is missing, then serve it on this machine."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--size", choices=sorted(plan.SIZES), default="medium", help="of a group that is loaded anew (medium)"
        )
        processes.add_address(parser)
        parser.add_argument("--reset", action="store_true", help="forget the synthetic group and stop")
        parser.add_argument("--load-only", action="store_true", help="load, but do not serve")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["reset"]:
            self._reset()
            return
        host, port = options["host"], options["port"]
        if not options["load_only"]:
            processes.check_address(host, port)
        with _one_at_a_time():
            self._prepare(options["size"])
        if options["load_only"]:
            return
        assets.gather()
        who, password = load.logins(), load.password()
        connection.close()
        raise SystemExit(
            processes.run_together(
                [processes.web_command(host, port), processes.worker_command()],
                {"MEDGUILD_DEMO": "1", **processes.public_address(host, port)},
                ready=lambda: processes.answers(host, port),
                when_ready=lambda: self._welcome(f"http://{host}:{port}", who, password),
            )
        )

    def _prepare(self, size: str) -> None:
        self._say("bringing the database up to date (tables are made at the first start)")
        call_command("migrate", interactive=False, verbosity=0)
        self._load(size)
        self._say("bringing the day up to now")
        advance(now=now())

    def _say(self, text: str) -> None:
        self.stdout.write(f"  {text}")
        self.stdout.flush()

    def _load(self, size: str) -> None:
        if load.is_loaded():
            self._say("the group is there already; `make demo-reset` begins anew")
            return
        self._say(f"loading the synthetic group, size {size}")
        today = local_date(now(), plan.TIME_ZONE)  # in UTC an evening of the group would be its tomorrow
        load.load(size=plan.SIZES[size], today=today, steps=steps.STEPS, say=self._say)
        self._say("settling the tables")
        load.settle()

    def _welcome(self, url: str, who: list[tuple[str, str]], password: str) -> None:
        self.stdout.write("\nWho can log in:")
        for email, what in who:
            self.stdout.write(f"  {email:<36} {what}")
        self.stdout.write(f"\nPassword of all of them: {password}\n")
        self.stdout.write(f"Medguild is on {url}  (stop with Ctrl+C)")
        if "//127.0.0.1:" in url:  # browsers give no passkey to an address of numbers
            self.stdout.write(f"To try passkeys, open {url.replace('127.0.0.1', 'localhost')}")
        self.stdout.write("\n")
        self.stdout.flush()

    def _reset(self) -> None:
        if not uses_embedded():
            raise CommandError(
                "MEDGUILD_DATABASE_URL is set: drop that database yourself, so that nothing real is lost.", returncode=2
            )
        connection.close()
        embedded.remove()
        anchor_file().unlink(missing_ok=True)  # anchors of a log that is gone would call the next one forged
        self.stdout.write("The synthetic group is gone. `make demo` begins anew.")
