"""Every field of the hand-written records says which element it is, and that element exists."""

from __future__ import annotations

import dataclasses
import inspect
import re
from types import ModuleType

import pytest

from medguild.x12.guides.elements import COMPONENTS, ELEMENTS
from medguild.x12.records import claim, common, remittance

ELEMENT = re.compile(r"([A-Z]+[0-9]??)(\d\d)(?:-(\d))?")
WHOLE = {"position", "header", "claims", "provider_adjustments", "summaries"}  # what is no element
LOOPS = {"billing", "subscriber", "patient"}


@pytest.mark.parametrize("module", [claim, common, remittance], ids=lambda m: m.__name__.rpartition(".")[2])
def test_fields_name_their_elements(module: ModuleType) -> None:
    silent, wrong = [], []
    for name, record in inspect.getmembers(module, dataclasses.is_dataclass):
        if record.__module__ != module.__name__:
            continue
        lines = inspect.getsource(record).splitlines()
        for field in dataclasses.fields(record):
            (line,) = [text for text in lines if re.match(rf"    {field.name}: ", text)]
            comment = line.partition("  # ")[2]
            if not comment and field.name not in WHOLE:
                silent.append(f"{name}.{field.name}")
            if name == "Claim" and field.name in LOOPS:
                continue
            wrong += [
                f"{name}.{field.name}: {said}" for said in re.split(r", | or | to | and ", comment) if not _known(said)
            ]
    assert silent == []
    assert wrong == []


def _known(said: str) -> bool:
    """``2010BA NM1*IL``, ``SV101``, ``HI01-9``, ``OI``; words beside them are for the reader."""
    words = [word.partition("*")[0] for word in said.split() if word[:1].isupper() and not word.startswith("837")]
    for word in words:
        if word in ELEMENTS:
            continue
        found = ELEMENT.fullmatch(word)
        if not found or int(found[2]) > len(ELEMENTS.get(found[1], ())):
            return False
        if found[3] and int(found[3]) > len(COMPONENTS.get(found[1] + found[2], ())):
            return False
    return True
