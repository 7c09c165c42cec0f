"""PDF by Typst. Data reach a template as JSON, so text stays text and is never markup."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

import medguild
from medguild.foundation.documents.ports import register_template, template_path
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.later import later

PACKAGE = Path(medguild.__file__).resolve().parent
_HERE = Path(__file__).parent / "typst"
LETTER = register_template("documents.letter", _HERE / "letter.typ")


class TemplateError(RuntimeError):
    """A template could not be set; says which and where, without the data."""


def render_pdf(template: str, data: Mapping[str, Any], *, at: dt.datetime | None = None) -> bytes:
    """Set a registered template with the data; the template reads them from `/foundation/documents/typst/data.typ`.

    `at` is the date in the PDF's properties. Raises LookupError for an unknown template, TemplateError.
    """
    typst = later("typst")
    path = template_path(template)
    moment = at or now()
    try:
        pdf: bytes = typst.compile(
            str(path),
            root=str(PACKAGE),
            font_paths=_fonts(),
            sys_inputs={"data": orjson.dumps(dict(data), default=str).decode()},
            timestamp=int(moment.timestamp()),
        )
    except typst.TypstError as error:
        # The hints and the message may quote data; the first line of the place does not.
        raise TemplateError(f"template {template!r} ({path.name}): {_place(error)}") from None
    return pdf


def _place(error: Exception) -> str:
    message = str(getattr(error, "message", "") or error)
    return message.splitlines()[0] if message else "unknown error"


@lru_cache(maxsize=1)
def _fonts() -> Any:
    """The fonts that come with Typst; those of the machine would make PDFs differ from place to place."""
    return later("typst").Fonts(include_system_fonts=False, include_embedded_fonts=True)
