"""WSGI entry point for granian."""

from __future__ import annotations

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medguild.config.settings")
# Nothing that is made here ever becomes garbage: the collector is not asked meanwhile, nor later about any of it.
gc.disable()
application = get_wsgi_application()
import_module(settings.ROOT_URLCONF)  # views and API, before the first request asks for them
gc.freeze()
gc.enable()
