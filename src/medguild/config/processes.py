"""The processes of a running house: web server and worker."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from types import FrameType

WEB_WORKERS = 2
WEB_THREADS = 4


def web_command(host: str, port: int, workers: int = WEB_WORKERS, threads: int = WEB_THREADS) -> list[str]:
    """Granian as WSGI server: processes times blocking threads."""
    return [
        sys.executable, "-m", "granian", "medguild.config.wsgi:application", "--interface", "wsgi", "--no-ws",
        "--host", host, "--port", str(port), "--workers", str(workers), "--blocking-threads", str(threads),
        "--blocking-threads-idle-timeout", "600", "--backlog", "512", "--log-level", "warning",
        "--respawn-failed-workers",
    ]  # fmt: skip


def worker_command() -> list[str]:
    return [sys.executable, "-m", "medguild.config.cli", "worker"]


def port_is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise
    return True


def run_together(commands: Sequence[Sequence[str]], environment: dict[str, str] | None = None) -> int:
    """Run processes until one ends or we are told to stop; then stop the others. Returns the exit code."""
    env = {**os.environ, **(environment or {})}
    running = [subprocess.Popen(list(command), env=env) for command in commands]  # noqa: S603
    asked_to_stop = False

    def stop(signum: int, frame: FrameType | None) -> None:
        nonlocal asked_to_stop
        asked_to_stop = True

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, stop)
    while not asked_to_stop and all(process.poll() is None for process in running):
        time.sleep(0.2)
    failed = next((process.returncode for process in running if process.poll() is not None), 0)
    _stop_all(running)
    return 0 if asked_to_stop else (failed or 1)


def _stop_all(running: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in running:
        if process.poll() is None:
            process.terminate()
    for process in running:
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
