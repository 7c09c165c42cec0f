"""`medguild serve`: the web pages and the API."""

from __future__ import annotations

import os
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from medguild.config import processes


class Command(BaseCommand):
    help = "Serve the web pages and the API. Run `medguild worker` beside it, or give --with-worker."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--workers", type=int, default=processes.WEB_WORKERS)
        parser.add_argument("--with-worker", action="store_true", help="also run jobs and deliver events")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        if not processes.port_is_free(host, port):
            raise CommandError(
                f"port {port} is taken: stop what uses it, or choose another with PORT=8001", returncode=2
            )
        call_command("collectstatic", interactive=False, verbosity=0)
        commands = [processes.web_command(host, port, options["workers"])]
        if options["with_worker"]:
            commands.append(processes.worker_command())
        self.stdout.write(f"Serving on http://{host}:{port} (stop with Ctrl+C)")
        self.stdout.flush()
        raise SystemExit(processes.run_together(commands))
