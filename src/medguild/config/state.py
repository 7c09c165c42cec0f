"""Where the house keeps its state on this machine: database, files, built assets, secrets, reports."""

from __future__ import annotations

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
STATE = Path(os.environ.get("MEDGUILD_STATE") or PROJECT / "var").resolve()
