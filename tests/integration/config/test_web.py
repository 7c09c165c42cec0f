"""The web server loads the application once; its processes are forked from it, also when one was lost."""

import gc
import http.client
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator

import pytest

from medguild.config import web
from medguild.config.processes import web_command

PATIENCE = 120


@pytest.fixture
def served() -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        *web_command("127.0.0.1", port, workers=1),
        "--application",
        "tests.integration.config.loaded_by.application",
    ]
    with subprocess.Popen(command) as process:
        yield process, port
        process.terminate()


def ask(process: subprocess.Popen[bytes], port: int) -> tuple[int, int]:
    """Who has loaded and who answers; waits for an answer."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/")
            loaded, answers = json.loads(connection.getresponse().read())
        except (OSError, http.client.HTTPException):
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.05)
        else:
            return loaded, answers


def test_processes_are_forked_from_the_one_that_has_loaded(served: tuple[subprocess.Popen[bytes], int]) -> None:
    process, port = served
    loaded, first = ask(process, port)
    assert loaded == process.pid != first
    os.kill(first, signal.SIGKILL)
    loaded, second = ask(process, port)
    assert loaded == process.pid
    assert second not in (process.pid, first)


def test_loading_leaves_the_collector_at_work() -> None:
    try:
        assert callable(web.load(web.APPLICATION))
        assert gc.isenabled()
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
