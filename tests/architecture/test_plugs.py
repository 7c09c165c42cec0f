"""What registers something on import is loaded at start-up, in the worker too; a forgotten one hides a page or job."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from tests.architecture.house import SOURCE, short, sources

_REGISTERS = re.compile(
    r"^(?:declare\(|@subscribe\(|@app\.(?:task|periodic)\(|[A-Z_]+ = declare_event\(|[\w.]*register\w*\()", re.MULTILINE
)
_START = (
    "import json, os, sys, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'medguild.config.settings'; django.setup();"
    " from django.conf import settings;"  # what the worker alone imports counts as well
    " print(json.dumps([*sys.modules, *settings.PROCRASTINATE_IMPORT_PATHS]))"
)


def _module(path: Path) -> str:
    return ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts)


def test_modules_that_register_something_are_loaded_at_start_up() -> None:
    started = subprocess.run([sys.executable, "-c", _START], capture_output=True, text=True, check=True, cwd="/")
    loaded = set(json.loads(started.stdout.splitlines()[-1]))
    lost = [short(path) for path in sources() if _REGISTERS.search(path.read_text()) and _module(path) not in loaded]
    assert not lost, "name them in PLUGS of their wing's apps.py"
