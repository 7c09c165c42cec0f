"""The processes of a running house: web server and worker."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Sequence
from types import FrameType

from django.core.management.base import CommandError

WEB_WORKERS = 2
_GRACE = 15  # seconds for what is being answered or done
_LAST_PORT = 65_535
_NO_SUCH_HOST = "{0} is not an address of this machine: write --host 127.0.0.1, or --host 0.0.0.0 for all of them"
_ADDRESS_TROUBLE = {
    errno.EADDRINUSE: "port {1} is taken: stop what uses it, or choose another, like PORT=8001",
    errno.EACCES: "port {1} is kept for root: choose one above 1023, like PORT=8001",
}
_REACHED_AT = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not bound


def web_command(host: str, port: int, workers: int = WEB_WORKERS) -> list[str]:
    """The web server: it shows up as one process that loads the application, and as many children."""
    place = ["--host", host, "--port", str(port), "--workers", str(workers)]
    return [sys.executable, "-m", "medguild.config.web", *place]


def worker_command() -> list[str]:
    return [sys.executable, "-m", "medguild.config.cli", "worker"]


def port_number(text: str) -> int:
    """For argparse. Raises ArgumentTypeError."""
    if not text.isdecimal() or not 1 <= int(text) <= _LAST_PORT:
        raise ArgumentTypeError(f"a port is a number from 1 to {_LAST_PORT}, like 8000, not {text!r}")
    return int(text)


def add_address(parser: ArgumentParser) -> None:
    """The options of commands that serve."""
    parser.add_argument("--host", default="127.0.0.1", help="address to serve on (default: this machine alone)")
    parser.add_argument(
        "--port", type=port_number, default=os.environ.get("PORT", "8000"), help="default: PORT, else 8000"
    )


def check_address(host: str, port: int) -> None:
    """Raises CommandError, which says what to do, where the address cannot be served."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                _ADDRESS_TROUBLE.get(error.errno or 0, _NO_SUCH_HOST).format(host, port), returncode=2
            ) from None


def public_address(host: str, port: int) -> dict[str, str]:
    """For the environment of what we start: links in messages lead to where we serve, unless somebody said where."""
    reached = _REACHED_AT.get(host, host)
    named = f"[{reached}]" if ":" in reached else reached
    return {"MEDGUILD_ADDRESS": os.environ.get("MEDGUILD_ADDRESS") or f"http://{named}:{port}"}


def answers(host: str, port: int) -> bool:
    """Does somebody listen there?"""
    try:
        with socket.create_connection((_REACHED_AT.get(host, host), port), timeout=1):
            return True
    except OSError:
        return False


def run_together(
    commands: Sequence[Sequence[str]],
    environment: dict[str, str] | None = None,
    *,
    ready: Callable[[], bool] = lambda: False,
    when_ready: Callable[[], None] = lambda: None,
) -> int:
    """Run processes until one ends or we are told to stop; then stop the others. Returns the exit code.

    `when_ready` is called once, as soon as `ready` says so.
    """
    env = {**os.environ, **(environment or {})}
    # Groups of their own: Ctrl+C reaches us alone, and we end them in order, with all that they have started.
    running = [subprocess.Popen(list(command), env=env, process_group=0) for command in commands]
    asked_to_stop = False

    def stop(signum: int, frame: FrameType | None) -> None:
        nonlocal asked_to_stop
        asked_to_stop = True

    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, stop)
    told = False
    while not asked_to_stop and all(process.poll() is None for process in running):
        time.sleep(0.2)
        if not told and ready():
            told = True
            when_ready()
    failed = next((process.returncode for process in running if process.poll() is not None), 0)
    _stop_all(running)
    return 0 if asked_to_stop else (failed or 1)


def _stop_all(running: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in running:
        if process.poll() is None:
            process.terminate()
    for process in running:
        try:
            process.wait(timeout=_GRACE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
