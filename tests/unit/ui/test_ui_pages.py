"""The frame, the palette, the gallery, toasts, error pages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.kernel.ports import Registry
from medguild.foundation.ui import parts
from medguild.foundation.ui.attributes import TONE_ICONS
from medguild.foundation.ui.boards import board_response
from medguild.foundation.ui.context import Frame
from medguild.foundation.ui.middleware import HtmxToasts
from medguild.foundation.ui.ports import menu, search
from medguild.foundation.ui.toasts import toast
from medguild.foundation.ui.views import palette

ROOT = Path(__file__).resolve().parents[3]
Ask = Callable[..., HttpRequest]
PATIENT = new_id()


@pytest.fixture
def _own_ports(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Menu and search with two entries and one provider of our own."""
    monkeypatch.setattr(menu, "_entries", Registry[menu.MenuEntry]("menu entry"))
    monkeypatch.setattr(search, "_providers", Registry[search.SearchProvider]("search provider"))
    menu.register(menu.MenuEntry(menu.Area.SETTINGS, "Parts", "ui:gallery", None, 10, shortcut="g x"))
    menu.register(menu.MenuEntry(menu.Area.OPERATIONS, "Find", "ui:palette", "things.read", 10, keywords="lookup"))

    def find(actor: Actor, query: str, limit: int) -> list[search.SearchHit]:
        return [search.SearchHit(f"Ana {query}", "1961", "/a/", "Patients", patient_id=PATIENT)] * (limit + 3)

    search.register("patients", find, "patients.read")


@pytest.mark.usefixtures("_own_ports")
def test_menu_shows_only_what_may_be_opened(ask: Ask) -> None:
    plain = Frame(ask("/ui/gallery/board/"))
    assert [area.key for area in plain.areas] == ["settings"]
    assert plain.areas[0].lines[0].active
    assert [line.shortcut for line in plain.shortcuts] == ["g x"]
    assert [area.key for area in Frame(ask("/", {"things.read"})).areas] == ["operations", "settings"]


@pytest.mark.usefixtures("_own_ports")
def test_entry_without_page_is_left_out(ask: Ask) -> None:
    menu.register(menu.MenuEntry(menu.Area.PEOPLE, "Gone", "no:where"))
    assert [area.key for area in Frame(ask("/")).areas] == ["settings"]


def test_no_two_menu_entries_share_their_keys() -> None:
    keys = [entry.shortcut for entry in menu.entries() if entry.shortcut]
    assert sorted(keys) == sorted(set(keys))


def test_every_menu_entry_has_its_page() -> None:
    for entry in menu.entries():
        assert reverse(entry.url_name), entry


@pytest.mark.usefixtures("_own_ports")
def test_palette_notes_the_patients_it_shows(ask: Ask) -> None:
    request = ask("/ui/palette/", rights={"patients.read"}, post={"q": "an"}, target="palette-results")
    made = palette(request).content.decode()
    assert made.count('role="option"') == 6
    assert request.__dict__["noted_reads"] == {PATIENT}


@pytest.mark.usefixtures("_own_ports")
def test_palette_asks_no_provider_that_the_actor_may_not_use(ask: Ask) -> None:
    request = ask("/ui/palette/", post={"q": "an"}, target="palette-results")
    assert "Nothing found" in palette(request).content.decode()
    assert not request.__dict__.get("noted_reads")


@pytest.mark.usefixtures("_own_ports")
def test_palette_finds_pages_by_keyword_and_searches_from_two_letters(ask: Ask) -> None:
    rights = {"things.read", "patients.read"}
    made = palette(ask("/ui/palette/", rights=rights, post={"q": "look"}, target="palette-results")).content.decode()
    assert "Find" in made
    assert (
        "Ana"
        not in palette(ask("/ui/palette/", rights=rights, post={"q": "l"}, target="palette-results")).content.decode()
    )


