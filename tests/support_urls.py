"""All URLs of the house: ours by name, those of libraries, operations of the API."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from medguild.config.api import api
from medguild.foundation.access.guard import AccessRule

_CONVERTER = re.compile(r"\{\w+:")


@dataclass(frozen=True)
class Url:
    """One pattern: its route, its full name (empty where it has none) and its view."""

    route: str
    name: str
    view: Callable[..., Any]

    @property
    def rule(self) -> AccessRule | None:
        return getattr(self.view, "access_rule", None)

    @property
    def ours(self) -> bool:
        """Whether the pattern leads to a view of ours; those of libraries have none of our rules."""
        module = getattr(self.view, "__module__", "") or ""
        return module.startswith("medguild.") or self.rule is not None


def all_urls() -> list[Url]:
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns: list[URLPattern | URLResolver], route: str, namespace: str) -> Iterator[Url]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, here, inner)
        else:
            yield Url(here, f"{namespace}{pattern.name}" if pattern.name else "", pattern.callback)


def own_url_names() -> set[str]:
    return {url.name for url in all_urls() if url.ours}


def operations() -> dict[str, Any]:
    """Operations of the API by "METHOD /api/v1/path"."""
    found: dict[str, Any] = {}
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                parts = [part.strip("/") for part in ("api/v1", prefix, path)]
                whole = _CONVERTER.sub("{", "/" + "/".join(part for part in parts if part))
                for method in operation.methods:
                    found[f"{method} {whole}"] = operation
    return found
