"""Web processes and what is loaded at start-up never import the learner: it costs a second and a hundred megabytes."""

from __future__ import annotations

import subprocess
import sys

_START = (
    "import os, sys, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'medguild.config.settings'; django.setup();"
    " import medguild.config.urls, medguild.operations.attendance.tasks;"
    " print([name for name in ('sklearn', 'numpy', 'scipy', 'joblib') if name in sys.modules])"
)


def test_nothing_of_the_library_is_loaded_at_start_up() -> None:
    started = subprocess.run([sys.executable, "-c", _START], capture_output=True, text=True, check=True, cwd="/")
    assert started.stdout.splitlines()[-1] == "[]"
