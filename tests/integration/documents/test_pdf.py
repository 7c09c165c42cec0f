"""Letters by Typst: text is text, errors are clear and tell nothing."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from medguild.foundation.documents import pdf, ports
from medguild.foundation.documents.rules import MediaType, sniff

AT = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
LETTER = {
    "sender": {"name": "Harbor Health", "lines": ["1 Main Street", "Portland, OR"]},
    "recipient": {"name": "Ana P\u00e9rez", "lines": ["2 Elm Street"]},
    "date": "March 1, 2026",
    "subject": "Your visit",
    "paragraphs": ["First.", '#panic("no") *not bold* $x$ #read("/etc/passwd") \\ @nobody'],
    "signed_by": "Front desk",
}


def template(monkeypatch: pytest.MonkeyPatch, path: Path, text: str) -> str:
    path.write_text(text)
    monkeypatch.setitem(ports._templates._entries, "test.t", path)
    monkeypatch.setattr(pdf, "PACKAGE", path.parent)
    return "test.t"


def test_a_letter_is_a_pdf_and_the_same_each_time() -> None:
    first = pdf.render_pdf(pdf.LETTER, LETTER, at=AT)
    assert sniff(first) == MediaType.PDF
    assert first == pdf.render_pdf(pdf.LETTER, LETTER, at=AT)


def test_a_letter_needs_nothing_but_may_have_little() -> None:
    assert pdf.render_pdf(pdf.LETTER, {}).startswith(b"%PDF")
    spanish = {"sender": None, "language": "es", "page_word": "P\u00e1gina"}
    assert pdf.render_pdf(pdf.LETTER, spanish).startswith(b"%PDF")


def test_a_broken_template_says_which_and_tells_no_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    name = template(monkeypatch, tmp_path / "broken.typ", "#let d = json(bytes(sys.inputs.data))\n#d.nothing")
    with pytest.raises(pdf.TemplateError, match="broken.typ") as broken:
        pdf.render_pdf(name, {"name": "Ana Secret"})
    assert "Secret" not in str(broken.value)


def test_a_template_cannot_read_outside_the_house(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "inside"
    folder.mkdir()
    (tmp_path / "outside.txt").write_text("secret")
    name = template(monkeypatch, folder / "t.typ", '#read("../outside.txt")')
    with pytest.raises(pdf.TemplateError):
        pdf.render_pdf(name, {})


def test_an_unknown_template_is_a_mistake() -> None:
    with pytest.raises(LookupError):
        pdf.render_pdf("nobody.wrote", {})
    assert pdf.LETTER in ports.template_names()
