"""Static files are gathered again when one of them has changed, and only then."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from medguild.config import assets


def test_static_files_are_gathered_when_they_have_changed(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "source" / "medguild_only_here.css"
    source.parent.mkdir()
    source.write_text("body { color: red }")
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [source.parent], tmp_path / "static"
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    monkeypatch.setattr(assets, "_GATHERED", tmp_path / "gathered")

    assert assets.gather()
    assert (tmp_path / "static" / source.name).exists()
    assert not assets.gather()

    source.write_text("body { color: blue }")
    os.utime(source, (2_000_000_000, 2_000_000_000))
    assert assets.gather()
    assert "blue" in (tmp_path / "static" / source.name).read_text()

    shutil.rmtree(tmp_path / "static")
    assert assets.gather()
