"""Which files the gate of `make coverage` measures, and its verdict.

    coverage_rooms.py measured             their patterns, one per line, for coverage's own settings
    coverage_rooms.py judge REPORT LEAST   the rooms' shares from coverage's JSON report; exit 1 below LEAST per cent

Measured are the rules, the services (also those split by use case: whatever opens a transaction and is no page, no
API and no command), the whole ledger and the whole X12 codec. A file that no test imports counts as not covered.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "medguild"
WHOLE = ("foundation/ledger", "x12")
RULES = ("rules.py", "services.py")
OUTSIDE = ("views", "api.py", "middleware.py", "subscribers.py", "tasks.py")


@dataclass
class Share:
    branches: int = 0
    taken: int = 0
    lines: int = 0
    run: int = 0

    def add(self, other: Share) -> None:
        self.branches += other.branches
        self.taken += other.taken
        self.lines += other.lines
        self.run += other.run

    @property
    def of_branches(self) -> float:
        return 100 * self.taken / self.branches if self.branches else 100.0

    @property
    def of_lines(self) -> float:
        return 100 * self.run / self.lines if self.lines else 100.0


def measured() -> list[Path]:
    """The measured files, below the package."""
    found = (path.relative_to(SOURCE) for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
    return sorted(path for path in found if is_measured(path))


def is_measured(path: Path) -> bool:
    if path.parts[0] == "demo":
        return False
    if path.as_posix().startswith(WHOLE):
        return True
    if path.name in RULES or path.name.endswith("_rules.py") or "rules" in path.parts:
        return True
    if any(part.startswith(OUTSIDE) or part == "management" for part in path.parts):
        return False
    return "transaction.atomic" in (SOURCE / path).read_text(encoding="utf-8")


def read(report: Path) -> dict[Path, Share]:
    files = {Path(name).resolve(): found for name, found in json.loads(report.read_text())["files"].items()}
    return {path: _share(files.get(SOURCE / path, {}).get("summary"), SOURCE / path) for path in measured()}


def _share(summary: dict[str, int] | None, path: Path) -> Share:
    if summary is None:  # never imported: count its lines as not run, and one branch, so that it is seen
        lines = sum(1 for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
        return Share(1, 0, lines, 0) if lines else Share()
    return Share(
        summary["num_branches"], summary["covered_branches"], summary["num_statements"], summary["covered_lines"]
    )


def judge(report: Path, least: float) -> int:
    shares = read(report)
    rooms: dict[str, Share] = defaultdict(Share)
    total = Share()
    for path, share in shares.items():
        rooms["x12" if path.parts[0] == "x12" else path.parent.as_posix()].add(share)
        total.add(share)
    _table("room", {name: share for name, share in rooms.items() if share.lines})
    poor = {path.as_posix(): share for path, share in shares.items() if min(share.of_branches, share.of_lines) < least}
    if poor:
        print()
        _table(f"files below {least:g} %", poor)
    reached = min(total.of_branches, total.of_lines) >= least
    print(
        f"\nBranch coverage of rules, services, ledger and x12: {total.of_branches:.2f} % "
        f"({total.taken} of {total.branches} branches; lines {total.of_lines:.2f} %; {len(shares)} files). "
        f"Needed: {least:g} %. {'Reached.' if reached else 'NOT reached.'}"
    )
    return 0 if reached else 1


def _table(title: str, shares: dict[str, Share]) -> None:
    width = max(len(title), *(len(name) for name in shares))
    print(f"{title:<{width}}  branches  missed      %  lines %")
    for name, share in sorted(shares.items(), key=lambda one: (one[1].of_branches, one[0])):
        missed = share.branches - share.taken
        print(f"{name:<{width}}  {share.branches:8}  {missed:6}  {share.of_branches:5.1f}  {share.of_lines:7.1f}")


def main(arguments: list[str]) -> int:
    if arguments == ["measured"]:
        print("\n".join(str(SOURCE / path) for path in measured()))
        return 0
    if len(arguments) == 3 and arguments[0] == "judge":
        return judge(Path(arguments[1]), float(arguments[2]))
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
