"""Somebody who has nothing but the README can use the library: every block in it runs, in its order."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

import medguild.x12
from medguild.x12 import inspect_files
from tests.support import shared_data

DATA = shared_data() / "x12"
README = Path(medguild.x12.__file__).parent / "README.md"
FILES = {
    "era.835": "own_835_reversal_correction.835",
    "claims.837": "own_837p_multi_claims_dependents.837",
    "hospital.837": "stup_out_of_network_repriced_claim.837i",
    "answer.271": "own_271_copay_ded_repeat.271",
}


def test_every_block_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for name, source in FILES.items():
        shutil.copy(DATA / source, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    assert len(blocks) == 5
    for block in blocks:
        exec(block, names)  # noqa: S102  (the README is ours)
    said = capsys.readouterr().out
    assert "era.835: ok" in said
    assert "Claim PCN1001" in said
    for name in ("new.837", "new.835", "new.271", "answer.999"):
        (found,) = inspect_files([tmp_path / name]).files
        assert found.findings == [], name
