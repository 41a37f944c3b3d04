"""Settings. Every value that a deployment may change comes from the environment; .env.example lists them."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import pghistory
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from tracker import __version__, localdb

BASE_DIR = Path(__file__).resolve().parent.parent


def switch(name: str, default: bool) -> bool:
    """An on/off variable of the environment: 1, true, yes, on against anything else."""
    value = os.environ.get(name)
    return default if value is None or value == "" else value.strip().lower() in {"1", "true", "yes", "on"}


def listed(name: str, default: str = "") -> list[str]:
    """A variable of the environment that holds several values, separated by commas."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def number(name: str, default: float | None) -> float | None:
    """A variable of the environment that holds a number; empty is `default`."""
    value = os.environ.get(name, "").strip()
    try:
        return float(value) if value else default
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a number.") from None


APP_VERSION = __version__
DEBUG = switch("DEBUG", False)
SECRET_KEY = os.environ.get("SECRET_KEY") or localdb.secret("secret_key")
ALLOWED_HOSTS = listed("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1],testserver")
CSRF_TRUSTED_ORIGINS = listed("CSRF_TRUSTED_ORIGINS")
# Follows a setting of its own and not DEBUG: secure cookies would break plain http on 127.0.0.1.
HTTPS = switch("HTTPS", False)
PUBLIC_BROWSING = switch("PUBLIC_BROWSING", False)

INSTALLED_APPS = [
    "tracker",
    "articles",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "django_filters",
    "django_htmx",
    "template_partials",
    "axes",
]

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
    "django_htmx.middleware.HtmxMiddleware",
    "tracker.account.middleware.PreferencesMiddleware",
    "tracker.account.middleware.AccessMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "tracker.urls"
WSGI_APPLICATION = "tracker.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "tracker.account.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "tracker.templatetags.figures"],
        },
    }
]


def database(url: str, *, pool: bool) -> dict[str, object]:
    """Django's settings of the PostgreSQL at `url` (postgresql://user:password@host:port/name?option=value)."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgresql:// - no other database is supported.")
    options: dict[str, object] = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or unquote(parts.hostname or "")
    if pool:
        options["pool"] = {"min_size": 1, "max_size": int(os.environ.get("DATABASE_POOL", "12")), "timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or options.pop("port", "")),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": options,
    }


# The owner migrates, the app connects: the app's role can neither rewrite the history nor truncate a table.
DATABASE_ROLE = os.environ.get("TRACKER_DB_ROLE", "app")
if os.environ.get("DATABASE_URL"):
    owner_url = os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]
    database_url = owner_url if DATABASE_ROLE == "owner" else os.environ["DATABASE_URL"]
else:
    database_url = localdb.url("owner" if DATABASE_ROLE == "owner" else "app")
DATABASES = {"default": database(database_url, pool=switch("DATABASE_POOLED", False))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "tracker.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "tracker.account.backends.RoleBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "dashboard"
LOGOUT_REDIRECT_URL = "login"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_VERBOSE = False

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("id", _("Indonesian"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_THOUSAND_SEPARATOR = False
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# `manage.py start` collects the files once, compressed and under names that change with their content, and then says
# so; everything else, the tests included, serves them from the checkout as they are.
STATIC_COLLECTED = switch("STATIC_COLLECTED", False) and not DEBUG
STATIC_ROOT = os.environ.get("STATIC_ROOT") if STATIC_COLLECTED else None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "tracker.minified.MinifiedStaticFilesStorage"
        if STATIC_COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not STATIC_COLLECTED
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if switch("BEHIND_PROXY", False) else None

DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# What one article may hold: far above any news text, far below what would stall a worker.
ARTICLE_MAX_BYTES = 2 * 1024 * 1024

# Who reads the articles: the rules, or a chat model at an OpenAI-compatible endpoint (docs/adr/0006).
EXTRACTOR = os.environ.get("EXTRACTOR") or "rules"
if EXTRACTOR not in {"rules", "llm"}:
    raise ImproperlyConfigured("EXTRACTOR must be rules or llm.")
LLM_URL = os.environ.get("LLM_URL", "")
LLM_MODEL = os.environ.get("LLM_MODEL", "")
LLM_KEY = os.environ.get("LLM_KEY", "")
LLM_TIMEOUT = number("LLM_TIMEOUT", 120) or 0
# Some models take no temperature but their own: "none" sends none.
LLM_TEMPERATURE = None if os.environ.get("LLM_TEMPERATURE") == "none" else number("LLM_TEMPERATURE", 0)
LLM_PRICE_IN = number("LLM_PRICE_IN", None)
LLM_PRICE_OUT = number("LLM_PRICE_OUT", None)
if EXTRACTOR == "llm" and not (LLM_URL and LLM_MODEL):
    raise ImproperlyConfigured("EXTRACTOR=llm needs LLM_URL and LLM_MODEL.")

# Under which licence exported data may be used: its name, such as CC-BY-4.0, or its address. Empty: not stated.
DATA_LICENCE = os.environ.get("DATA_LICENCE", "").strip()

PGHISTORY_APPEND_ONLY = True
# The shared context table would need UPDATE rights, and the app could then rewrite who did something.
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(related_name="history", related_query_name="history")
LEASE_MINUTES = 10
# Where the worker finds jobs beside those that the apps import when they start.
PROCRASTINATE_IMPORT_PATHS = ["tracker.seal", "tracker.summaries"]
# The share of events, from 0 to 1, that two reviewers decide, each blind to the other; 0 never blocks a lone reviewer.
SECOND_OPINION_RATE = number("SECOND_OPINION_RATE", 0) or 0
if not 0 <= SECOND_OPINION_RATE <= 1:
    raise ImproperlyConfigured("SECOND_OPINION_RATE must be from 0 to 1.")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # What tasks there are is no news at every command; httpcore would log the headers of an answer, which may hold
    # a key.
    "loggers": {
        name: {"level": "WARNING"}
        for name in ("procrastinate.blueprints", "procrastinate.periodic", "httpx", "httpcore")
    },
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
}
