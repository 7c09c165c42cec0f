"""Two files side by side: what says the same is the same, however it is wrapped; each difference is at its claim."""

from __future__ import annotations

import io

from medguild.x12.compare import Difference, compare
from tests.support import shared_data

DATA = shared_data() / "x12"


def found(first: bytes, second: bytes) -> list[Difference]:
    return list(compare(io.BytesIO(first), io.BytesIO(second)))


def sample(name: str) -> bytes:
    return (DATA / name).read_bytes()


def test_wrapping_delimiters_and_control_numbers_do_not_count() -> None:
    data = sample("own_835_reversal_correction.835")
    assert found(data, sample("own_835_delims_gs_us.835")) == []
    assert found(data, data.replace(b"~", b"~\r\n")) == []
    assert found(data, data.replace(b"ST*835*0001", b"ST*835*0777").replace(b"*0001~GE", b"*0777~GE")) == []


def test_a_changed_amount_is_told_at_its_claim() -> None:
    data = sample("own_835_reversal_correction.835")
    (difference,) = found(data, data.replace(b"CAS*CO*45*50", b"CAS*CO*45*51"))
    assert difference.piece == "835 claim PCN0002"
    assert difference.lines == (
        "- Adjusted (contract, nobody owes it): 50.00 for reason 45",
        "+ Adjusted (contract, nobody owes it): 51.00 for reason 45",
    )


def test_a_claim_of_one_file_only_is_named() -> None:
    data = sample("own_837p_multi_claims_dependents.837")
    changed = data.replace(b"CLM*PCN1001*", b"CLM*PCN9999*")
    first, second = found(data, changed)
    assert (first.piece, first.only_in_first) == ("837P claim PCN1001", True)
    assert (second.piece, second.only_in_second) == ("837P claim PCN9999", True)


def test_the_same_claim_twice_is_counted() -> None:
    data = sample("own_835_reversal_correction.835")
    assert [d.piece for d in found(data, data.replace(b"CLP*PCN0001*1*", b"CLP*PCN0001*2*"))] == [
        "835 claim PCN0001 (2)"
    ]
