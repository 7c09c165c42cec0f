"""A bar so low that a small past is good enough."""

from __future__ import annotations

import pytest

from medguild.operations.attendance import training
from medguild.operations.attendance.metric_rules import Bar


@pytest.fixture
def good_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "bar", lambda: Bar(visits=100, missed=10, auc=0.5, auc_later=0.5, ece=0.5))
