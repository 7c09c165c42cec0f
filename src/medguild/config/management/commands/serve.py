"""`medguild serve`: the web pages and the API."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from medguild.config import assets, processes
from medguild.config.doctor import refuse_old_database


class Command(BaseCommand):
    help = "Serve the web pages and the API. Run `medguild worker` beside it, or give --with-worker."

    def add_arguments(self, parser: CommandParser) -> None:
        processes.add_address(parser)
        parser.add_argument(
            "--workers", type=int, default=processes.WEB_WORKERS, help=f"web processes ({processes.WEB_WORKERS})"
        )
        parser.add_argument("--with-worker", action="store_true", help="also run jobs and deliver events")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        if options["workers"] < 1:
            raise CommandError("--workers must be 1 or more", returncode=2)
        processes.check_address(host, port)
        refuse_old_database()
        assets.gather()
        commands = [processes.web_command(host, port, options["workers"])]
        if options["with_worker"]:
            commands.append(processes.worker_command())
        connection.close()
        raise SystemExit(
            processes.run_together(
                commands,
                processes.public_address(host, port),
                ready=lambda: processes.answers(host, port),
                when_ready=lambda: self._welcome(f"http://{host}:{port}"),
            )
        )

    def _welcome(self, url: str) -> None:
        self.stdout.write(f"Medguild is on {url}  (stop with Ctrl+C)")
        self.stdout.flush()
