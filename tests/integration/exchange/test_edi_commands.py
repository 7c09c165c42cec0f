"""`edi explain`, `edi ack` and `edi diff` as they are typed."""

from __future__ import annotations

import json
from importlib import import_module
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
        (("edi_diff", CLAIMS, EMPTY), 2, f"{EMPTY}: The file is empty"),
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


RULES = """
[[rule]]
id = "place"
when = {place_of_service = ["11"]}
require = ["prior_authorization"]
text = "An office visit needs an authorization."
"""


def test_inspect_uses_the_rules_of_payers(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text(RULES)
    assert run("edi_inspect", CLAIMS)[0] == 0
    code, said = run("edi_inspect", CLAIMS, "--rules", rules)
    assert code == 1
    assert "An office visit needs an authorization. [partner.place]" in said


@pytest.mark.parametrize(
    ("written", "part"),
    [
        ("[[rule", "no TOML"),
        ("[[rules]]", "nothing but [[rule]]"),
        ("rule = 1", "nothing but [[rule]]"),
        ('[[rule]]\nid = "x"', "needs an id and a text"),
        ('[[rule]]\nid = "x"\ntext = "y"\nneeds = ["npi"]', "has no needs"),
        ('[[rule]]\nid = "x"\ntext = "y"\npayers = "BHP"', "payers is a list"),
        ('[[rule]]\nid = "x"\ntext = "y"\nwhen = {frequency = 7}', "when is facts"),
        ('[[rule]]\nid = "x"\ntext = "y"\nmatch = {member_id = "["}', "cannot be read"),
        ('[[rule]]\nid = "x"\ntext = "y"\nrequire = ["shoe_size"]', "is no fact"),
    ],
)
def test_a_mistake_in_the_rules_is_named(tmp_path: Path, written: str, part: str) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text(written)
    code, said = run("edi_inspect", CLAIMS, "--rules", rules)
    assert (code, part in said) == (2, True)


def test_rules_that_cannot_be_opened_are_told(tmp_path: Path) -> None:
    assert run("edi_inspect", CLAIMS, "--rules", tmp_path / "absent.toml")[0] == 2
    (tmp_path / "rules.toml").write_bytes(b"\xff")
    assert "UTF-8" in run("edi_inspect", CLAIMS, "--rules", tmp_path / "rules.toml")[1]


@pytest.mark.parametrize("name", ["inspect", "explain", "ack", "diff"])
def test_the_help_names_the_sets(name: str) -> None:
    command = import_module(f"medguild.exchange.management.commands.edi_{name}").Command()
    for one in ("837P", "837I", "835", "270", "271", "276", "277CA", "278 (X217)", "999", "TA1"):
        assert one in command.help
