"""English and Spanish: every string has both, and the finder finds."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest

from medguild.foundation.ui import messages
from medguild.foundation.ui.messages import Phrase, phrases_of_python, phrases_of_template


def test_every_string_has_its_spanish() -> None:
    lines = [f"  {files[0]}: {phrase.text!r}" for phrase, files in sorted(messages.missing().items())]
    how = "python -m medguild.foundation.ui.messages add, then fill in the msgstr"
    assert not lines, f"{len(lines)} strings without Spanish ({how}):\n" + "\n".join(lines[:60])


def test_translations_keep_their_placeholders() -> None:
    assert messages.broken() == []


def test_no_catalog_keeps_words_twice() -> None:
    for path in messages.catalogs():
        keys = [(entry.msgid, entry.msgctxt) for entry in polib.pofile(str(path))]
        assert len(keys) == len(set(keys)), path


def test_python_is_read() -> None:
    source = (
        '_("One") ; gettext_lazy("T" "wo") ; ngettext("%d cat", "%d cats", n) ; pgettext_lazy("month", "May") ; _(name)'
    )
    assert set(phrases_of_python(source)) == {
        Phrase("One"),
        Phrase("Two"),
        Phrase("%d cat", "%d cats"),
        Phrase("May", context="month"),
    }


def test_templates_are_read() -> None:
    source = """{% load i18n %}{% translate "It's (one)" %}{% button _("Two") %}{% translate 'May' context 'month' %}
    {% blocktranslate count number=n %}{{ number }} cat{% plural %}{{ number }} cats{% endblocktranslate %}"""
    assert set(phrases_of_template(source)) == {
        Phrase("It's (one)"),
        Phrase("Two"),
        Phrase("May", context="month"),
        Phrase("%(number)s cat", "%(number)s cats"),
    }


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(messages, "PACKAGE", tmp_path)
    (tmp_path / "wing/room").mkdir(parents=True)
    (tmp_path / "wing/room/views.py").write_text('x = _("Hello %(name)s")\ny = ngettext("one", "many", 2)\n')
    return tmp_path


def test_missing_are_added_once_and_compiled(tree: Path) -> None:
    assert messages.add("other/") == 0
    assert messages.add("wing/") == 2
    assert messages.add() == 0
    path = tree / "wing/locale/es/LC_MESSAGES/django.po"
    catalog = polib.pofile(str(path))
    assert len(messages.missing()) == 2
    for entry in catalog:
        entry.msgstr_plural = {0: "uno", 1: "muchos"} if entry.msgid_plural else {}
        entry.msgstr = "" if entry.msgid_plural else "Hola %(nombre)s"
    catalog.save()
    assert messages.missing() == {}
    assert messages.broken() == ["wing/locale/es/LC_MESSAGES/django.po: Hello %(name)s"]
    assert messages.compile_catalogs() == [path.with_suffix(".mo")]
    assert path.with_suffix(".mo").stat().st_size > 0


def test_report_ends_with_one_while_something_is_missing(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert messages.main([]) == 1
    assert "2 strings without Spanish, 0 broken" in capsys.readouterr().out
