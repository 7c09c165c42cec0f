"""Every named constraint has a test that violates it, which names it."""

from __future__ import annotations

import re

from tests.architecture.house import ROOT, own_models


def test_every_constraint_is_violated_in_a_test() -> None:
    folders = (ROOT / "tests" / "integration", ROOT / "tests" / "unit")
    words: set[str] = set()
    for folder in folders:
        for file in folder.rglob("*.py"):
            words.update(re.findall(r"\w+", file.read_text()))
    names = {
        constraint.name: model._meta.label
        for model in own_models()
        for constraint in (*model._meta.constraints, *getattr(model._meta, "triggers", ()))
    }
    missing = [
        f"{label}: {name}" for name, label in sorted(names.items(), key=lambda pair: pair[1]) if name not in words
    ]
    assert not missing, "violate these constraints in tests, by name:\n" + "\n".join(missing)


def test_every_constraint_says_what_it_guards() -> None:
    unnamed = [
        model._meta.label
        for model in own_models()
        for constraint in model._meta.constraints
        if "%(" in constraint.name or constraint.name.startswith(model._meta.db_table)
    ]
    assert not unnamed
