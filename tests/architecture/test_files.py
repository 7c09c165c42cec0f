"""Small files, no side doors: no signals, no late imports, nothing inline in templates."""

from __future__ import annotations

import ast
import re
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.house import SOURCE, short, sources

LONGEST, MEDIAN = 400, 150
_SIGNALS = ("django.dispatch", "django.db.models.signals", "django.contrib.auth.signals")
_INLINE = {
    "style attribute": re.compile(r"<[a-z][^>]*\sstyle\s*=", re.IGNORECASE),
    "event attribute": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "script without src": re.compile(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)[^>]*>", re.IGNORECASE),
    "javascript address": re.compile(r"javascript:", re.IGNORECASE),
    "hx-on": re.compile(r"\shx-on", re.IGNORECASE),
}


def _lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def test_no_file_is_long_and_most_are_short() -> None:
    sizes = {short(path): _lines(path) for suffix in (".py", ".html") for path in sources(suffix)}
    assert not {name: size for name, size in sizes.items() if size > LONGEST}
    written = [size for name, size in sizes.items() if name.endswith(".py") and size > 0]
    assert statistics.median(written) < MEDIAN


def _imports(tree: ast.AST) -> Iterator[tuple[ast.stmt, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node, node.module
            yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


def test_rooms_do_not_talk_by_signals() -> None:
    found = [
        f"{short(path)}: {name}"
        for path in sources()
        for _, name in _imports(ast.parse(path.read_text()))
        if name.startswith(_SIGNALS)
    ]
    assert not found


def test_imports_stand_at_the_top_of_files() -> None:
    found = []
    for path in sources():
        tree = ast.parse(path.read_text())
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                found += [f"{short(path)}:{node.lineno}" for node, _ in _imports(function)]
    assert not sorted(set(found))


def test_rules_are_pure() -> None:
    found = [
        f"{short(path)}: {name}"
        for path in sources()
        if path.name == "rules.py"
        for _, name in _imports(ast.parse(path.read_text()))
        if name.split(".")[0] == "django"
    ]
    assert not found


@pytest.mark.parametrize("what", _INLINE)
def test_templates_carry_nothing_that_the_content_security_policy_refuses(what: str) -> None:
    found = [short(path) for path in sources(".html") if _INLINE[what].search(path.read_text())]
    assert not found


def test_nothing_tells_of_the_machine_it_was_written_on() -> None:
    told = re.compile(r"/(root|work|home/\w+)/|/tmp/\w")
    files = [path for suffix in (".py", ".html", ".md", ".js", ".toml") for path in sources(suffix)]
    assert [short(path) for path in files if told.search(path.read_text())] == []


def test_every_room_and_wing_has_a_readme() -> None:
    wings = [folder for folder in SOURCE.iterdir() if (folder / "__init__.py").exists() and folder.name != "config"]
    assert [wing.name for wing in sorted(wings) if not (wing / "README.md").exists()] == []
