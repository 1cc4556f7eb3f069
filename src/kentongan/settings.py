"""The one settings file. Every setting an operator may change is a KENTONGAN_* variable.

``KENTONGAN_X_FILE`` names a file that holds the value of ``KENTONGAN_X`` (for secrets).
``checks.py`` explains mistakes in words.
"""

import os
import secrets
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlparse

from csp.constants import NONE, SELF


def env(name: str, default: str = "") -> str:
    """The value of ``KENTONGAN_<name>``, or the text of the file named by ``KENTONGAN_<name>_FILE``."""
    path = os.environ.get(f"KENTONGAN_{name}_FILE")
    if path:
        return Path(path).read_text(encoding="utf-8").strip()
    return os.environ.get(f"KENTONGAN_{name}", default)


def env_bool(name: str, default: bool = False) -> bool:
    value = env(name)
    return default if value == "" else value.lower() in {"1", "true", "yes", "on", "ya"}


def database(url: str, data: Path) -> dict[str, Any]:
    """Django's database entry for ``postgresql://user:password@host:port/name`` (``?host=/run/postgresql``: a socket), or SQLite in ``data`` when empty.

    Durability comes first on SQLite: write-ahead log, ``synchronous=FULL``, and writers that queue (IMMEDIATE).
    """
    if not url:
        return {
            "ENGINE": "kentongan.lib.sqlite3",
            "NAME": data / "kentongan.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=134217728; PRAGMA cache_size=-16000;",
            },
            "CONN_MAX_AGE": None,
        }
    parts = urlparse(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or parse_qs(parts.query).get("host", [""])[0]),
        "PORT": str(parts.port or ""),
        # Planned for the values at hand: a plan kept for any value would read the book from its end to find a rare word.
        "OPTIONS": {"server_side_binding": True},
        "CONN_MAX_AGE": None,
    }


def secret_key(data: Path) -> str:
    """The installation's secret, made once in the data directory and readable by its owner only."""
    given = env("SECRET_KEY")
    if given:
        return given
    path = data / "secret.key"
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="utf-8").strip()


ROOT = Path(__file__).resolve().parent
DATA = Path(env("DATA", "data")).resolve()
SECRET_KEY = secret_key(DATA)
DEBUG = env_bool("DEBUG")
HTTPS = env_bool("HTTPS")
ALLOWED_HOSTS = env("HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in env("ORIGINS").split(",") if origin]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks",
    "kentongan.jobs",
    "kentongan.village",
    "kentongan.complaints",
    "kentongan.channels",
    "kentongan.reports",
    "kentongan.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "kentongan.web.middleware.PrivacyHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kentongan.web.middleware.Language",
    "kentongan.web.middleware.BodyLimit",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kentongan.web.middleware.CurrentVillage",
    "kentongan.web.middleware.NoPaper",
]
ROOT_URLCONF = "kentongan.urls"
WSGI_APPLICATION = "kentongan.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kentongan.web.context.village",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "kentongan.web.templatetags.kentongan",
            ],
        },
    }
]

FORM_RENDERER = "kentongan.web.renderer.Quick"

DATABASES = {"default": database(env("DATABASE"), DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
_MEMORY = "django.core.cache.backends.locmem.LocMemCache"
CACHES = {
    "default": {"BACKEND": _MEMORY, "LOCATION": "default"},
    # Kept apart: what is read from the village is forgotten when the office changes it, who tried how often is not.
    "limits": {"BACKEND": _MEMORY, "LOCATION": "limits", "OPTIONS": {"MAX_ENTRIES": 50_000}},
}
TASKS = {"default": {"BACKEND": "kentongan.jobs.backend.DatabaseBackend", "QUEUES": []}}

AUTH_USER_MODEL = "village.User"
LOGIN_URL = "web:login"
LOGIN_REDIRECT_URL = "desk:list"
LOGOUT_REDIRECT_URL = "public:home"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "kentongan.web.errors.form_expired"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"  # replaced per village: deadlines.Calendar carries the zone
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
MEDIA_ROOT = DATA / "media"
MEDIA_URL = ""  # files are served by a view behind the wall, never by address
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
DATA_UPLOAD_MAX_NUMBER_FILES = 60
BODY_MAX_BYTES = 120 * 1024 * 1024  # ten files of ten megabytes, and the form around them

# Where residents find the site (https://pengaduan.desa.id): letters lead to it. Empty: they give the code alone.
ADDRESS = env("ADDRESS").rstrip("/")

# The public form: complaints an hour from one address before it must wait. Generous, because a school, a market
# or a whole hamlet often shares one address; 0 switches the limit off.
INTAKE_PER_HOUR = int(env("INTAKE_PER_HOUR", "240"))
# Wrong tracking codes from one address in ten minutes before it must wait.
WRONG_CODES_PER_10_MINUTES = int(env("WRONG_CODES_PER_10_MINUTES", "30"))
# A file with certificates that mail servers are trusted by, beside those of the system: for an office's own server.
MAIL_CA = env("MAIL_CA")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": env("LOG_LEVEL", "WARNING")},
    "loggers": {"kentongan": {"level": env("LOG_LEVEL", "INFO")}},
}

TESTING = "pytest" in sys.modules
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # a file, so that threads and other processes can share it
        DATABASES["default"]["TEST"] = {"NAME": str(DATA / "test.sqlite3")}
        DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
