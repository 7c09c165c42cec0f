"""CPU time and memory of a server's processes, from /proc."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bench.client import get_once
from medguild.config import embedded
from medguild.config.processes import web_command

_PATIENCE = 120
TICK = os.sysconf("SC_CLK_TCK")


def _children(pid: int) -> list[int]:
    found = [pid]
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError):
                continue
            if parent == pid:
                found += _children(int(entry.name))
    return found


def cpu_seconds(pids: list[int]) -> float:
    """User and system time of these processes and, for PostgreSQL, of children that have ended."""
    total = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += sum(int(fields[i]) for i in (11, 12))
    return total / TICK


def proportional_memory(pids: list[int]) -> float:
    """PSS in megabytes: shared pages are shared out."""
    kilobytes = 0
    for pid in pids:
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        kilobytes += sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return kilobytes / 1024


def resident_memory(pid: int) -> float:
    """RSS in megabytes: what is shared counts in every process."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / 2**20
    except (OSError, IndexError):
        return 0.0


def postgres_pids(data: Path) -> list[int]:
    """The postmaster of a cluster and its backends."""
    try:
        postmaster = int((data / "postmaster.pid").read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return []
    return _children(postmaster)


def database_seconds() -> float:
    """CPU time of the embedded PostgreSQL so far."""
    return cpu_seconds(postgres_pids(embedded.home() / "data"))


@dataclass
class Server:
    """A web server: the process that loads the application, and its two children of four threads."""

    process: subprocess.Popen[bytes]
    port: int
    started_in: float = 0.0
    start_cpu: float = 0.0

    @property
    def pids(self) -> list[int]:
        return _children(self.process.pid)

    def stop(self) -> None:
        """End it with its workers, which would go on listening without it."""
        everybody = self.pids
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            for pid in everybody:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


def serve(application: str, port: int, ready_path: str, environment: dict[str, str] | None = None) -> Server:
    """Start the web server alone, with the command that `medguild serve` uses, and wait for its first answer."""
    return _started([*web_command("127.0.0.1", port), "--application", application], port, ready_path, environment)


def serve_whole(port: int, ready_path: str) -> Server:
    """`medguild serve` itself, which looks after database, tables and static files first."""
    return _started([sys.executable, "-m", "medguild.config.cli", "serve", "--port", str(port)], port, ready_path)


def _started(command: list[str], port: int, ready_path: str, environment: dict[str, str] | None = None) -> Server:
    """Waits for the first answer, at most two minutes."""
    if get_once(port, ready_path) is not None:
        raise RuntimeError(f"port {port} is taken; end what listens there, because it would answer instead of us")
    begun = time.monotonic()
    process = subprocess.Popen(command, env={**os.environ, **(environment or {})}, stdout=subprocess.DEVNULL)
    server = Server(process, port)
    while time.monotonic() - begun < _PATIENCE and process.poll() is None:
        if get_once(port, ready_path) is not None:
            server.started_in, server.start_cpu = time.monotonic() - begun, cpu_seconds(server.pids)
            return server
        time.sleep(0.02)
    server.stop()
    raise RuntimeError(f"{' '.join(command)} did not answer within {_PATIENCE} s")
