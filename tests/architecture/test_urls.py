"""Every URL says who may open it; every operation of the API asks for a token."""

from __future__ import annotations

import re

import pytest

from medguild.foundation.access.api import TokenAuth
from medguild.foundation.access.guard import NO_READS, NOTED, PUBLIC, SIGNED_IN
from medguild.foundation.access.middleware import LIBRARY_RULES
from medguild.foundation.access.permissions import known_rights
from tests.support_urls import Url, all_urls, operations

OWN = [url for url in all_urls() if url.ours]


@pytest.mark.parametrize("url", OWN, ids=lambda url: url.name or url.route)
def test_our_views_carry_a_rule(url: Url) -> None:
    assert url.rule is not None, "put @guarded(...) on the view"
    assert url.name, "name the URL: the permission table knows it by its name"
    assert url.rule.right in {PUBLIC, SIGNED_IN, *known_rights()}, f"right {url.rule.right} is not declared"
    if url.rule.reads not in (NO_READS, NOTED):
        assert re.search(rf"<[\w]+:{url.rule.reads}>", url.route), "`reads` names no argument of the URL"


def test_names_are_unique() -> None:
    names = [url.name for url in OWN]
    assert sorted(names) == sorted(set(names))


def test_views_of_libraries_stand_where_their_rules_are() -> None:
    strangers = [
        url.route
        for url in all_urls()
        if not url.ours and not f"/{url.route}".startswith(tuple(p for p, _ in LIBRARY_RULES))
    ]
    assert not strangers


def test_no_view_of_ours_hides_behind_the_rule_of_a_library() -> None:
    prefixes = tuple(prefix for prefix, _ in LIBRARY_RULES if prefix != "/api/")
    assert [url.route for url in OWN if f"/{url.route}".startswith(prefixes)] == []


@pytest.mark.parametrize("name", sorted(operations()))
def test_operations_ask_for_a_token_with_a_declared_right(name: str) -> None:
    callbacks = list(operations()[name].auth_callbacks)
    assert callbacks, "give the operation auth=TokenAuth(right)"
    assert all(isinstance(callback, TokenAuth) and callback.right in known_rights() for callback in callbacks)


@pytest.mark.parametrize("name", [name for name in sorted(operations()) if not name.startswith("GET ")])
def test_operations_that_change_something_take_an_idempotency_key(name: str) -> None:
    module = operations()[name].view_func.__module__
    source = __import__(module, fromlist=["x"]).__dict__
    assert "idempotent" in source, f"{module} never calls idempotent()"
