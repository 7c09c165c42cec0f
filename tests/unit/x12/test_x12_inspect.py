"""The report of `inspect`: its JSON shape, its text, its exit codes."""

from __future__ import annotations

import io
import json
from pathlib import Path

from medguild.x12 import exit_code, human, inspect_files, inspect_stream
from tests.support import shared_data

DATA = shared_data() / "x12"


def test_the_json_shape() -> None:
    report = inspect_files([DATA / "own_835_unbalanced_bpr.835"])
    found = json.loads(json.dumps(report.to_json()))
    assert found["ok"] is False
    (file,) = found["files"]
    assert set(file) == {"file", "readable", "errors", "interchanges"}
    (interchange,) = file["interchanges"]
    assert set(interchange) == {"control", "sender", "receiver", "errors", "groups"}
    (group,) = interchange["groups"]
    assert set(group) == {"control", "guide", "errors", "transactions"}
    (transaction,) = group["transactions"]
    errors = transaction.pop("errors")
    assert transaction == {
        "type": "835", "control": "0001", "claims": 1, "services": 1, "charge": "150.00", "paid": "90.00",
        "adjustments": {"CO": "50.00", "PR": "10.00"}, "plb": "0.00", "total": "90.01", "balanced": False,
        "difference": "0.01",
    }  # fmt: skip
    (error,) = errors
    assert error.pop("text").startswith("The payment does not balance")
    assert error == {
        "level": 3, "severity": "error", "rule": "835.total", "position": 2, "segment": "BPR", "loop": "HEADER",
        "element": "BPR02",
    }  # fmt: skip


def test_claims_in_json() -> None:
    report = inspect_files([DATA / "own_837p_multi_claims_dependents.837"]).to_json()
    (transaction,) = report["files"][0]["interchanges"][0]["groups"][0]["transactions"]
    assert report["ok"] is True
    assert transaction == {
        "type": "837P", "control": "0001", "claims": 5, "services": 6, "charge": "500.00", "paid": "0.00",
        "adjustments": {}, "plb": "0.00", "total": "500.00", "balanced": True, "difference": "0.00", "errors": [],
    }  # fmt: skip


def test_other_sets_are_named_and_counted() -> None:
    expected = {
        "own_270_subscriber.270": "270", "own_271_copay_ded_repeat.271": "271", "own_277ca_mixed.277ca": "277CA",
        "own_277_status_paid_pend.277": "277", "own_999_partial.999": "999", "stup_provider_request.276": "276",
        "aurel_x217_referral_request.278": "278",
    }  # fmt: skip
    for name, kind in expected.items():
        (transaction,) = inspect_files([DATA / name]).files[0].transactions
        assert (transaction.kind, transaction.balanced) == (kind, None)
    institutional = inspect_files([DATA / "stup_ppo_repriced_claim.837i"]).files[0].transactions[0]
    assert (institutional.claims, institutional.charge_cents, institutional.services) == (1, 23750, 2)


def test_a_broken_charge_of_a_counted_claim_counts_nothing() -> None:
    data = (DATA / "stup_ppo_repriced_claim.837i").read_bytes().replace(b"*237.5*", b"*X*")
    assert inspect_stream(io.BytesIO(data), "x").transactions[0].charge_cents == 0


def test_exit_codes_and_text(tmp_path: Path) -> None:
    good, bad = DATA / "own_835_interest.835", DATA / "own_835_truncated.835"
    assert exit_code(inspect_files([good])) == 0
    assert exit_code(inspect_files([good, bad])) == 1
    assert exit_code(inspect_files([good, bad, DATA / "own_empty.edi"])) == 2
    missing = inspect_files([tmp_path / "none.835"])
    assert exit_code(missing) == 2
    assert "cannot be opened" in human(missing)
    assert "unreadable" in human(inspect_files([DATA / "own_empty.edi"]))
    said = human(inspect_files([good, bad]))
    assert "own_835_interest.835: ok" in said
    assert "payment 93.21" in said
    assert "NOT BALANCED, difference 90.00" in said
    assert "segment 25 (SE)" in said
    assert "file.truncated" in said


def test_acknowledgments_and_hidden_findings_in_the_text() -> None:
    assert "Interchange 000000905 was accepted." in human(inspect_files([DATA / "own_ta1_plus_999.edi"]))
    data = (DATA / "own_835_interest.835").read_bytes()
    many = data.replace(b"LX*1~", b"LX*1~" + b"~" * 300)
    (transaction,) = inspect_stream(io.BytesIO(many), "x").transactions
    assert transaction.hidden == 100
    assert "and 100 more findings" in "\n".join(transaction.lines())


def test_a_warning_alone_is_ok() -> None:
    report = inspect_files([DATA / "own_835_reversal_two_sets.835"])
    assert report.ok
    assert "warning" in human(report)


def test_totals_are_signed_in_json() -> None:
    report = inspect_files([DATA / "own_835_capitation.835"]).to_json()
    (transaction,) = report["files"][0]["interchanges"][0]["groups"][0]["transactions"]
    assert (transaction["plb"], transaction["total"], transaction["paid"]) == ("-1500.00", "1500.00", "0.00")
