"""What upper wings tell the documents: who may read which subject's files, and their Typst templates."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.ports import Registry

Readable = Callable[[Actor, Collection[UUID]], set[UUID]]
Url = Callable[[UUID], str]


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a person's upload about a subject belongs: unit, sharing circle and patient; how the subject is called.

    `patient_ids` are all ids of the patient where the subject is one: its page then lists whatever is about them.
    """

    label: str
    unit_id: UUID
    circle_id: UUID | None = None
    patient_id: UUID | None = None
    patient_ids: tuple[UUID, ...] = ()


Place = Callable[[Actor, UUID], Placing]


@dataclass(frozen=True, slots=True)
class SubjectType:
    """What documents may be about. `readable` gives those of the ids whose documents the actor may read.

    With `place` people may upload documents about it themselves; it raises NotVisible.
    """

    name: str
    readable: Readable
    url: Url | None = None
    place: Place | None = None


_subject_types: Registry[SubjectType] = Registry("document subject")
_templates: Registry[Path] = Registry("document template")


def register_subject(name: str, readable: Readable, *, url: Url | None = None, place: Place | None = None) -> None:
    """Let documents be stored about this kind of subject. Without it nobody can read them."""
    _subject_types.register(name, SubjectType(name, readable, url, place))


def register_template(name: str, path: Path) -> str:
    """Make a Typst file known under a name (`revenue.statement`) and return the name."""
    _templates.register(name, path)
    return name


def subject_type(name: str) -> SubjectType | None:
    return _subject_types.find(name)


def template_path(name: str) -> Path:
    """Raises LookupError for a name that nobody registered."""
    return _templates.get(name)


def template_names() -> list[str]:
    return [name for name, _ in _templates.items()]
