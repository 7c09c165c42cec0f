"""Static files, gathered under names that change with their content before a server starts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from medguild.config.state import STATE

_GATHERED = STATE / "static.gathered"  # beside the folder, because all that is in it is served


def gather() -> bool:
    """Gather them unless nothing has changed since the last time; was it done?"""
    found = _fingerprint()
    if settings.STATIC_ROOT.is_dir() and _GATHERED.exists() and _GATHERED.read_text() == found:
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    _GATHERED.write_text(found)
    return True


def _fingerprint() -> str:
    """Of names, sizes and times of all files."""
    seen = sorted(f"{path} {(stat := path.stat()).st_size} {stat.st_mtime_ns}" for path in _sources())
    return hashlib.sha256("\n".join(seen).encode()).hexdigest()


def _sources() -> Iterator[Path]:
    for finder in get_finders():
        for name, storage in finder.list(None):
            yield Path(storage.path(name))