def _through_middleware(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    toast(request, "Guardó “José”.", "warn", undo_url="/undo/")
    return HtmxToasts(lambda _: response)(request)


def test_toasts_travel_with_an_htmx_answer(ask: Ask) -> None:
    answer = HttpResponse()
    answer["HX-Trigger"] = "board-changed"
    sent = json.loads(_through_middleware(ask("/", target="x"), answer)["HX-Trigger"])
    assert sent["medguild:toasts"]["items"] == [{"text": "Guardó “José”.", "tone": "warn", "undo": "/undo/"}]
    assert "board-changed" in sent


def test_toasts_wait_for_the_page_after_a_redirect(ask: Ask) -> None:
    assert "HX-Trigger" not in _through_middleware(ask("/"), HttpResponse())
    assert "HX-Trigger" not in _through_middleware(ask("/", target="x"), HttpResponse(status=302))


def test_board_answers_nothing_while_it_is_current(ask: Ask) -> None:
    board = parts.Board("flow", "Flow", [], version="7", refresh_url="/b/")
    assert board_response(ask("/b/?version=7", target="board-flow"), board, "none.html").status_code == 204
    moved = board_response(ask("/b/?version=6", target="board-flow"), board, "none.html")
    assert b'id="board-flow"' in moved.content


@pytest.mark.django_db
def test_gallery_shows_every_component(client: Any, world: Any) -> None:
    client.force_login(world.user(Role.FRONT_DESK))
    response = client.get("/ui/gallery/")
    made = response.content.decode()
    assert response.status_code == 200
    for css in ("stat", "status-badge", "card", "kv", "empty", "notice", "tab-bar", "timeline-list", "step-list",
                "board", "chart", "sparkline", "bar-progress", "hint-button", "avatar-initials", "data-table",
                "form-page", "filter-bar", "bulk-bar", "pager", "palette", "toasts", "skip-link"):  # fmt: skip
        assert re.search(rf'class="(?:[^"]* )?{css}[ "]', made), css


@pytest.mark.django_db
def test_pages_carry_no_inline_script_style_or_handler(client: Any, world: Any) -> None:
    client.force_login(world.user(Role.FRONT_DESK))
    made = client.get("/ui/gallery/").content.decode()
    assert not re.search(r"\sstyle=|\son[a-z]+=", made)
    assert all('src="' in tag or 'type="application/json"' in tag for tag in re.findall(r"<script[^>]*>", made))


@pytest.mark.django_db
def test_gallery_speaks_spanish(client: Any, world: Any) -> None:
    client.force_login(world.user(Role.FRONT_DESK))
    client.cookies["django_language"] = "es"
    made = client.get("/ui/gallery/").content.decode()
    assert '<html lang="es">' in made
    assert "Galería de componentes" in made


@pytest.mark.django_db
def test_gallery_form_comes_back_with_its_errors(client: Any, world: Any) -> None:
    client.force_login(world.user(Role.FRONT_DESK))
    response = client.post("/ui/gallery/", {"name": "Ana"})
    assert response.status_code == 422
    assert 'value="Ana"' in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/ui/gallery/", "/ui/palette/", "/ui/gallery/board/"])
def test_pages_ask_to_sign_in(client: Any, path: str) -> None:
    assert client.get(path).status_code == 302


@pytest.mark.parametrize("name", ["400", "403", "404", "500", "ui/csrf"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_error_pages_render_without_a_request(name: str, language: str) -> None:
    with translation.override(language):
        made = render_to_string(f"{name}.html")
    assert "<h1>" in made
    assert "{%" not in made


def _icons_used() -> Iterator[tuple[str, str]]:
    patterns = (r'icon="([a-z0-9-]+)"', r'{% icon "([a-z0-9-]+)"', r'_icon="([a-z0-9-]+)"')
    for path in sorted((ROOT / "src/medguild").rglob("*")):
        if path.suffix in (".py", ".html"):
            text = path.read_text(encoding="utf-8")
            for pattern in patterns:
                yield from ((name, path.name) for name in re.findall(pattern, text))
    yield from ((name, "tones") for name in TONE_ICONS.values())


def test_every_icon_is_in_the_sprite() -> None:
    lines = (ROOT / "frontend/icons.txt").read_text().splitlines()
    known = {line.strip().removeprefix("filled:") for line in lines if line and not line.startswith("#")}
    unknown = sorted({f"{name} ({file})" for name, file in _icons_used() if name not in known})
    assert not unknown, f"add to frontend/icons.txt and run npm run build: {', '.join(unknown)}"


def test_the_lock_names_no_registry() -> None:
    text = (ROOT / "package-lock.json").read_text()
    assert '"resolved"' not in text
