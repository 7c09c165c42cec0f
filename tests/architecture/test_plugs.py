"""What registers something on import is named among the plugs of its wing: forgetting one hides a page or loses a job."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

from tests.architecture.house import SOURCE, short, sources

_REGISTERS = re.compile(
    r"^(?:declare\(|@subscribe\(|@app\.(?:task|periodic)\(|[A-Z_]+ = declare_event\(|\w*\.?register\(|\w+\.register\()",
    re.MULTILINE,
)


def _plugs(wing: str) -> set[str]:
    return {f"medguild.{wing}.{name}" for name in getattr(import_module(f"medguild.{wing}.apps"), "PLUGS", ())}


def _module(path: Path) -> str:
    return ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts)


@pytest.mark.parametrize("wing", sorted(folder.name for folder in SOURCE.iterdir() if (folder / "apps.py").exists()))
def test_modules_that_register_something_are_plugged_in(wing: str) -> None:
    if wing == "config":
        return
    plugs = _plugs(wing)
    wanted = ("tasks.py", "menu.py", "subscribers.py", "permissions.py", "plugs.py")
    lost = [
        short(path)
        for path in sources()
        if path.relative_to(SOURCE).parts[0] == wing
        and path.name in wanted
        and _REGISTERS.search(path.read_text())
        and _module(path) not in plugs
    ]
    assert not lost, f"add them to PLUGS in src/medguild/{wing}/apps.py"
