"""The contracts of `.importlinter`: who may import whom."""

from __future__ import annotations

import configparser

import pytest
from importlinter.cli import lint_imports

from tests.architecture.house import ROOMS, ROOT, WINGS

CONTRACTS = ROOT / ".importlinter"


def test_the_contracts_hold(capsys: pytest.CaptureFixture[str]) -> None:
    code = lint_imports(config_filename=str(CONTRACTS), no_cache=True)
    assert code == 0, capsys.readouterr().out


def test_the_contracts_name_the_order_that_foreign_keys_follow() -> None:
    held = configparser.ConfigParser()
    held.read(CONTRACTS)
    for contract, order in (("wings", WINGS), ("foundation", ROOMS)):
        layers = held[f"importlinter:contract:{contract}"]["layers"].split()
        assert [layer.strip("()") for layer in layers] == list(reversed(order))
