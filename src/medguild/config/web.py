"""The web server: granian, with processes that are forked from one that has loaded the application.

Pages and API are imported once; the processes share that memory until they write to it, and one that died is made
anew in an instant. Nothing may connect or start a thread while the application is loaded: neither outlives a fork.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.urls import get_resolver
from django.utils import translation
from django.utils.module_loading import import_string
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from medguild.config.processes import WEB_WORKERS

WEB_THREADS = 4
# Objects made and kept before a young look; young looks before a middle one; middle ones before a full one.
COLLECT_AFTER = (10_000, 10, 20)
APPLICATION = "medguild.config.wsgi.application"


def load(application: str) -> Callable[..., Any]:
    """The application with what its first requests would load: URLs and translations, in every language.

    Nothing made here ever becomes garbage: the collector is not asked meanwhile, nor later about any of it. That also
    keeps it from writing to the memory that is shared.
    """
    gc.disable()
    loaded: Callable[..., Any] = import_string(application)
    for code, _ in settings.LANGUAGES:
        with translation.override(code):
            translation.gettext("")
            get_resolver().reverse_dict  # noqa: B018 - filled by being asked for
    calm_collector()
    return loaded


def calm_collector() -> None:
    """Leave what is loaded alone, and look for the rest seldom: a request leaves few cycles behind, and a full look
    costs as much as a page."""
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
    gc.enable()


def serve(host: str, port: int, *, workers: int, threads: int, application: str = APPLICATION) -> None:
    """Answer requests until told to stop."""
    loaded = load(application)
    multiprocessing.set_start_method("fork", force=True)
    Granian(
        application,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        websockets=False,
        workers=workers,
        blocking_threads=threads,
        blocking_threads_idle_timeout=600,
        backlog=512,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
    ).serve(target_loader=lambda: loaded, wrap_loader=False)


def main() -> None:
    parser = ArgumentParser(description="Serve the web pages and the API. `medguild serve` starts it.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, default=WEB_WORKERS, help="processes")
    parser.add_argument("--threads", type=int, default=WEB_THREADS, help="of each process")
    parser.add_argument("--application", default=APPLICATION, help="dotted path")
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medguild.config.settings")
    serve(given.host, given.port, workers=given.workers, threads=given.threads, application=given.application)


if __name__ == "__main__":
    main()
