"""`medguild worker`: jobs, and the dispatcher that delivers events to their subscribers."""

from __future__ import annotations

import threading
from typing import Any

import structlog
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from medguild.config.doctor import refuse_old_database
from medguild.foundation.events.dispatch import dispatch_pending
from medguild.foundation.events.partitions import ensure_partitions
from medguild.foundation.kernel.clock import now

log = structlog.get_logger(__name__)
_IDLE_SECONDS = 0.5
_BROKEN_SECONDS = 5.0


class Command(BaseCommand):
    help = "Run jobs, deliver events to their subscribers, seal the log."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--concurrency", type=int, default=2, help="jobs at the same time (2)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["concurrency"] < 1:
            raise CommandError("--concurrency must be 1 or more", returncode=2)
        refuse_old_database()
        ensure_partitions(today=now().date())
        stop = threading.Event()
        dispatcher = threading.Thread(target=deliver_until, args=(stop,), name="dispatcher", daemon=True)
        dispatcher.start()
        try:
            call_command(
                "procrastinate",
                "worker",
                concurrency=options["concurrency"],
                name="medguild",
                shutdown_graceful_timeout=10,
            )
        finally:
            stop.set()
            dispatcher.join(timeout=10)


def deliver_until(stop: threading.Event) -> None:
    """Deliver events until told to stop; a lost database is waited for."""
    while not stop.is_set():
        try:
            dispatch_pending(most=1000)
            stop.wait(_IDLE_SECONDS)
        except Exception as error:  # the dispatcher outlives whatever goes wrong, and says so
            log.warning("delivery interrupted, waiting", error=type(error).__name__)
            connection.close()
            stop.wait(_BROKEN_SECONDS)
    connection.close()
