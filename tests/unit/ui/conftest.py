"""Pages render without a collected static folder."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import HttpRequest
from django.template import Context, Template

from medguild.foundation.kernel.actor import EVERYTHING, Actor, ActorKind
from medguild.foundation.kernel.ids import new_id

PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


@pytest.fixture(autouse=True)
def _plain_static(settings: Any) -> None:
    settings.STORAGES = {**settings.STORAGES, "staticfiles": PLAIN}


@pytest.fixture
def draw() -> Callable[..., str]:
    """`draw('{% icon "x" %}', name=value)`: a template of the design system as text."""

    def render(source: str, **context: Any) -> str:
        return Template("{% load ui i18n %}" + source).render(Context(context)).strip()

    return render


@pytest.fixture
def ask(rf: Any) -> Callable[..., HttpRequest]:
    """`ask("/x/?sort=name", rights={"a.b"}, post={...}, target="table-x")`: a request of an actor with these rights."""

    def make(
        path: str = "/", rights: frozenset[str] | set[str] = frozenset(), post: Any = None, target: str = ""
    ) -> HttpRequest:
        headers = {"HX-Request": "true", "HX-Target": f"section#{target}"} if target else {}
        request: HttpRequest = rf.get(path, headers=headers) if post is None else rf.post(path, post, headers=headers)
        request.session = SessionStore()
        scopes = dict.fromkeys(rights, EVERYTHING)
        request.actor = Actor(ActorKind.USER, new_id(), "Mia Lind", roles=frozenset({"front_desk"}), scopes=scopes)  # type: ignore[attr-defined]
        return request

    return make
