"""What tests of several wings share."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[1] / ".." / "shared" / "data"


def shared_data() -> Path:
    """The folder of real files beside the repository. Skips the test when it is not there."""
    if not SHARED.is_dir():
        pytest.skip("the real files of ../shared/data are not on this machine", allow_module_level=True)
    return SHARED.resolve()
