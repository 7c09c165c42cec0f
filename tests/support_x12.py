"""Judging and building X12 files in tests."""

from __future__ import annotations

import io
import json
import logging
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import pyx12.map_if
import pyx12.params
import pyx12.x12n_document

from medguild.x12 import ClaimReader, Envelope, EnvelopeReader, RemittanceReader
from medguild.x12.records.claim import ClaimTransaction
from medguild.x12.records.remittance import Remittance

ENVELOPE = Envelope("MEDGUILD", "CLEARINGHOUSE", datetime(2026, 1, 2, 3, 4))

_load = pyx12.map_if.load_map_file


@lru_cache(maxsize=8)
def _map(name: str) -> Any:
    return _load(name, pyx12.params.ParamsBase(), None)


def pyx12_errors(data: bytes) -> list[str]:
    """What pyx12 has against a file; empty when it calls it valid.

    pyx12 takes ASCII only. Its maps are loaded once per process, which saves a second per call.
    """
    logging.getLogger("pyx12").setLevel(logging.CRITICAL)
    pyx12.map_if.load_map_file = lambda name, param, path=None: _map(name)
    found = io.StringIO()
    try:
        valid = pyx12.x12n_document.x12n_document(
            pyx12.params.ParamsBase(), io.StringIO(data.decode("ascii")), None, None, fd_json=found
        )
    finally:
        pyx12.map_if.load_map_file = _load
    texts = _texts(json.loads(found.getvalue())) if found.getvalue() else []
    if not valid and not texts:
        texts = ["refused without a reason"]
    return texts


def _texts(node: Any) -> list[str]:
    if isinstance(node, list):
        return [text for child in node for text in _texts(child)]
    if not isinstance(node, dict):
        return []
    own = [f"{node.get('seg_id', '')} {node['err_str']}"] if "err_str" in node else []
    return own + [text for child in node.values() for text in _texts(child)]


def read_transactions(data: bytes) -> list[Remittance | ClaimTransaction]:
    """Every supported transaction of a file, in memory."""
    found: list[Remittance | ClaimTransaction] = []
    for transaction in EnvelopeReader(io.BytesIO(data)):
        if transaction.kind == "835":
            found.append(RemittanceReader(transaction).read())
        elif transaction.kind == "837P":
            found.append(ClaimReader(transaction).read())
    return found


def read_with_issues(data: bytes) -> tuple[list[Remittance | ClaimTransaction], list[str]]:
    """The transactions, and the rules of all issues on every level of the file."""
    reader = EnvelopeReader(io.BytesIO(data))
    found: list[Remittance | ClaimTransaction] = []
    logs = [reader.issues]
    for transaction in reader:
        logs.append(transaction.issues)
        if transaction.kind == "835":
            found.append(RemittanceReader(transaction).read())
        elif transaction.kind == "837P":
            found.append(ClaimReader(transaction).read())
    for interchange in reader.interchanges:
        logs += [interchange.issues, *(group.issues for group in interchange.groups)]
    return found, [issue.rule for log in logs for issue in log]


def cents_of(text: str) -> int:
    """Decimal text of INDEX.md as cents, by a road of its own."""
    return int(Decimal(text) * 100)
