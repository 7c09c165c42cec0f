"""Every real file set beside both judges; where they differ from us, the file stands here with the reason.

Remittances and professional claims are set beside pyx12 in test_x12_index.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import shared_data
from tests.support_x12_judges import JUDGES, PYX12, X12SDK, disagreement

DATA = shared_data() / "x12"
KINDS = {".837p": "837P", ".837": "837P", ".837i": "837I", ".277ca": "277CA"}
ASCII_ONLY = "it takes ASCII only"
NEWLINES = "it does not pass over the newlines after the terminator, or takes CR for a segment"
PWK = "it lacks PWK02 AD, which the guide has"
MISJUDGED: dict[tuple[str, str], str] = {
    (PYX12, "aurel_999_acknowledgment.999"): "it has no verdict on a group that names no guide",
    (PYX12, "oopf_dhs_wisconsin_sample.999"): ASCII_ONLY,
    (PYX12, "stup_automobile_accident.837i"): "a short ZIP code is SNIP 5 for us (code.zip-billing)",
    (X12SDK, "own_835_crlf_pretty.835"): NEWLINES,
    (X12SDK, "own_835_delims_gs_us.835"): "the count of transactions beside it knows one terminator only",
    (X12SDK, "own_837p_lowercase_unicode.837"): ASCII_ONLY,
    (X12SDK, "own_blank_lines_bom.835"): ASCII_ONLY,
    (X12SDK, "stup_era_sample.835"): NEWLINES,
    (X12SDK, "stup_multiple_claims_single_check.835"): NEWLINES,
    (X12SDK, "stup_oxygen.837p"): PWK,
    (X12SDK, "stup_wheelchair.837p"): PWK,
}


def kind_of(path: Path) -> str:
    return KINDS.get(path.suffix, path.suffix.strip("."))


FILES = [
    (judge, path)
    for path in sorted(DATA.iterdir())
    for judge in JUDGES.get(kind_of(path), ())
    if judge == X12SDK or kind_of(path) not in ("835", "837P")
]


@pytest.mark.parametrize(("judge", "path"), FILES, ids=lambda v: v.name if isinstance(v, Path) else v)
def test_a_real_file_is_judged_alike(judge: str, path: Path) -> None:
    try:
        said = disagreement(judge, kind_of(path), path.read_bytes())
    except Exception as crash:  # noqa: BLE001  (a judge that crashes has no verdict)
        said = f"{judge} crashes: {type(crash).__name__}"
    assert bool(said) == ((judge, path.name) in MISJUDGED), said


def test_the_list_of_misjudged_files_names_real_files() -> None:
    assert {(judge, path.name) for judge, path in FILES} >= set(MISJUDGED)
