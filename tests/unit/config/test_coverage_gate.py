"""The gate of `make coverage` falls when branches or lines do, and a file that no test reaches is not passed over."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

_SCRIPT = Path(__file__).parents[3] / "scripts" / "coverage_rooms.py"


@pytest.fixture(scope="module")
def gate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("coverage_rooms", _SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module


def summary(taken: int = 10, run: int = 10) -> dict[str, Any]:
    return {"summary": {"num_branches": 10, "covered_branches": taken, "num_statements": 10, "covered_lines": run}}


def report(gate: ModuleType, folder: Path, every: dict[str, Any], **changed: Any) -> Path:
    files = {str(gate.SOURCE / path): every for path in gate.measured()} | changed
    written = folder / "report.json"
    written.write_text(json.dumps({"files": files}))
    return written


@pytest.mark.parametrize(
    ("taken", "run", "code"), [(10, 10, 0), (9, 10, 1), (10, 9, 1)], ids=["all", "few branches", "few lines"]
)
def test_it_falls_with_branches_and_with_lines(
    gate: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str], taken: int, run: int, code: int
) -> None:
    written = report(gate, tmp_path, summary(taken, run))
    assert gate.main(["judge", str(written), "95"]) == code
    last = capsys.readouterr().out.splitlines()[-1]
    assert f"{10 * taken:.2f} %" in last
    assert last.endswith("NOT reached." if code else "Reached.")


def test_a_file_that_no_test_imports_counts_as_not_covered(gate: ModuleType, tmp_path: Path) -> None:
    whole = gate.read(report(gate, tmp_path, summary()))
    path = next(one for one in gate.measured() if one.name == "posting.py")
    lost = report(gate, tmp_path, summary())
    found = json.loads(lost.read_text())
    del found["files"][str(gate.SOURCE / path)]
    lost.write_text(json.dumps(found))
    assert whole[path].of_lines == 100
    share = gate.read(lost)[path]
    assert (share.of_lines, share.of_branches) == (0, 0)
    assert share.lines > 100


def test_services_that_are_split_by_use_case_are_measured_and_pages_are_not(gate: ModuleType) -> None:
    names = {path.as_posix() for path in gate.measured()}
    assert {
        "revenue/claims/correcting.py", "revenue/remittances/posting.py", "operations/scheduling/holding.py",
        "foundation/ledger/periods.py", "patients/identity/rules/names.py", "x12/__init__.py",
    } <= names  # fmt: skip
    assert not {name for name in names if "/views" in name and not name.startswith("foundation/ledger")}
    assert not {name for name in names if name.startswith("demo/") or "/migrations/" in name}
