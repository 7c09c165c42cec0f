"""The JSON of inspect, key by key, for every set and for files of every kind."""

from __future__ import annotations

import re
from typing import Any

import pytest

from medguild.x12 import exit_code, inspect_files
from tests.support_exchange import FOLDER

pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="the shared sample files are not here")

ERROR = {
    "level": int, "severity": str, "rule": str, "position": int, "segment": str, "loop": str, "element": str,
    "text": str,
}  # fmt: skip
TRANSACTION = [
    "type", "control", "claims", "services", "charge", "paid", "adjustments", "plb", "total", "balanced", "difference",
    "errors",
]  # fmt: skip
AMOUNT = re.compile(r"-?\d+\.\d\d")


def check_errors(errors: list[dict[str, Any]]) -> None:
    for error in errors:
        assert list(error) == list(ERROR)
        assert all(type(error[key]) is kind for key, kind in ERROR.items())
        assert error["severity"] in ("error", "warning")
        assert 1 <= error["level"] <= 7
        assert error["text"]


def check_transaction(one: dict[str, Any]) -> None:
    assert list(one) == TRANSACTION
    assert type(one["claims"]) is int
    assert type(one["services"]) is int
    for key in ("charge", "paid", "plb", "total", "difference"):
        assert AMOUNT.fullmatch(one[key]), key
    assert all(AMOUNT.fullmatch(amount) for amount in one["adjustments"].values())
    assert one["balanced"] in (True, False, None)
    check_errors(one["errors"])


def everything(report: dict[str, Any]) -> list[dict[str, Any]]:
    (file,) = report["files"]
    found = list(file["errors"])
    for interchange in file["interchanges"]:
        found += interchange["errors"]
        for group in interchange["groups"]:
            found += group["errors"]
            for transaction in group["transactions"]:
                found += transaction["errors"]
    return found


@pytest.mark.parametrize(
    "path", sorted(path for path in FOLDER.iterdir() if path.is_file()), ids=lambda path: path.name
)
def test_the_shape_holds_for_every_real_file(path: Any) -> None:
    found = inspect_files([path])
    report = found.to_json()
    assert list(report) == ["ok", "files"]
    (file,) = report["files"]
    assert list(file) == ["file", "readable", "errors", "interchanges"]
    assert file["file"] == str(path)
    check_errors(file["errors"])
    for interchange in file["interchanges"]:
        assert list(interchange) == ["control", "sender", "receiver", "errors", "groups"]
        check_errors(interchange["errors"])
        for group in interchange["groups"]:
            assert list(group) == ["control", "guide", "errors", "transactions"]
            check_errors(group["errors"])
            for transaction in group["transactions"]:
                check_transaction(transaction)
    wrong = any(error["severity"] == "error" for error in everything(report))
    assert report["ok"] is not wrong
    assert exit_code(found) == (2 if not file["readable"] else 1 if wrong else 0)


def kinds(name: str) -> list[str]:
    (file,) = inspect_files([FOLDER / name]).files
    return [transaction.kind for transaction in file.transactions]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("own_270_subscriber.270", "270"),
        ("own_271_copay_ded_repeat.271", "271"),
        ("own_277_status_paid_pend.277", "277"),
        ("own_277ca_mixed.277ca", "277CA"),
        ("own_999_partial.999", "999"),
        ("own_835_interest.835", "835"),
        ("own_837p_50_lines.837", "837P"),
        ("stup_automobile_accident.837i", "837I"),
        ("stup_claim_ncpdp_request.276", "276"),
        ("stup_admission_request_for_review.278", "278"),
    ],
)
def test_each_set_bears_its_name(name: str, kind: str) -> None:
    assert kind in kinds(name)


def test_a_ta1_alone_has_an_interchange_without_groups() -> None:
    (file,) = inspect_files([FOLDER / "own_ta1_rejected.ta1"]).to_json()["files"]
    assert file["readable"]
    assert [interchange["groups"] for interchange in file["interchanges"]] == [[]]


def test_several_interchanges_stand_one_after_the_other(tmp_path: Any) -> None:
    both = tmp_path / "both.835"
    both.write_bytes((FOLDER / "own_835_interest.835").read_bytes() + (FOLDER / "own_999_partial.999").read_bytes())
    (file,) = inspect_files([both]).to_json()["files"]
    found = [one["type"] for i in file["interchanges"] for g in i["groups"] for one in g["transactions"]]
    assert (len(file["interchanges"]), found) == (2, ["835", "999"])


def test_the_total_of_a_payment_is_what_its_header_says() -> None:
    (file,) = inspect_files([FOLDER / "own_835_unbalanced_bpr.835"]).to_json()["files"]
    (one,) = file["interchanges"][0]["groups"][0]["transactions"]
    said = (FOLDER / "own_835_unbalanced_bpr.835").read_text().split("BPR*")[1].split("*")[1]
    assert float(one["total"]) == float(said)
    assert (one["balanced"], one["difference"]) == (False, "0.01")
    assert float(one["total"]) != float(one["paid"]) - float(one["plb"])


@pytest.mark.parametrize("content", [b"", b"nothing", b"ISA*00*cut", b"\x00\xff" * 300])
def test_what_is_no_x12_is_unreadable_and_exits_with_two(content: bytes, tmp_path: Any) -> None:
    path = tmp_path / "x.835"
    path.write_bytes(content)
    found = inspect_files([path, FOLDER / "own_835_interest.835"])
    report = found.to_json()
    assert [file["readable"] for file in report["files"]] == [False, True]
    assert report["files"][0]["errors"][0]["text"]
    assert (report["ok"], exit_code(found)) == (False, 2)


def said(name: str) -> str:
    return inspect_files([FOLDER / name]).human()


def test_people_read_what_an_answer_comes_to() -> None:
    assert "partly accepted" in said("own_999_partial.999")
    assert "2 accepted, 1 rejected" in said("own_999_partial.999")
    assert re.search(r"Claims accepted: \d+ \(\d+\.\d\d\); rejected: \d+ \(\d+\.\d\d\)", said("own_277ca_mixed.277ca"))
    assert "Cover: 1 active." in said("own_271_copay_ded_repeat.271")
    assert "was rejected" in said("own_ta1_rejected.ta1")
