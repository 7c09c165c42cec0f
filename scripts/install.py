"""Install hash-pinned locks with pip and show how far it is: `python scripts/install.py LOCK [LOCK ...]`.

A lock names every package with its hashes, so nothing has to be worked out: some pips fetch a share each, side by side,
because most of the time is spent waiting for the network.
"""

import contextlib
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

PIPS = 3
STEP = 10
TROUBLE = "medguild: the packages could not be installed. Is there a network, and room on the disk?"


def packages(lock: Path) -> list[str]:
    """The lines of each package, hashes included."""
    return re.findall(r"^[A-Za-z0-9].*(?:\n[ \t]+.*)*", lock.read_text(), re.MULTILINE)


class Progress:
    """Counts what the pips fetch together."""

    def __init__(self, expected: int) -> None:
        self._expected, self._fetched = expected, 0
        self._lock = threading.Lock()

    def fetched(self) -> None:
        with self._lock:
            self._fetched += 1
            if self._fetched % STEP == 0 or self._fetched == self._expected:
                print(f"  {self._fetched} of {self._expected} packages fetched", flush=True)


def install(share: Path, progress: Progress) -> list[str]:
    """Run one pip; returns its last words where it failed."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--require-hashes", "--no-deps"]
    pip = subprocess.Popen([*command, "-r", str(share)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = []
    for line in pip.stdout or ():
        said.append(line.rstrip())
        if line.startswith(("Collecting ", "Processing ", "Requirement already satisfied")):
            progress.fetched()
    return said[-8:] if pip.wait() else []


@contextlib.contextmanager
def shares(wanted: list[str]) -> Iterator[list[Path]]:
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"share-{number}.txt" for number in range(min(PIPS, len(wanted)))]
        for number, path in enumerate(paths):
            path.write_text("\n".join(wanted[number::PIPS]) + "\n")
        yield paths


def main() -> int:
    wanted = [package for lock in sys.argv[1:] for package in packages(Path(lock))]
    progress, failures = Progress(len(wanted)), []
    with shares(wanted) as paths:
        pips = [threading.Thread(target=lambda at: failures.append(install(at, progress)), args=(at,)) for at in paths]
        for pip in pips:
            pip.start()
        for pip in pips:
            pip.join()
    words = [line for failure in failures for line in failure]
    if words:
        print(*words, TROUBLE, sep="\n", file=sys.stderr)
    return 1 if words else 0


if __name__ == "__main__":
    sys.exit(main())
