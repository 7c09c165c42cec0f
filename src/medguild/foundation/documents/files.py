"""The bytes of documents: files named by their hash, written whole or not at all, readable by us alone."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.core.files.storage import default_storage

_FILE, _FOLDER = 0o600, 0o700
_CHUNK = 1 << 20
_TEMPORARY = ".new-"


class FileMissing(RuntimeError):
    """The file of a document is not where it belongs; the message carries its hash alone."""


def root() -> Path:
    """The folder of all documents."""
    return Path(default_storage.path("documents"))


def path_of(sha256: str) -> Path:
    return root() / sha256[:2] / sha256[2:4] / sha256


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def write(content: bytes) -> str:
    """Keep the bytes durably and return their hash. Bytes that are there already are not written again."""
    sha256 = digest(content)
    target = path_of(sha256)
    if target.exists() and target.stat().st_size == len(content):
        # Looks young again to the clean-up, which must not take it before our row is committed.
        os.utime(target)
        return sha256
    target.parent.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=_TEMPORARY, dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), _FILE)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
        raise
    _sync_folder(target.parent)
    return sha256


def read(sha256: str) -> bytes:
    """The bytes. Raises FileMissing."""
    try:
        return path_of(sha256).read_bytes()
    except FileNotFoundError:
        raise FileMissing(sha256) from None


def is_whole(sha256: str) -> bool | None:
    """Whether the file still has its hash; None where it is missing."""
    try:
        with path_of(sha256).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except FileNotFoundError:
        return None


def remove(path: Path) -> None:
    path.unlink(missing_ok=True)


def older_than(moment: float) -> Iterator[Path]:
    """Files last written or asked for before the moment (seconds since 1970), unfinished ones among them."""
    for folder in sorted(root().glob("??/??")):
        for path in sorted(folder.iterdir()):
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < moment:
                    yield path


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
