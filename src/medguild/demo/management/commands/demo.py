"""`medguild demo`: load the synthetic group where it is missing, and serve it."""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from medguild.config import embedded, processes
from medguild.config.database import uses_embedded
from medguild.demo import load, plan, steps
from medguild.demo.advance import advance
from medguild.foundation.events.anchors import anchor_file


class Command(BaseCommand):
    help = "Load the synthetic group where it is missing, then serve it on this machine."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", choices=sorted(plan.SIZES), default="medium")
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--reset", action="store_true", help="forget the synthetic group and stop")
        parser.add_argument("--load-only", action="store_true", help="load, but do not serve")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["reset"]:
            self._reset()
            return
        host, port = options["host"], options["port"]
        if not options["load_only"] and not processes.port_is_free(host, port):
            raise CommandError(
                f"port {port} is taken: stop what uses it, or choose another with PORT=8001", returncode=2
            )
        self._say("bringing the database up to date")
        call_command("migrate", interactive=False, verbosity=0)
        self._load(options["size"])
        self._say("bringing the day up to now")
        advance(now=dt.datetime.now(dt.UTC))
        if options["load_only"]:
            return
        call_command("collectstatic", interactive=False, verbosity=0)
        self._print_logins(host, port)
        connection.close()
        commands = [processes.web_command(host, port), processes.worker_command()]
        raise SystemExit(processes.run_together(commands, {"MEDGUILD_DEMO": "1"}))

    def _say(self, text: str) -> None:
        self.stdout.write(f"  {text}")
        self.stdout.flush()

    def _load(self, size: str) -> None:
        if load.is_loaded():
            self._say("the group is there already; `make demo-reset` begins anew")
            return
        self._say(f"loading the synthetic group, size {size}")
        today = dt.datetime.now(dt.UTC).date()
        load.load(size=plan.SIZES[size], today=today, steps=steps.STEPS, say=self._say)

    def _print_logins(self, host: str, port: int) -> None:
        self.stdout.write(f"\nMedguild is on http://{host}:{port}  (stop with Ctrl+C)\n\nWho can log in:")
        for email, what in load.logins():
            self.stdout.write(f"  {email:<36} {what}")
        self.stdout.write(f"\nPassword of all of them: {load.password()}\n")
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
