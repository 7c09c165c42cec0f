"""Translations without system tools: which strings lack Spanish, skeletons for them, compiled catalogs.

    python -m medguild.foundation.ui.messages            list what is missing or broken; exit 1 when there is any
    python -m medguild.foundation.ui.messages add WING   append what a wing lacks to its catalog, to be filled in
    python -m medguild.foundation.ui.messages compile    write the .mo files beside the .po files

A wing keeps its own `locale/es/LC_MESSAGES/django.po`; the words of this room and of `config` are in `medguild/locale`.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parents[2]
LANGUAGE = "es"
_SHARED = ("config", "foundation/ui")
_STRING = r"""u?(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
_CALL = re.compile(rf"(?<!\w)(n?gettext|n?pgettext|_)\(\s*((?:{_STRING}\s*,\s*)*{_STRING})")
_PLACES = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")


@dataclass(frozen=True, slots=True, order=True)
class Phrase:
    """A translatable string: `plural` and `context` are empty where there is none."""

    text: str
    plural: str = ""
    context: str = ""


def _phrase(function: str, args: list[str]) -> Phrase | None:
    name = function.removesuffix("_lazy").removesuffix("_noop")
    context = args.pop(0) if "pgettext" in name and args else ""
    if not args:
        return None
    return Phrase(args[0], args[1] if name.startswith("n") and len(args) > 1 else "", context)


def phrases_of_python(source: str) -> Iterator[Phrase]:
    """Every `gettext`-like call with literal strings."""
    names = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
    names |= {"pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"}
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names):
            continue
        args = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        phrase = _phrase(node.func.id, args)
        if phrase is not None:
            yield phrase


def phrases_of_template(source: str) -> Iterator[Phrase]:
    """Every `translate`, `blocktranslate` and `_("...")` of a template."""
    for match in _CALL.finditer(templatize(source)):
        args = [str(arg) for arg in ast.literal_eval(f"({match[2]},)")]
        phrase = _phrase(match[1], args)
        if phrase is not None:
            yield phrase


def _sources() -> Iterator[Path]:
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in (".py", ".html", ".txt") and "migrations" not in path.parts and "dist" not in path.parts:
            yield path


def phrases() -> dict[Phrase, list[str]]:
    """Every phrase of the source tree, with the files that hold it (relative to the package)."""
    found: dict[Phrase, list[str]] = {}
    for path in _sources():
        source = path.read_text(encoding="utf-8")
        read = phrases_of_python if path.suffix == ".py" else phrases_of_template
        for phrase in read(source):
            if phrase.text:
                found.setdefault(phrase, []).append(path.relative_to(PACKAGE).as_posix())
    return found


def catalogs() -> list[Path]:
    return sorted(PACKAGE.glob(f"**/locale/{LANGUAGE}/LC_MESSAGES/django.po"))


def catalog_of(file: str) -> Path:
    """The catalog to which the words of a file belong."""
    wing = "" if file.startswith(_SHARED) else file.split("/")[0]
    return PACKAGE / wing / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def _entries(path: Path) -> list[polib.POEntry]:
    return [entry for entry in polib.pofile(str(path)) if not entry.obsolete]


def _done(entry: polib.POEntry) -> bool:
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    return bool(texts) and all(texts) and "fuzzy" not in entry.flags


def translated() -> set[Phrase]:
    return {
        Phrase(entry.msgid, entry.msgid_plural or "", entry.msgctxt or "")
        for path in catalogs()
        for entry in _entries(path)
        if _done(entry)
    }


def missing() -> dict[Phrase, list[str]]:
    """Phrases without Spanish, with their files."""
    known = translated()
    return {phrase: files for phrase, files in phrases().items() if phrase not in known}


def _places(text: str) -> set[str]:
    return {named or braced for named, braced in _PLACES.findall(text)}


def broken() -> list[str]:
    """Translations whose placeholders differ from those of the original; they would fail when shown."""
    wrong = []
    for path in catalogs():
        for entry in _entries(path):
            wanted = _places(entry.msgid) | _places(entry.msgid_plural or "")
            texts = list(entry.msgstr_plural.values()) or [entry.msgstr]
            if any(text and not _places(text) <= wanted for text in texts):
                wrong.append(f"{path.relative_to(PACKAGE).as_posix()}: {entry.msgid}")
    return wrong


def add(prefix: str = "") -> int:
    """Append the missing phrases of files under `prefix` to their catalogs, untranslated. Returns how many."""
    added = 0
    for phrase, files in sorted(missing().items()):
        if not files[0].startswith(prefix):
            continue
        path = catalog_of(files[0])
        catalog = _open(path)
        if catalog.find(phrase.text, msgctxt=phrase.context or False) is None:
            catalog.append(_entry(phrase))
            catalog.save(str(path))
            added += 1
    return added


def _open(path: Path) -> polib.POFile:
    if path.exists():
        return polib.pofile(str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    catalog = polib.POFile(wrapwidth=0)
    catalog.metadata = {
        "Language": LANGUAGE,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    return catalog


def _entry(phrase: Phrase) -> polib.POEntry:
    entry = polib.POEntry(msgid=phrase.text, msgctxt=phrase.context or None)
    if phrase.plural:
        entry.msgid_plural = phrase.plural
        entry.msgstr_plural = {0: "", 1: ""}
    return entry


def compile_catalogs() -> list[Path]:
    """Write a .mo file beside each catalog. Returns their paths."""
    written = []
    for path in catalogs():
        target = path.with_suffix(".mo")
        polib.pofile(str(path)).save_as_mofile(str(target))
        written.append(target)
    return written


def _report(prefix: str = "") -> int:
    lacking = {phrase: files for phrase, files in missing().items() if files[0].startswith(prefix)}
    wrong = broken()
    for phrase, files in sorted(lacking.items(), key=lambda pair: pair[1][0]):
        sys.stdout.write(f"{files[0]}: {phrase.text!r}\n")
    for line in wrong:
        sys.stdout.write(f"placeholders differ: {line}\n")
    sys.stdout.write(f"{len(lacking)} strings without Spanish, {len(wrong)} broken\n")
    return 1 if lacking or wrong else 0


def main(argv: list[str]) -> int:
    act = argv[0] if argv else "check"
    if act == "compile":
        sys.stdout.write(f"{len(compile_catalogs())} catalogs compiled\n")
        return 0
    if act == "add":
        sys.stdout.write(f"{add(*argv[1:2])} strings added; fill in their msgstr\n")
        return 0
    return _report(*argv[1:2])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
