"""Settings of the house. Everything that differs by place comes from the environment (`MEDGUILD_...`)."""

from __future__ import annotations

import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from medguild.config.database import database_settings
from medguild.config.secrets import secret_key
from medguild.config.state import STATE

PACKAGE = Path(__file__).resolve().parent.parent


def _flag(name: str, default: bool) -> bool:
    return os.environ.get(name, "1" if default else "0").lower() in ("1", "true", "yes", "on")


DEMO = _flag("MEDGUILD_DEMO", False)
DEBUG = False
SECRET_KEY = secret_key()
ALLOWED_HOSTS = [host.strip() for host in os.environ.get("MEDGUILD_HOSTS", "127.0.0.1,localhost,[::1]").split(",")]
SECURE = _flag("MEDGUILD_SECURE", False)
FORCE_SECOND_FACTOR = _flag("MEDGUILD_SECOND_FACTOR", not DEMO)

INSTALLED_APPS = [
    "medguild.config.apps.MedguildConfig",
    "medguild.foundation",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django.contrib.humanize",
    "django_linear_migrations",
    "django_htmx",
    "django_tables2",
    "django_filters",
    "csp",
    "pgtrigger",
    "procrastinate.contrib.django",
]
# Wings above the foundation, lowest first.
WINGS = ["people", "payers", "patients", "operations", "revenue", "experience", "exchange"]
INSTALLED_APPS += [f"medguild.{wing}" for wing in WINGS if (PACKAGE / wing / "models.py").exists()]
INSTALLED_APPS += [f"medguild.{wing}" for wing in ("desk", "demo") if (PACKAGE / wing / "apps.py").exists()]
FIRST_PARTY_APPS = [app for app in INSTALLED_APPS if app.startswith("medguild.")]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "medguild.foundation.ui.middleware.HtmxToasts",
    "medguild.foundation.access.middleware.AccessMiddleware",
    "medguild.foundation.organization.local_time.LocalTime",
]

ROOT_URLCONF = "medguild.config.urls"
WSGI_APPLICATION = "medguild.config.wsgi.application"
DATABASES = {"default": database_settings()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# In the database, so that all web processes count login attempts together; little else is kept in it.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "foundation_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": sorted(PACKAGE.glob("*/*/templates")),
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "medguild.foundation.ui.context.page",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "libraries": {"ui": "medguild.foundation.ui.templatetags.ui"},
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = STATE / "static"
STATICFILES_DIRS = sorted(PACKAGE.glob("*/*/static"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": STATE / "files"}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MANIFEST_STRICT = False

AUTH_USER_MODEL = "foundation.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "medguild.foundation.access.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# Without a mail server nothing is sent: administrators hand out links to choose a password.
EMAIL_HOST = os.environ.get("MEDGUILD_SMTP_HOST", "")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'dummy'}.EmailBackend"
DEFAULT_FROM_EMAIL = os.environ.get("MEDGUILD_MAIL_FROM", "medguild@localhost")
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "10/m/ip,5/5m/key"}
ACCOUNT_PREVENT_ENUMERATION = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Medguild"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE

# Requests a minute that one API token may make of one web process.
API_RATE = int(os.environ.get("MEDGUILD_API_RATE", "60000"))

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
CSRF_FAILURE_VIEW = "medguild.config.errors.csrf_failure"
SECURE_SSL_REDIRECT = SECURE
# `medguild serve` speaks plain HTTP: a proxy before it ends TLS and says so, else every request would be redirected.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
# Sign-ins are limited by the address of the client, which the outermost of so many proxies has seen.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("MEDGUILD_PROXIES", "1" if SECURE else "0"))
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "style-src": [SELF],
        "script-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
# Hashes of the sealed event log, kept outside the database that they prove.
ANCHOR_FOLDER = Path(os.environ.get("MEDGUILD_ANCHORS", STATE / "anchors"))
# Where messages go that no service takes away, and the address that the links in messages begin with.
OUTBOX = STATE / "outbox"
PUBLIC_ADDRESS = os.environ.get("MEDGUILD_ADDRESS", "http://127.0.0.1:8000").rstrip("/")
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

NINJA_PAGINATION_PER_PAGE = 50
# Wings bring their own jobs; those of the demo play with half of the house, and only the worker loads them.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
PROCRASTINATE_IMPORT_PATHS = ["medguild.demo.tasks"]
PROCRASTINATE_WORKER_DEFAULTS = {"delete_jobs": "successful"}
PGTRIGGER_INSTALL_ON_MIGRATE = False
DJANGO_TABLES2_TEMPLATE = "ui/table.html"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"django.request": {"level": "ERROR"}, "medguild": {"level": "INFO"}},
}
