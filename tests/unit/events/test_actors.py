"""Histories name people by name and the house's own jobs in plain words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.utils import translation

import medguild
from medguild.foundation.events.actors import JOBS, job_words, named, who

_SOURCE = Path(medguild.__file__).parent
_JOB = re.compile(r'Actor\.job\(\s*"([^"]+)"')


@dataclass
class Acted:
    actor_kind: str
    actor_label: str


def names_in_source() -> list[str]:
    return sorted({name for path in _SOURCE.rglob("*.py") for name in _JOB.findall(path.read_text("utf-8"))})


@pytest.mark.parametrize("name", names_in_source())
def test_every_job_of_the_house_has_words(name: str) -> None:
    assert name in JOBS or name.split(".")[0] in JOBS
    assert job_words(name) != name


def test_people_keep_their_names() -> None:
    assert who(Acted("user", "Fran Desk")) == "Fran Desk"
    assert who(Acted("user", "demo")) == "demo"
    assert who(Acted("job", "templates.moves")) == "By itself: change of a template"
    assert who(Acted("job", "something.new")) == "By itself"


def test_rows_that_keep_the_name_alone_are_told_apart() -> None:
    assert named("Dr. Ana Doe") == "Dr. Ana Doe"
    assert named("waitlist.offers") == "By itself: offer of the waiting list"
    assert named("") == ""


def test_the_words_follow_the_reader() -> None:
    with translation.override("es"):
        assert who(Acted("job", "templates.moves")) == "Automático: cambio de una plantilla"
