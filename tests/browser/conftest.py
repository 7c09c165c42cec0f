"""Chromium against a live server: pages signed in as a user, axe, and no silent error anywhere.

Use `open_page(user, viewport="phone", theme="dark")`. Every console error, page error, policy violation or failed
request of our own server fails the test; a failed test leaves its screenshots in `var/screenshots/`.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, expect, sync_playwright

# The driver keeps an event loop in this thread; the ORM calls of the tests themselves are plain and synchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

PATIENCE = 30_000  # milliseconds; a busy machine is no failure
expect.set_options(timeout=PATIENCE)

PROJECT = Path(__file__).resolve().parents[2]
SCREENSHOTS = PROJECT / "var" / "screenshots"
AXE = PROJECT / "node_modules" / "axe-core" / "axe.min.js"
BUILT = PROJECT / "src/medguild/foundation/ui/static/medguild/dist/app.js"
VIEWPORTS = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
# The browser itself writes these into the console for answers that our pages expect and show.
EXPECTED_ANSWERS = re.compile(r"status of (409|422)\b")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # whitenoise warns when it is missing
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    report = yield
    setattr(item, f"report_{report.when}", report)
    return report


def _chromium() -> str:
    found = os.environ.get("MEDGUILD_CHROMIUM") or shutil.which("chromium")
    missing = ""
    if not found:
        missing = "Chromium is not installed: apt-get install chromium"
    elif not (AXE.exists() and BUILT.exists()):
        missing = "the front end is not built: npm ci && npm run build"
    if missing and os.environ.get("CI"):
        pytest.fail(missing)
    if missing:
        pytest.skip(missing)
    return str(found)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = _chromium()
    with sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=executable, headless=True, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def live_url(settings: Any, transactional_log: None, live_server: Any) -> str:
    """Address of the running application; static files come straight from the sources."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.ALLOWED_HOSTS = ["*"]
    return str(live_server.url)


@dataclass
class Watch:
    """What went wrong in the browser. A test that provokes an error names it in `allowed`."""

    problems: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not EXPECTED_ANSWERS.search(message.text):
            self.problems.append(f"console: {message.text}")

    def left(self) -> list[str]:
        return [text for text in self.problems if not any(re.search(pattern, text) for pattern in self.allowed)]


@pytest.fixture
def watch() -> Watch:
    return Watch()


def _sign_in(context: BrowserContext, user: Any, live_url: str) -> None:
    client = Client()
    client.force_login(user)
    cookie = client.cookies[django_settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_url}])


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, live_url: str, watch: Watch, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """`open_page(user=None, viewport="desktop", theme="light", language="en", script=True) -> Page`."""
    contexts: list[BrowserContext] = []

    def open_one(
        user: Any = None, viewport: str = "desktop", theme: str = "light", language: str = "en", script: bool = True
    ) -> Page:
        context = browser.new_context(
            base_url=live_url,
            viewport=VIEWPORTS[viewport],  # type: ignore[arg-type]
            color_scheme=theme,  # type: ignore[arg-type]
            locale=language,
            has_touch=viewport == "phone",
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.on("console", watch.console)
        context.on("weberror", lambda error: watch.problems.append(f"page: {error.error}"))
        if user is not None:
            _sign_in(context, user, live_url)
        return context.new_page()

    yield open_one
    failed = getattr(request.node, "report_call", None)
    if failed is not None and failed.failed:
        _keep_screenshots(contexts, request.node.name)
    for context in contexts:
        context.close()
    assert watch.left() == [], "the browser reported errors"


def _keep_screenshots(contexts: list[BrowserContext], name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    safe = re.sub(r"[^\w.-]+", "_", name)
    pages = [page for context in contexts for page in context.pages]
    for index, page in enumerate(pages):
        page.screenshot(path=SCREENSHOTS / f"{safe}-{index}.png", full_page=True)


@pytest.fixture
def page_for(open_page: OpenPage, world: Any) -> OpenPage:
    """`page_for(Role.FRONT_DESK, viewport="phone")`: a page signed in as a user with that role in the small world."""

    def open_as(role: Any, **options: Any) -> Page:
        return open_page(world.user(role), **options)

    return open_as


@pytest.fixture(scope="session")
def axe() -> Callable[..., None]:
    """`axe(page, within="main", leave_out=".ec")`: no serious or critical violation of WCAG 2.2 A and AA."""
    source = AXE.read_text(encoding="utf-8") if AXE.exists() else ""

    def violations(page: Page, within: str, leave_out: str) -> list[str]:
        page.wait_for_load_state()
        page.evaluate(source)
        found: list[str] = page.evaluate(
            """async ([within, leaveOut]) => {
                const scope = {include: [within || 'html']};
                if (leaveOut) scope.exclude = [leaveOut];
                const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
                const only = {type: "tag", values: tags};
                const result = await axe.run(scope, {runOnly: only, resultTypes: ["violations"]});
                return result.violations
                    .filter((one) => ['serious', 'critical'].includes(one.impact))
                    .map((one) => `${one.id}: ${one.help}\\n` + one.nodes.slice(0, 4)
                        .map((node) => `    ${node.target.join(' ')}  ${node.failureSummary}`).join('\\n'));
            }""",
            [within, leave_out],
        )
        return found

    def check(page: Page, within: str = "", leave_out: str = "") -> None:
        try:
            found = violations(page, within, leave_out)
        except Error:  # the click before led to another page, which came in the middle
            found = violations(page, within, leave_out)
        assert found == [], "\n".join(found)

    return check
