"""ICD-10-CM out of the library that carries it. Reading it takes seconds and about 200 MB: jobs and commands only.

The codes go into the table once (`medguild codesets_load`); web processes read the table.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import warnings
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import version
from typing import Any

from medguild.foundation.codesets.rules import CodeRow

RELEASE = "2026-04"
SOURCE = f"simple-icd-10-cm {version('simple-icd-10-cm')}"
# The April update stands in the fiscal year that began here; it holds until a newer edition is loaded.
SINCE = dt.date(2025, 10, 1)


def read_icd10cm() -> Iterator[CodeRow]:
    """Categories and codes, without chapters and blocks; only leaves may be put on a claim."""
    library = _library()
    # A block of one category bears its name, so some stand twice in the list.
    for code in dict.fromkeys(library.get_all_codes(with_dots=True)):
        if library.is_category_or_subcategory(code):
            yield CodeRow(
                code=code,
                label=library.get_description(code, prioritize_blocks=False),
                attributes={"category": code[:3]},
                selectable=library.is_leaf(code),
            )


def checksum() -> str:
    """Stands for the content: the library's release."""
    return hashlib.sha256(f"{SOURCE} {RELEASE}".encode()).hexdigest()


def _library() -> Any:
    """Loaded only when rows are wanted, so that a second run that finds them loaded costs nothing."""
    with warnings.catch_warnings():
        # It reads its files in a way that Python will drop one day.
        warnings.simplefilter("ignore", DeprecationWarning)
        return import_module("simple_icd_10_cm")
