"""`edi explain`, `edi ack` and `edi diff` as they are typed."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.support import shared_data
from tests.support_x12 import pyx12_errors

FOLDER = shared_data() / "x12"
CLAIMS, BROKEN = FOLDER / "own_837p_multi_claims_dependents.837", FOLDER / "own_837p_missing_sbr.837"
EMPTY = FOLDER / "own_empty.edi"


def run(*words: Any) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command(*[str(word) for word in words], stdout=out, stderr=out)
    except SystemExit as left:
        return int(left.code or 0), out.getvalue()
    except CommandError as wrong:
        return wrong.returncode, str(wrong)
    return 0, out.getvalue()


def test_explain_tells_a_file_or_one_claim() -> None:
    code, said = run("edi_explain", CLAIMS)
    assert (code, said.count("Claim [2300]")) == (0, 5)
    code, said = run("edi_explain", CLAIMS, "--claim", "PCN1001")
    assert (code, said.count("Claim [2300]")) == (0, 1)


@pytest.mark.parametrize(
    ("words", "code", "part"),
    [
        (("edi_explain", CLAIMS, "--claim", "NOBODY"), 1, "No claim NOBODY"),
        (("edi_explain", FOLDER / "absent.835"), 2, "cannot be opened"),
        (("edi_explain", EMPTY), 2, "The file is empty"),
        (("edi_ack", FOLDER / "absent.835"), 2, "cannot be opened"),
        (("edi_ack", EMPTY), 2, "The file is empty"),
        (("edi_diff", CLAIMS, FOLDER / "absent.835"), 2, "cannot be opened"),
        (("edi_diff", CLAIMS, EMPTY), 2, "The file is empty"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(words: tuple[Any, ...], code: int, part: str) -> None:
    found, said = run(*words)
    assert found == code
    assert part in said


def test_ack_answers_as_the_receiver(tmp_path: Path) -> None:
    answer = tmp_path / "answer.999"
    assert run("edi_ack", CLAIMS, "--out", answer, "--ta1")[0] == 0
    data = answer.read_bytes()
    assert b"*ZZ*MEDGUILDTEST   *ZZ*BENCHPAYER" in data  # sender and receiver have changed places
    assert b"~TA1*000000001*" in data
    assert b"~IK5*A~AK9*A*1*1*1~" in data
    assert pyx12_errors(data) == []


def test_ack_tells_a_rejection_by_its_exit_code() -> None:
    code, said = run("edi_ack", BROKEN)
    assert code == 1
    assert "IK3*SBR*13*2000*3" in said


def test_ack_does_not_answer_answers() -> None:
    code, said = run("edi_ack", FOLDER / "own_999_partial.999")
    assert code == 0
    assert "Nothing to answer" in said


def test_diff_tells_by_its_exit_code() -> None:
    first = FOLDER / "own_835_reversal_correction.835"
    assert run("edi_diff", first, FOLDER / "own_835_delims_gs_us.835") == (0, "Both files say the same.\n")
    code, said = run("edi_diff", first, FOLDER / "own_835_interest.835")
    assert code == 1
    assert "only in the first" in said
    code, said = run("edi_diff", first, FOLDER / "own_835_interest.835", "--json")
    assert (code, json.loads(said)["same"]) == (1, False)
