"""The gallery in the browser: axe in both themes and sizes, and each moving part."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from medguild.foundation.access.rules import Role

GALLERY = "/ui/gallery/"


def _open(page_for: Any, **options: Any) -> Page:
    page: Page = page_for(Role.FRONT_DESK, **options)
    page.goto(GALLERY)
    return page


def _draw_charts(page: Page) -> None:
    for figure in page.locator(".chart").all():
        figure.scroll_into_view_if_needed()
    expect(page.locator(".chart:not([data-drawn])")).to_have_count(0)
    page.evaluate("window.scrollTo(0, 0)")


@pytest.mark.parametrize("viewport", ["desktop", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_serious_violation(page_for: Any, axe: Any, viewport: str, theme: str) -> None:
    page = _open(page_for, viewport=viewport, theme=theme)
    _draw_charts(page)
    folder = os.environ.get("MEDGUILD_SHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"gallery-{viewport}-{theme}.png", full_page=True)
    axe(page)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, "the page scrolls sideways"
